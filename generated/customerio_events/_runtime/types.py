"""What a generated module describes its objects with, in one place: `t.String()` and so on."""

from __future__ import annotations

from .builders import constant, key, undeclared
from .conditions import (
    AllOf,
    AnyOf,
    Checked,
    Contains,
    If,
    IfType,
    Keys,
    Not,
    OneOf,
    Size,
    Together,
    When,
    Without,
)
from .kinds import AnyValue, Array, Boolean, Enum, Kind, Lazy, Never, Null, Nullable
from .numbers import WireNumber as number
from .objects import Map, Nested
from .rests import RestOfItems, RestOfKeys, Seen
from .scalars import Date, DateTime, Integer, Number, String
from .unions import Union

__all__ = [
    "AllOf",
    "AnyOf",
    "AnyValue",
    "Array",
    "Boolean",
    "Checked",
    "Contains",
    "Date",
    "DateTime",
    "Enum",
    "If",
    "IfType",
    "Integer",
    "Keys",
    "Kind",
    "Lazy",
    "Map",
    "Nested",
    "Never",
    "Not",
    "Null",
    "Nullable",
    "Number",
    "OneOf",
    "RestOfItems",
    "RestOfKeys",
    "Seen",
    "Size",
    "String",
    "Together",
    "Union",
    "When",
    "Without",
    "constant",
    "key",
    "number",
    "undeclared",
]
