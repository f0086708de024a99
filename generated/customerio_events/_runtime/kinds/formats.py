"""The `format`s of strings that are checked; others are words for the reader alone.

Each check takes a string and says whether it has the format (JSON Schema 2020-12, section 7.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..values.timestamps import parse_datetime
from .hostnames import is_hostname, is_international_hostname
from .scalars import DATE, DATE_TIME, Format, parses
from .uris import (
    is_ipv6,
    is_iri,
    is_iri_reference,
    is_uri,
    is_uri_reference,
    is_uri_template,
)


def _matches(pattern: str) -> Callable[[str], bool]:
    # re keeps compiled patterns, so that they cost nothing until first used.
    return lambda text: re.fullmatch(pattern, text) is not None


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


_is_ipv4 = parses(_ipv4)
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"

TIME: Format = "a time of RFC 3339, as in 09:30:00Z", parses(_time)
DURATION: Format = "a duration of RFC 3339, as in P1DT12H", _is_duration
UUID: Format = (
    "a UUID",
    _matches(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
)
EMAIL: Format = "an e-mail address", _mailbox(_is_local, is_hostname)
IDN_EMAIL: Format = (
    "an e-mail address",
    _mailbox(_is_wide_local, is_international_hostname),
)
HOSTNAME: Format = "a host name", is_hostname
IDN_HOSTNAME: Format = "a host name", is_international_hostname
IPV4: Format = "an IPv4 address", _is_ipv4
IPV6: Format = "an IPv6 address", is_ipv6
URI: Format = "an absolute URI", is_uri
URI_REFERENCE: Format = "a URI reference", is_uri_reference
URI_TEMPLATE: Format = "a URI template", is_uri_template
IRI: Format = "an absolute IRI", is_iri
IRI_REFERENCE: Format = "an IRI reference", is_iri_reference
JSON_POINTER: Format = "a JSON pointer", _matches(f"(?s:{_POINTER})")
RELATIVE_JSON_POINTER: Format = (
    "a relative JSON pointer",
    _matches(rf"(?s:(?:0|[1-9][0-9]*)(?:[+-](?:0|[1-9][0-9]*))?(?:#|{_POINTER}))"),
)
BYTE: Format = (
    "base64 text",
    _matches(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
)

FORMATS: Mapping[str, Format] = {
    "date-time": DATE_TIME,
    "date": DATE,
    "time": TIME,
    "duration": DURATION,
    "uuid": UUID,
    "email": EMAIL,
    "idn-email": IDN_EMAIL,
    "hostname": HOSTNAME,
    "idn-hostname": IDN_HOSTNAME,
    "ipv4": IPV4,
    "ipv6": IPV6,
    "uri": URI,
    "uri-reference": URI_REFERENCE,
    "uri-template": URI_TEMPLATE,
    "iri": IRI,
    "iri-reference": IRI_REFERENCE,
    "json-pointer": JSON_POINTER,
    "relative-json-pointer": RELATIVE_JSON_POINTER,
    "byte": BYTE,
}
"""By the name of a format; the constant is called like it."""
