"""URLs: where a server is, checked once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


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
        if parts.port == 0 or (parts.port is None and parts.netloc.endswith(":")):
            raise ValueError("the URL's port is not a number from 1 to 65535")
        host = _ascii_host(parts.hostname or "")
        return cls(parts.scheme, host, parts.port or _PORTS[parts.scheme])


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


def _ascii_host(host: str) -> str:
    try:
        found = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        found = ""
    if not _HOST.fullmatch(found.lower()):
        raise ValueError("the URL has no valid host name")
    return found.lower()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
