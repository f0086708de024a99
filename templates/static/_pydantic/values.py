"""Types of fields that Pydantic has otherwise than the builders do."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, TypeAlias, TypeVar

import pydantic

from .._runtime.formats import FORMATS
from .._runtime.problems import Problem
from .._runtime.timestamps import format_datetime, parse_datetime
from .._runtime.values import freeze

_T = TypeVar("_T")


def _json(value: Any) -> Any:
    problems: list[Problem] = []
    kept = freeze(value, (), problems)
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return kept


Json: TypeAlias = Annotated[Any, pydantic.AfterValidator(_json)]
"""Any JSON value; kept as one that cannot change."""

JsonObject: TypeAlias = Annotated[dict[str, Any], pydantic.AfterValidator(_json)]
"""Any JSON object; kept as one that cannot change."""


def _given(value: object) -> object:
    if value is None:
        raise ValueError("null is not allowed here: leave the key out")
    return value


Omittable: TypeAlias = Annotated[_T | None, pydantic.BeforeValidator(_given)]
"""A key that may be left out but cannot be null. Its attribute is None while it is absent."""


def _moment(value: object) -> datetime.datetime:
    if isinstance(value, str):
        return parse_datetime(value)
    if isinstance(value, datetime.datetime):
        return value
    raise ValueError("expected an aware datetime or a date-time of RFC 3339")


DateTime: TypeAlias = Annotated[
    pydantic.AwareDatetime,
    pydantic.BeforeValidator(_moment),
    pydantic.PlainSerializer(format_datetime, when_used="json"),
]
"""An aware datetime; in JSON a date-time of RFC 3339, written back as it was read."""


def _day(value: object) -> datetime.date:
    if isinstance(value, str) and FORMATS["date"][1](value):
        return datetime.date.fromisoformat(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise ValueError("expected a date, as in 2026-11-24")


Date: TypeAlias = Annotated[datetime.date, pydantic.BeforeValidator(_day)]
"""A date; in JSON a full-date of RFC 3339."""


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integer: TypeAlias = Annotated[pydantic.StrictInt, pydantic.BeforeValidator(_whole)]
"""A whole number, which 2.0 is too (kept as 2)."""

Number: TypeAlias = pydantic.StrictInt | pydantic.StrictFloat
"""A finite number; an int stays one, so that it is written as it was."""


def _exact(value: object, handler: pydantic.ValidatorFunctionWrapHandler) -> object:
    found: object = handler(value)
    if isinstance(value, bool) is not isinstance(found, bool):
        raise ValueError(f"expected {found!r}")
    return found


Exact = pydantic.WrapValidator(_exact)
"""For constants that are not text: true is not 1."""
