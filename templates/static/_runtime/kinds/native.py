"""Texts for which Python has a type of its own: UUIDs, times, durations, decimals, bytes.

An argument may be of that type, or the text. What is kept is the text, so that what is written is
what was read (`Text`); or, where the package was generated so, the value (`Value`).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID as Uuid

from ..values.problems import Path, Problem
from ..values.timestamps import parse_datetime
from . import bounded
from .base import Code, Kind, Piece, wrong


class Native(NamedTuple):
    """A type of Python's, and the texts that stand for its values.

    `write` and `read` raise ValueError, with what is wrong in words, for what the other side has
    not.
    """

    type: type[Any]
    expected: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _write_time(value: time) -> str:
    offset = value.utcoffset()
    if offset is None:
        raise ValueError("a time without a zone: give it a tzinfo with a fixed offset")
    if offset.total_seconds() % 60:
        raise ValueError("an offset from UTC that is no whole number of minutes")
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if not offset else text


def _read_time(text: str) -> time:
    return parse_datetime(f"2016-12-31T{text}").timetz()


_DURATION = re.compile(
    r"P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)", re.ASCII
)


def _write_duration(value: timedelta) -> str:
    if value < timedelta(0) or value.microseconds:
        raise ValueError("a duration of RFC 3339 is of whole seconds, none below 0")
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}H" if hours else ""
    # Between hours and seconds there are minutes (RFC 3339, appendix A).
    clock += f"{minutes}M" if minutes or (hours and seconds) else ""
    clock += f"{seconds}S" if seconds else ""
    days = f"{value.days}D" if value.days else ""
    return f"P{days}{'T' if clock else ''}{clock}" if days or clock else "PT0S"


def _read_duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None or text[-1] in "PT":
        raise ValueError("no weeks, days, hours, minutes and seconds")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return timedelta(days, seconds, 0, 0, minutes, hours, weeks)


def _write_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a number that is not finite")
    return str(value)


def _read_decimal(text: str) -> Decimal:
    if not re.fullmatch(
        r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?", text, re.ASCII
    ):
        raise ValueError("no number")
    return Decimal(text)


def _write_bytes(value: bytes) -> str:
    return b64encode(value).decode()


def _read_bytes(text: str) -> bytes:
    return b64decode(text.encode("ascii"), validate=True)


UUID = Native(Uuid, "a UUID", str, Uuid)
TIME = Native(time, "a time with a zone", _write_time, _read_time)
DURATION = Native(timedelta, "a duration in seconds", _write_duration, _read_duration)
DECIMAL = Native(Decimal, "a decimal number", _write_decimal, _read_decimal)
BYTES = Native(bytes, "bytes, or base64 text", _write_bytes, _read_bytes)


class Text(bounded.String):
    """A text, or the value that Python has for it; kept as text."""

    def __init__(self, native: Native, **bounds: Any) -> None:
        super().__init__(**bounds)
        self._native = native

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if not wire and isinstance(value, self._native.type):
            try:
                value = self._native.write(value)
            except ValueError as error:
                problems.append(Problem(path, self._native.expected, str(error)))
                return None
        return super().check(value, path, problems, wire)


class Value(Kind):
    """The same, kept as the value. `texts`: the kind that the texts are of."""

    def __init__(self, native: Native, texts: Kind) -> None:
        self._native = native
        self._texts = texts

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        native = self._native
        if not wire and isinstance(value, native.type):
            try:
                native.write(value)
            except ValueError as error:
                problems.append(Problem(path, native.expected, str(error)))
            return value
        before = len(problems)
        text = self._texts.check(value, path, problems, wire)
        if len(problems) > before:
            return None
        try:
            return native.read(text)
        except (ValueError, OverflowError):
            return wrong(native.expected, value, path, problems)

    def dump(self, value: Any) -> Any:
        return self._native.write(value)

    def plain(self, name: str, code: Code) -> str:
        return f"{code.use(self._native.write, 'Write')}({name})"

    def text(self, name: str, code: Code) -> Piece:
        return '"', self.plain(name, code), '"'
