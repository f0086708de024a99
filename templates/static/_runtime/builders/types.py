"""What a generated module declares its classes with, in one place: `Annotated[str, t.String()]`."""

from __future__ import annotations

from ..kinds.base import (
    AnyValue,
    Array,
    Boolean,
    Enum,
    Kind,
    Lazy,
    Never,
    Null,
    Nullable,
)
from ..kinds.objects import Map, Nested
from ..kinds.scalars import DATE, DATE_TIME, Date, DateTime, Integer, Number, String
from ..values.numbers import WireNumber as number
from .base import REQUIRED

__all__ = [
    "DATE",
    "DATE_TIME",
    "REQUIRED",
    "AnyValue",
    "Array",
    "Boolean",
    "Date",
    "DateTime",
    "Enum",
    "Integer",
    "Kind",
    "Lazy",
    "Map",
    "Nested",
    "Never",
    "Null",
    "Nullable",
    "Number",
    "String",
    "number",
]
