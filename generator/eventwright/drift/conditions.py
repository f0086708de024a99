"""Conditions beside a type that hold for all its values anyway."""

from __future__ import annotations

from dataclasses import replace

from ..model import NO_NOTES, Assertion, Type
from .accepts import accepts


def idle(each: Assertion, node: Type) -> bool:
    """Whether a condition holds for all that the type takes anyway."""
    bare = replace(node, notes=NO_NOTES, assertions=())
    if each.keyword == "allOf":
        return all(accepts(inner, bare) for inner in each.types)
    return each.keyword == "anyOf" and any(accepts(inner, bare) for inner in each.types)
