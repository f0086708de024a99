"""Date-times on the wire (RFC 3339): aware in, exact out."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta, timezone
from typing import Any, NoReturn

UTC = timezone(timedelta(0))  # which is timezone.utc itself
_TWO = tuple(f"{number:02}" for number in range(100))
# Python 3.14 reads 24:00, which RFC 3339 has not.
_TEXT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt]((?!24)\d\d:\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
# What format_datetime writes for UTC: read without a second look.
_OWN = re.compile(
    r"\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:[0-5]\d(?:\.(?!0{6})\d{6})?Z", re.ASCII
)
_READS_Z = sys.version_info >= (3, 11)


class WireDateTime(datetime):
    """A date-time that was read from text which a datetime alone would not give back.

    Fractions finer than microseconds, trailing zeros, a leap second and `-00:00` are kept in
    `text`, which is what is written again. It is equal to the plain datetime.
    """

    text: str = ""

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"cannot set {name!r}: a datetime cannot change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"cannot delete {name!r}: a datetime cannot change")

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
    if moment.tzinfo is not UTC:
        return _with_offset(moment)
    # Looking two digits up is cheaper than formatting them.
    year, micro = moment.year, moment.microsecond
    fraction = (
        f".{_TWO[micro // 10_000]}{_TWO[micro // 100 % 100]}{_TWO[micro % 100]}"
        if micro
        else ""
    )
    return (
        f"{_TWO[year // 100]}{_TWO[year % 100]}-{_TWO[moment.month]}-{_TWO[moment.day]}"
        f"T{_TWO[moment.hour]}:{_TWO[moment.minute]}:{_TWO[moment.second]}{fraction}Z"
    )


def _with_offset(moment: datetime) -> str:
    text = datetime.isoformat(moment)
    # RFC 3339 has no offsets of seconds, and spells that of UTC shorter.
    if text[-6:-5] not in ("+", "-") or text[-6:] == "+00:00":
        return format_datetime(moment.astimezone(UTC))
    return text


def settled(moment: datetime) -> datetime:
    """The same moment in a zone that cannot change: a fixed offset of whole minutes.

    Only so does an event keep its JSON, and equal itself when read again: Python holds a time that
    a zone has twice a year for unequal to the same moment in any other zone.

    Raises:
        ValueError: it is naive, its zone fails, or a datetime in UTC cannot hold it.
    """
    if moment.tzinfo is UTC and moment.__class__ is datetime:
        return moment
    offset = _offset(moment)
    zone = _ZONES.get(offset)
    if zone is None:
        zone = timezone(offset) if offset else UTC
        if offset % timedelta(minutes=1):  # RFC 3339 has none of seconds
            return _in_utc(_in_zone(moment, zone))
        _ZONES[offset] = zone
    if moment.tzinfo.__class__ is timezone and moment.__class__ in _OURS:
        return moment
    return _in_zone(moment, zone)


_OURS = (datetime, WireDateTime)


def _in_zone(moment: datetime, zone: timezone | None) -> datetime:
    """The same date and time of day, whatever a subclass makes of them.

    A fraction of what `datetime.replace` costs.
    """
    time = datetime.time(moment)
    return datetime.combine(
        datetime.date(moment), time.replace(fold=0) if time.fold else time, zone
    )


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("one that is not within the years 1 to 9999 in UTC") from None


_ZONES: dict[timedelta, timezone] = {}
"""The zones of whole minutes that were met: of at most 2,879."""


def _offset(moment: datetime) -> timedelta:
    try:
        offset = moment.utcoffset()
    except Exception as error:  # a zone may be anyone's code
        failure = type(error).__name__
        raise ValueError(f"one whose zone fails with {failure}") from error
    if offset is None:
        raise ValueError(
            f"a naive one, {_in_zone(moment, None).isoformat()}; say which time zone it is in, "
            "as in datetime.now(timezone.utc)"
        )
    return offset


def parse_datetime(text: str) -> datetime:
    """The moment an RFC 3339 text names; it is written back as it was.

    Raises:
        ValueError: not RFC 3339, or no such date or time.
    """
    if _OWN.fullmatch(text):
        return datetime.fromisoformat(text if _READS_Z else f"{text[:-1]}+00:00")
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("not a date-time of RFC 3339")
    date, minute, second, fraction, zone = match.groups()
    leap = second == "60"
    micro = (fraction or "")[:6].ljust(6, "0")
    iso = f"{date}T{minute}:{'59' if leap else second}.{micro}"
    moment = _in_zone(datetime.fromisoformat(iso), _zone(zone))
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
    # In minutes of a day: in UTC the moment may lie before year 1 or after 9999.
    offset = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    return (moment.hour * 60 + moment.minute - offset) % 1440 == 1439


def _wire(moment: datetime, text: str) -> WireDateTime:
    parts = moment.timetuple()[:6]
    kept = WireDateTime(*parts, moment.microsecond, tzinfo=moment.tzinfo)
    vars(kept)["text"] = text
    return kept
