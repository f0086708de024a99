"""Date-times on the wire (RFC 3339): aware in, exact out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

UTC = timezone(timedelta(0))  # which is timezone.utc itself
_TWO = tuple(f"{number:02}" for number in range(100))
_TEXT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
# What format_datetime writes for UTC: read without a second look.
_OWN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!0{6})\d{6})?Z", re.ASCII)


class WireDateTime(datetime):
    """A date-time that was read from text which a datetime alone would not give back.

    Fractions finer than microseconds, trailing zeros, a leap second and `-00:00` are kept in
    `text`, which is what is written again. It is equal to the plain datetime.
    """

    text: str = ""

    def __repr__(self) -> str:
        return repr(datetime.combine(self.date(), self.timetz()))

    def __reduce_ex__(self, protocol: Any) -> str | tuple[Any, ...]:
        return (
            (parse_datetime, (self.text,))
            if self.text
            else super().__reduce_ex__(protocol)
        )


def format_datetime(moment: datetime) -> str:
    """`2026-11-24T09:30:00Z`; a fraction only when there is one, `Z` for UTC."""
    if isinstance(moment, WireDateTime) and moment.text:
        return moment.text
    if moment.tzinfo is UTC:
        zone = "Z"
    else:
        moment, zone = _with_offset(moment)
    # Looking two digits up is cheaper than formatting them.
    year, micro = moment.year, moment.microsecond
    fraction = (
        f".{_TWO[micro // 10_000]}{_TWO[micro // 100 % 100]}{_TWO[micro % 100]}"
        if micro
        else ""
    )
    return (
        f"{_TWO[year // 100]}{_TWO[year % 100]}-{_TWO[moment.month]}-{_TWO[moment.day]}"
        f"T{_TWO[moment.hour]}:{_TWO[moment.minute]}:{_TWO[moment.second]}{fraction}{zone}"
    )


def _with_offset(moment: datetime) -> tuple[datetime, str]:
    offset = moment.utcoffset() or timedelta()
    minutes, rest = divmod(offset, timedelta(minutes=1))
    if rest:  # RFC 3339 has no offsets of seconds
        return moment.astimezone(UTC), "Z"
    if not minutes:
        return moment, "Z"
    sign = "-" if minutes < 0 else "+"
    return moment, f"{sign}{_TWO[abs(minutes) // 60]}:{_TWO[abs(minutes) % 60]}"


def parse_datetime(text: str) -> datetime:
    """The moment an RFC 3339 text names; it is written back as it was.

    Raises:
        ValueError: not RFC 3339, or no such date or time.
    """
    if _OWN.fullmatch(text) and text[17:19] != "60":
        return datetime.fromisoformat(f"{text[:-1]}+00:00")
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("not a date-time of RFC 3339")
    date, minute, second, fraction, zone = match.groups()
    leap = second == "60"
    micro = (fraction or "")[:6].ljust(6, "0")
    iso = f"{date}T{minute}:{'59' if leap else second}.{micro}"
    moment = datetime.fromisoformat(iso).replace(tzinfo=_zone(zone))
    if leap and not _leap_possible(moment):
        raise ValueError("a leap second can only end a day of UTC")
    return moment if format_datetime(moment) == text else _wire(moment, text)


def _zone(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:])
    if hours > 23 or minutes > 59:
        raise ValueError("no such UTC offset")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def _leap_possible(moment: datetime) -> bool:
    utc = moment.astimezone(UTC)
    return (utc.hour, utc.minute) == (23, 59)


def _wire(moment: datetime, text: str) -> WireDateTime:
    parts = moment.timetuple()[:6]
    kept = WireDateTime(*parts, moment.microsecond, tzinfo=moment.tzinfo)
    kept.text = text
    return kept
