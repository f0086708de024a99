"""What a reference stands for, by its place, and where in the components that goes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator

from ..text.pointers import Tokens
from .walk import keywords

_SCHEMA = frozenset(
    "schema itemSchema items not additionalProperties propertyNames contains if then else "
    "unevaluatedItems unevaluatedProperties contentSchema".split()
)
_OF_MANY = {
    **dict.fromkeys(
        "schemas properties patternProperties $defs definitions dependentSchemas allOf anyOf oneOf "
        "prefixItems".split(),
        "schemas",
    ),
    **{
        kind: kind
        for kind in "parameters responses headers examples links callbacks requestBodies "
        "securitySchemes".split()
    },
}


def kind_at(at: Tokens, version: tuple[int, int]) -> str:
    """The components that an object at this place may be one of; "" where none is: what is
    referred to there is put there."""
    last = max(keywords(at), default=-1)
    if last < 0:
        return ""
    key, is_value = at[last], last == len(at) - 1
    if is_value:
        return "schemas" if key in _SCHEMA else "requestBodies" if key == "requestBody" else ""
    if key == "content" and version >= (3, 2):
        return "mediaTypes"
    return _OF_MANY.get(key, "")


def name_for(file: str, tokens: Tokens, taken: Container[str]) -> str:
    """The name of a component that was in another file: what it is called there, or the file is.

    >>> name_for("schemas/order.yaml", (), ()), name_for("a.yaml", ("definitions", "Line"), ())
    ('order', 'Line')
    """
    return next(name for name in _names(file, tokens) if name not in taken)


def _names(file: str, tokens: Tokens) -> Iterator[str]:
    folders, stem = posixpath.split(file)
    parts = [*folders.split("/"), re.sub(r"\.(json|ya?ml)$", "", stem)]
    words = [_plain(part) for part in (*parts, *tokens) if _plain(part)]
    named = [word for word in tokens if not word.isdecimal()]
    shortest = 1 if (named and named[-1:] == list(tokens[-1:])) or not tokens else 2
    # Ever more of where it is from tells it apart; in the end all of it.
    for count in range(shortest, len(words) + 1):
        yield "_".join(words[-count:])
    whole = "_".join(words)
    yield from (f"{whole}_{number}" for number in range(2, 1 << 30))


def _plain(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", word).strip("_.")
