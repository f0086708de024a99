"""The `format`s of strings that are checked; others are words for the reader alone.

Each check takes a string and says whether it has the format (JSON Schema 2020-12, section 7.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from .idna import is_hostname, is_international_hostname
from .references import (
    is_ipv6,
    is_iri,
    is_iri_reference,
    is_uri,
    is_uri_reference,
    is_uri_template,
)
from .timestamps import parse_datetime


def _matches(pattern: str) -> Callable[[str], bool]:
    # re keeps compiled patterns, so that they cost nothing until first used.
    return lambda text: re.fullmatch(pattern, text) is not None


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


_is_time = _matches(
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def _time(text: str) -> None:
    if not _is_time(text):
        raise ValueError("not a full-time of RFC 3339")
    # On the day before a leap second, which has the rules of a date-time.
    parse_datetime(f"2016-12-31T{text}")


_CLOCK = r"T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_CALENDAR = r"(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_is_duration = _matches(rf"P(?:[0-9]+W|{_CALENDAR}(?:{_CLOCK})?|{_CLOCK})")

_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_is_local = _matches(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*|{_QUOTED}"
)
# RFC 6531 adds all characters beyond ASCII.
_WIDE = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_is_wide_local = _matches(
    rf'{_WIDE}(?:\.{_WIDE})*|"(?:[ !#-\[\]-~\x80-\U0010ffff]|\\[ -~])*"'
)


def _mailbox(
    is_local: Callable[[str], bool], is_domain: Callable[[str], bool]
) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        local, at, domain = text.rpartition("@")
        literal = domain[1:-1] if domain[:1] == "[" and domain[-1:] == "]" else ""
        if literal[:5].lower() == "ipv6:":
            found = is_ipv6(literal[5:])
        else:
            found = _is_ipv4(literal) if literal else is_domain(domain)
        return bool(at) and found and is_local(local)

    return check


def _ipv4(text: str) -> None:
    from ipaddress import IPv4Address

    IPv4Address(text)


_is_ipv4 = _parses(_ipv4)
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"

FORMATS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "date-time": (
        "a date-time of RFC 3339, as in 2026-11-24T09:30:00Z",
        _parses(parse_datetime),
    ),
    "date": ("a date, as in 2026-11-24", _parses(_date)),
    "time": ("a time of RFC 3339, as in 09:30:00Z", _parses(_time)),
    "duration": ("a duration of RFC 3339, as in P1DT12H", _is_duration),
    "uuid": (
        "a UUID",
        _matches(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    ),
    "email": ("an e-mail address", _mailbox(_is_local, is_hostname)),
    "idn-email": (
        "an e-mail address",
        _mailbox(_is_wide_local, is_international_hostname),
    ),
    "hostname": ("a host name", is_hostname),
    "idn-hostname": ("a host name", is_international_hostname),
    "ipv4": ("an IPv4 address", _is_ipv4),
    "ipv6": ("an IPv6 address", is_ipv6),
    "uri": ("an absolute URI", is_uri),
    "uri-reference": ("a URI reference", is_uri_reference),
    "uri-template": ("a URI template", is_uri_template),
    "iri": ("an absolute IRI", is_iri),
    "iri-reference": ("an IRI reference", is_iri_reference),
    "json-pointer": ("a JSON pointer", _matches(f"(?s:{_POINTER})")),
    "relative-json-pointer": (
        "a relative JSON pointer",
        _matches(rf"(?s:(?:0|[1-9][0-9]*)(?:[+-](?:0|[1-9][0-9]*))?(?:#|{_POINTER}))"),
    ),
    "byte": (
        "base64 text",
        _matches(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
    ),
}
INTEGERS: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
