"""Types of fields that Pydantic has otherwise than the builders do."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, TypeAlias, TypeVar

import pydantic

from .._runtime.kinds.formats import DATE
from .._runtime.values import jsontext
from .._runtime.values.frozen import freeze, thaw
from .._runtime.values.numbers import WireNumber
from .._runtime.values.problems import Problem
from .._runtime.values.timestamps import format_datetime, parse_datetime

_T = TypeVar("_T")


def _encodable(text: str) -> str:
    """Pydantic has no JSON for half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair is no character") from None
    return text


Text: TypeAlias = Annotated[pydantic.StrictStr, pydantic.AfterValidator(_encodable)]
"""Text that UTF-8 can hold."""


def _json(value: Any) -> Any:
    problems: list[Problem] = []
    kept = freeze(value, (), problems)
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    _encodable(jsontext.dumps(thaw(kept)))
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
    if isinstance(value, str) and DATE[1](value):
        return datetime.date.fromisoformat(value)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise ValueError("expected a date, as in 2026-11-24")


Date: TypeAlias = Annotated[datetime.date, pydantic.BeforeValidator(_day)]
"""A date; in JSON a full-date of RFC 3339."""


def _real(value: object) -> object:
    problem = _no_float(value)
    if problem:
        raise ValueError(problem)
    return value


def _no_float(value: object) -> str:
    if not isinstance(value, (int, float)):
        return "expected a number"
    return (
        f"{value.text} is finer than a float" if isinstance(value, WireNumber) else ""
    )


def _whole(value: object) -> object:
    number = _real(value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


Integer: TypeAlias = Annotated[pydantic.StrictInt, pydantic.BeforeValidator(_whole)]
"""A whole number, which 2.0 is too (kept as 2)."""

Number: TypeAlias = Annotated[
    pydantic.StrictInt | pydantic.StrictFloat, pydantic.BeforeValidator(_real)
]
"""A finite number that an int or a float holds; an int stays one, so that it is written as it was.
"""


def _exact(value: object, handler: pydantic.ValidatorFunctionWrapHandler) -> object:
    found: object = handler(value)
    if isinstance(value, bool) is not isinstance(found, bool):
        raise ValueError(f"expected {found!r}")
    return found


Exact = pydantic.WrapValidator(_exact)
"""For constants that are not text: true is not 1."""
