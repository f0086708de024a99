"""What a place of a document takes: checked, kept and written.

These are the kinds that generated modules declare their classes with:
`Annotated[str, _t.String()]`.
"""

from __future__ import annotations

from ..values.numbers import WireNumber as number
from .base import REQUIRED, AnyValue, Boolean, Enum, Kind, Never, Null
from .objects import Closed, Map, Nested
from .scalars import DATE_TIME, DateTime, Integer, Number, String

__all__ = [
    "DATE_TIME",
    "REQUIRED",
    "AnyValue",
    "Boolean",
    "Closed",
    "DateTime",
    "Enum",
    "Integer",
    "Kind",
    "Map",
    "Nested",
    "Never",
    "Null",
    "Number",
    "String",
    "number",
]
