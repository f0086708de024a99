"""Where requests go: the server, and the proxy on the way to it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from .security import basic, private

_PORTS = {"http": 80, "https": 443}
_URL = re.compile(
    r"(?is)(https?)://(?:([^/?#\[\]]*)@)?"  # scheme, user and password
    r"(\[[0-9a-f:.]*:[0-9a-f:.]*\]|[^/?#@:\[\]]*)(?::([0-9]{0,9}))?"  # host and port
    r"([/?#].*)?"
)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_UNPRINTABLE = r"[\x00-\x20\x7f-\xa0\\]"


class Origin(NamedTuple):
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
        """The origin of an http or https URL. A ValueError does not show it: see `parse_base`."""
        return _split(url)[0]


def parse_base(url: str) -> tuple[Origin, str]:
    """A server's URL as its origin and its path, the path without a slash at the end.

    Raises:
        ValueError: not http or https, no host, or with user, query, fragment, space or control
            characters. The URL is not shown: it may hold a password.
    """
    if re.search(_UNPRINTABLE, url):
        raise ValueError(
            "the server's URL holds a space, a backslash or a control character"
        )
    origin, user, path = _split(url)
    if user is not None:
        raise ValueError("the server's URL must not hold a user name or password")
    if "?" in url or "#" in url:
        raise ValueError("the server's URL must have neither query nor fragment")
    return origin, quoted(path.rstrip("/"), b"/%:@!$&'()*+,;=")


def quoted(text: str, kept: bytes = b"") -> str:
    """As `urllib.parse.quote`, which takes long to import."""
    pattern = rb"[^A-Za-z0-9._~%b-]" % kept
    data = re.sub(pattern, lambda byte: b"%%%02X" % ord(byte[0]), text.encode())
    return data.decode("ascii")


def _split(url: str) -> tuple[Origin, str | None, str]:
    """Where it leads, user and password if it has any, and what follows the host and port."""
    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("a URL must begin with http:// or https://")
    parts = _URL.fullmatch(url)
    if parts is None or int(parts[4] or 1) > 65535 or not _is_plain(parts[2] or ""):
        raise ValueError(
            "the URL cannot be understood: a host or port is malformed, or a password is not "
            "percent-encoded"
        )
    scheme, user, host, port, rest = parts.groups()
    if port is not None and not int(port or 0):
        raise ValueError("the URL's port is not a number from 1 to 65535")
    scheme, host = scheme.lower(), _ascii_host(host.strip("[]"))
    return Origin(scheme, host, int(port or _PORTS[scheme])), user, rest or ""


def _is_plain(user: str) -> bool:
    """Whether nothing in user and password may be taken for a character that ends them."""
    if user.isascii():
        return True
    from unicodedata import normalize  # seldom needed

    return not set("/?#@") & set(normalize("NFKC", user.replace("@", "")))


def _ascii_host(host: str) -> str:
    try:
        found = host if host.isascii() else host.encode("idna").decode("ascii")
        if ":" in host:
            from ipaddress import IPv6Address  # slow to import, and seldom needed

            IPv6Address(host)
    except ValueError:
        found = ""
    if not _HOST.fullmatch(found.lower()):
        raise ValueError("the URL has no valid host name")
    return found.lower()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class Proxy:
    """An HTTP proxy; `authorization` is what its Proxy-Authorization header gets."""

    def __init__(self, host: str, port: int, authorization: str | None = None) -> None:
        # No tuple: those who report errors would show what is in it.
        self.host, self.port, self.authorization = host, port, authorization

    @classmethod
    @private
    def parse(cls, url: str) -> Proxy:
        """From `http://user:password@host:port`, or `host:port`.

        Raises:
            ValueError: another scheme (SOCKS, TLS to the proxy), or no host; the URL is not shown.
        """
        text = url if "://" in url else f"http://{url}"
        scheme = text.partition("://")[0].lower()
        if scheme != "http":
            kind = "SOCKS proxies are" if scheme[:5] == "socks" else "such proxies are"
            kind = "TLS to the proxy (https://) is" if scheme == "https" else kind
            raise ValueError(f"{kind} not supported, only ones that begin with http://")
        origin, user, rest = _split(text.strip())
        if "@" in rest:
            # The "host" is the user then, and the "port" the beginning of the password.
            raise ValueError("the proxy's password is not percent-encoded")
        name, _, password = (user or "").partition(":")
        if not name:
            return cls(origin.host, origin.port)
        from urllib.parse import unquote  # slow to import, and seldom needed

        return cls(origin.host, origin.port, basic(unquote(name), unquote(password)))

    def __repr__(self) -> str:
        return f"Proxy({self.host!r}, {self.port})"


class Proxies(NamedTuple):
    """The proxies for http and for https servers, and the hosts that are reached without one.

    An entry of `without` is a host, which stands for its subdomains too, `host:port`, an address
    block such as `10.0.0.0/8`, or `*` for every host.
    """

    http: Proxy | None = None
    https: Proxy | None = None
    without: tuple[str, ...] = ()
    unusable: tuple[tuple[str, str], ...] = ()
    """(scheme of the server, what is wrong): an error once such a server is to be reached."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Proxies:
        """From HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; in lower case they come first.

        ALL_PROXY counts where there is none for the scheme. What is not supported goes to
        `unusable`: a server that needs no proxy is still reached.
        """
        found: dict[str, Proxy] = {}
        unusable: list[tuple[str, str]] = []
        for scheme in ("http", "https"):
            # Under CGI a client's "Proxy:" header arrives as HTTP_PROXY (CVE-2016-5385).
            forged = scheme == "http" and "REQUEST_METHOD" in environ
            upper = () if forged else (f"{scheme.upper()}_PROXY",)
            names = (f"{scheme}_proxy", *upper, "all_proxy", "ALL_PROXY")
            name = next(filter(environ.get, names), "")
            try:
                if name:
                    found[scheme] = Proxy.parse(environ[name])
            except ValueError as error:
                unusable.append((scheme, f"{name}: {error}"))
        without = environ.get("no_proxy") or environ.get("NO_PROXY", "")
        parts = [part.strip().lower() for part in without.split(",")]
        return cls(
            **found, without=tuple(filter(None, parts)), unusable=tuple(unusable)
        )

    def choose(self, origin: Origin) -> Proxy | None:
        """The proxy for a server, or None; ValueError for one that is not supported."""
        if any(_matches(entry, origin) for entry in self.without):
            return None
        for scheme, reason in self.unusable:
            if scheme == origin.scheme:
                raise ValueError(reason)
        return self.https if origin.scheme == "https" else self.http


def _matches(entry: str, origin: Origin) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_block(entry, origin.host)
    name, colon, port = entry.rpartition(":")
    if colon and port.isdigit() and (":" not in name or name.endswith("]")):
        if port != str(origin.port):
            return False
        entry = name
    entry = entry.strip("[]").removeprefix("*").lstrip(".")
    return bool(entry) and (origin.host == entry or origin.host.endswith(f".{entry}"))


def _in_block(block: str, host: str) -> bool:
    import ipaddress  # seldom needed

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(block, strict=False)
    except ValueError:  # a host name, or not a block after all: no match
        return False
