"""What a generated module describes its objects with, in one place: `t.String()` and so on."""

from __future__ import annotations

from .builders import Constant, Member, Shape
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
from .scalars import Date, DateTime, Number, String
from .unions import Union

__all__ = [
    "AllOf",
    "AnyOf",
    "AnyValue",
    "Array",
    "Boolean",
    "Checked",
    "Constant",
    "Contains",
    "Date",
    "DateTime",
    "Enum",
    "If",
    "IfType",
    "Keys",
    "Kind",
    "Lazy",
    "Map",
    "Member",
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
    "Shape",
    "Size",
    "String",
    "Together",
    "Union",
    "When",
    "Without",
    "number",
]
