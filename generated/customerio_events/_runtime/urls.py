"""URLs: the server's, checked once; a request's target, put together from checked parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


class Encoded(str):
    """Text that is percent-encoded already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where to connect to. `host` is ASCII and lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """`host:port`, the port always there."""
        return f"{_bracketed(self.host)}:{self.port}"

    def __str__(self) -> str:
        plain = self.port == _PORTS.get(self.scheme)
        return f"{self.scheme}://{_bracketed(self.host) if plain else self.authority}"

    @classmethod
    def parse(cls, url: str) -> Origin:
        """The origin of an http or https URL.

        Raises:
            ValueError: what is wrong, without showing the URL: it may hold a password.
        """
        parts = _split(url)
        if parts.scheme not in _PORTS:
            raise ValueError("a URL must begin with http:// or https://")
        port = _port(parts.netloc, parts.port) or _PORTS[parts.scheme]
        return cls(parts.scheme, _ascii_host(parts.hostname or ""), port)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # is looked at only now
    except ValueError:
        pass
    else:
        return parts
    # Outside the handler: those errors show a part of the URL, which may be of a password.
    raise ValueError(
        "the URL cannot be understood: a host or port is malformed, or a password is not "
        "percent-encoded"
    )


def _port(netloc: str, port: int | None) -> int | None:
    if port == 0 or (port is None and netloc.endswith(":")):
        raise ValueError("the URL's port is not a number from 1 to 65535")
    return port


def _ascii_host(host: str) -> str:
    try:
        ascii_host = (
            host if host.isascii() else host.encode("idna").decode("ascii")
        ).lower()
    except UnicodeError:
        ascii_host = ""
    if not _HOST.fullmatch(ascii_host):
        raise ValueError("the URL has no valid host name")
    return ascii_host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def parse_base(url: str) -> tuple[Origin, str]:
    """A server's URL as its origin and its path, the path without a slash at the end.

    Raises:
        ValueError: not http or https, no host, or with user, query, fragment, space or control
            characters. The URL is not shown: it may hold a password.
    """
    if _UNPRINTABLE.search(url):
        raise ValueError(
            "the server's URL holds a space, a backslash or a control character"
        )
    parts = _split(url)
    origin = Origin.parse(url)
    if "@" in parts.netloc:
        raise ValueError("the server's URL must not hold a user name or password")
    if "?" in url or "#" in url:
        raise ValueError("the server's URL must have neither query nor fragment")
    return origin, quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~-._")


def fill_path(template: str, values: Mapping[str, object]) -> str:
    """`/users/{id}` with its values percent-encoded.

    Raises:
        ValueError: a value is missing, empty, `.` or `..`: the path would become another one.
    """
    if "{" not in template:
        return template

    def value(match: re.Match[str]) -> str:
        name = match[1]
        given = values.get(name, "")
        text = plain_text(given)
        if text in ("", ".", ".."):
            raise ValueError(
                f"the path needs a value for {name!r}, other than '.' and '..'"
            )
        return text if isinstance(given, Encoded) else quote(text, safe="")

    return _PLACEHOLDER.sub(value, template)


def encode_query(pairs: Iterable[tuple[str, object]]) -> str:
    """`?a=1&b=x%20y`, or nothing for no pairs."""
    text = "&".join(
        f"{quote(name, safe='')}={_encoded(value)}" for name, value in pairs
    )
    return f"?{text}" if text else ""


def _encoded(value: object) -> str:
    return value if isinstance(value, Encoded) else quote(plain_text(value), safe="")


def plain_text(value: object) -> str:
    """A parameter's value as text: true and false as in JSON, numbers as Python shows them.

    Raises:
        TypeError: not a string, number or bool.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError(
        f"a parameter must be a string, a number or a bool, not {type(value).__name__}"
    )
