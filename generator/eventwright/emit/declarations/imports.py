"""What generated modules import of the runtime."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ...runtime.runtime import MODULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`from ._runtime.<module> import <names>`."""

    module: str
    """A module of the runtime; "" for the runtime itself."""
    names: tuple[str, ...]


def kind_modules(identifiers: Set[str]) -> list[Import]:
    """The modules that expressions of kinds speak of."""
    return [
        Import(module=path.rpartition(".")[0], names=(f"{path.rpartition('.')[2]} as {alias}",))
        for alias, path in MODULES.items()
        if alias in identifiers
    ]
