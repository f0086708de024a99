"""Which proxy a request goes through, if any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .security import basic, private
from .urls import Origin

_UNSUPPORTED = {
    "https": "TLS to the proxy (https://) is",
    **dict.fromkeys(
        ("socks", "socks4", "socks4a", "socks5", "socks5h"), "SOCKS proxies are"
    ),
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; `authorization` is what its Proxy-Authorization header gets."""

    host: str
    port: int
    authorization: str | None = None

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
            kind = _UNSUPPORTED.get(scheme, "such proxies are")
            raise ValueError(f"{kind} not supported, only ones that begin with http://")
        origin = Origin.parse(text)
        parts = urlsplit(text)
        if "@" in f"{parts.path}{parts.query}{parts.fragment}":
            # The "host" is the user then, and the "port" the beginning of the password.
            raise ValueError("the proxy's password is not percent-encoded")
        if not parts.username:
            return cls(origin.host, origin.port)
        password = unquote(parts.password or "")
        return cls(origin.host, origin.port, basic(unquote(parts.username), password))

    def __repr__(self) -> str:
        return f"Proxy({self.host!r}, {self.port})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
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

        ALL_PROXY counts where there is none for the scheme.

        What is not supported goes to `unusable`: a server that needs no proxy is still reached.
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
        """The proxy for a server, or None: connect to it directly.

        Raises:
            ValueError: the environment names one for it that is not supported.
        """
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
