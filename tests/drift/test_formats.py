"""A format is a bound, a way of writing that somebody checks, or mere words."""

from __future__ import annotations

import pytest

from drift.pairs import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    Pair,
    Schema,
    compared,
    enum,
    text,
    verdicts,
)
from eventwright.drift.values.formats import is_checked

TIGHTER = ("breaking additive", "additive semantic")
PARSED = ("breaking additive", "additive breaking")
"""Readers turn it into something else than a text."""
WORDS = ("docs docs", "docs docs")
NONE = ("none none", "none none")
OTHER = ("breaking breaking", "breaking breaking")


def whole(format: str = "", **bounds: float) -> Schema:
    return {**INTEGER, **({"format": format} if format else {}), **bounds}


FORMATS: dict[str, Pair] = {
    **{
        f"{kind['type']} as {format}": (kind, {**kind, "format": format}, *TIGHTER)
        for kind in (INTEGER, NUMBER)
        for format in ("int32", "int64", "float", "double")
    },
    "within tighter bounds": (
        whole(minimum=0, maximum=100), whole("int32", minimum=0, maximum=100), *NONE),
    "within one tighter bound": (whole(minimum=0), whole("int32", minimum=0), *TIGHTER),
    "the bounds themselves": (whole(minimum=-(2**31), maximum=2**31 - 1), whole("int32"), *NONE),
    "both": (whole("int32"), whole("int32", maximum=2**31 - 1), *NONE),
    "more bits": (whole("int64"), whole("int32"), *TIGHTER),
    "more digits": ({**NUMBER, "format": "double"}, {**NUMBER, "format": "float"}, *TIGHTER),
    "a bound and more bits": (
        whole("int64", maximum=9), whole("int32", maximum=9, minimum=0),
        "breaking additive", "additive semantic"),
    "a number's unknown": (NUMBER, {**NUMBER, "format": "money"}, *WORDS),
    "a number's unknown that becomes a bound": (whole("money"), whole("int32"), *TIGHTER),
    "nullable": (
        {"type": ["integer", "null"]}, {"type": ["integer", "null"], "format": "int32"}, *TIGHTER),
    "unknown": (STRING, text(format="color"), *WORDS),
    "password": (STRING, text(format="password"), *WORDS),
    "binary": (STRING, text(format="binary"), *WORDS),
    "a bound of numbers on a text": (STRING, text(format="int64"), *WORDS),
    "two unknown": (text(format="color"), text(format="colour"), *WORDS),
    "beside a pattern": (text(pattern="^a"), text(pattern="^a", format="color"), *WORDS),
    "email": (STRING, text(format="email"), *TIGHTER),
    "uri": (STRING, text(format="uri"), *TIGHTER),
    "uuid": (STRING, text(format="uuid"), *PARSED),
    "unknown that becomes checked": (text(format="id"), text(format="uuid"), *PARSED),
    "a date that becomes a time": (text(format="date"), text(format="date-time"), *OTHER),
    "uuid or email": (text(format="uuid"), text(format="email"), *OTHER),
    "a wider email": (text(format="idn-email"), text(format="email"), *TIGHTER),
    "a wider URI": (text(format="iri-reference"), text(format="uri"), *TIGHTER),
    "of fixed values": (enum("a"), enum("a", format="uuid"), *NONE),
    "of a boolean": (BOOLEAN, {**BOOLEAN, "format": "flag"}, *NONE),
    "of anything, unknown": ({}, {"format": "color"}, *NONE),
    "of anything, checked": ({}, {"format": "email"}, *TIGHTER),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    old, new, there, back = FORMATS[name]
    assert (verdicts(old, new), verdicts(new, old)) == (there, back)


def test_one_finding_for_both_bounds_of_a_format() -> None:
    (found,) = compared(INTEGER, whole("int32"), "request", nested=False)
    assert (found.rule, found.old, found.new) == ("REQ_CONSTRAINT_TIGHTENED", None, "int32")


def test_an_argument_that_is_a_date_now_breaks_code_as_well() -> None:
    (found,) = compared(STRING, text(format="date"), "request", nested=False)
    assert (found.rule, found.axes) == ("REQ_FORMAT_CHANGED", ("WIRE", "SOURCE"))
    (found,) = compared(text(format="date"), STRING, "request", nested=False)
    assert (found.rule, found.axes) == ("REQ_FORMAT_CHANGED", ("SOURCE",))


def test_what_is_checked_is_what_the_package_checks() -> None:
    assert all(map(is_checked, ("date", "uuid", "byte", "json-pointer")))
    assert not any(map(is_checked, ("", "binary", "regex", "float")))
