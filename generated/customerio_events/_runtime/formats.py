"""The `format`s of strings that are checked; others are words for the reader alone.

Each check takes a string and says whether it has the format (JSON Schema 2020-12, section 7.3).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date

from .timestamps import parse_datetime

_UUID = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOSTNAME = re.compile(
    rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE | re.ASCII
)
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(
    rf'(?:{_LOCAL}(?:\.{_LOCAL})*|"[^"\\\x00-\x1f]*")@(.+)', re.IGNORECASE | re.ASCII
)
_URI_TEXT = re.compile(
    r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)
_TIME = re.compile(
    r"\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_DURATION = re.compile(
    r"P(?!\Z)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?!\Z)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)",
    re.ASCII,
)


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return check


def _date(text: str) -> None:
    # From Python 3.11 on, fromisoformat reads more than RFC 3339 allows.
    if len(text) != 10 or date.fromisoformat(text).isoformat() != text:
        raise ValueError("not a full-date of RFC 3339")


def _time(text: str) -> None:
    if _TIME.fullmatch(text) is None:
        raise ValueError("not a full-time of RFC 3339")
    # On the day before a leap second, which has the rules of a date-time.
    parse_datetime(f"2016-12-31T{text}")


def _ipv4(text: str) -> None:
    from ipaddress import IPv4Address

    IPv4Address(text)


def _ipv6(text: str) -> None:
    from ipaddress import IPv6Address

    if "%" in text:
        raise ValueError("a zone is no part of the address")
    IPv6Address(text)


def _byte(text: str) -> None:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _email(text: str) -> bool:
    match = _EMAIL.fullmatch(text)
    return match is not None and _HOSTNAME.fullmatch(match[1]) is not None


def _uri_reference(text: str) -> bool:
    return _URI_TEXT.fullmatch(text) is not None and text.count("#") < 2


def _uri(text: str) -> bool:
    return _SCHEME.match(text) is not None and _uri_reference(text)


FORMATS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "date-time": (
        "a date-time of RFC 3339, as in 2026-11-24T09:30:00Z",
        _parses(parse_datetime),
    ),
    "date": ("a date, as in 2026-11-24", _parses(_date)),
    "time": ("a time of RFC 3339, as in 09:30:00Z", _parses(_time)),
    "duration": (
        "a duration of ISO 8601, as in P1DT12H",
        lambda t: bool(_DURATION.fullmatch(t)),
    ),
    "uuid": ("a UUID", lambda text: bool(_UUID.fullmatch(text))),
    "email": ("an e-mail address", _email),
    "hostname": ("a host name", lambda text: bool(_HOSTNAME.fullmatch(text))),
    "ipv4": ("an IPv4 address", _parses(_ipv4)),
    "ipv6": ("an IPv6 address", _parses(_ipv6)),
    "uri": ("an absolute URI", _uri),
    "uri-reference": ("a URI reference", _uri_reference),
    "byte": ("base64 text", _parses(_byte)),
}
INTEGERS: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
