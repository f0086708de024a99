"""Formats of texts for which Python has a type of its own."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from .model import StringType


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """`name`: in the runtime; `annotation`: the type, as the generated modules import it."""

    name: str
    annotation: str


_NATIVES = {
    "byte": Native(name="BYTES", annotation="_builtins.bytes"),
    "decimal": Native(name="DECIMAL", annotation="_decimal.Decimal"),
    "duration": Native(name="DURATION", annotation="datetime.timedelta"),
    "time": Native(name="TIME", annotation="datetime.time"),
    "uuid": Native(name="UUID", annotation="_uuid.UUID"),
}

IMPORTS = {
    "_builtins": "builtins as _builtins",
    "datetime": "datetime",
    "_decimal": "decimal as _decimal",
    "_uuid": "uuid as _uuid",
}
"""What annotations name of the standard library, in the order of the import statements."""


def native(node: StringType) -> Native | None:
    """What Python has for the texts of a type; None: nothing but text."""
    encoded = ("contentEncoding", "base64") in node.notes.other
    return _NATIVES.get("byte" if encoded and not node.format else node.format)


def native_name(node: StringType) -> str:
    """The format by which the configuration asks for such values; "" for none."""
    found = native(node)
    return next((name for name, each in _NATIVES.items() if each is found), "")


def standard_imports(used: Set[str]) -> tuple[str, ...]:
    """What is imported of the standard library for names that annotations use."""
    return tuple(said for name, said in IMPORTS.items() if name in used)
