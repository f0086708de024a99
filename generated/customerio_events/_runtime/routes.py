"""How a request travels: directly, or through which proxy. Found once per server."""

from __future__ import annotations

from dataclasses import dataclass, field

from .http import Headers, Request
from .proxies import Proxies, Proxy
from .urls import Origin
from .wire import encode


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one server. `proxy_fields` are the headers a plain http proxy gets."""

    origin: Origin
    proxy: Proxy | None
    proxy_fields: bytes = field(repr=False)

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken with the server."""
        return self.origin.scheme == "https"

    def encode(self, request: Request) -> bytes:
        """The request's bytes; in the form a proxy takes where no tunnel leads through it."""
        if self.proxy is None or self.secure:
            return encode(request)
        return encode(request, absolute=True, extra=self.proxy_fields)


class Routes:
    """The routes to every server seen so far."""

    __slots__ = ("_found", "_proxies")

    def __init__(self, proxies: Proxies | None) -> None:
        self._proxies = proxies if proxies is not None else Proxies()
        self._found: dict[str, Route] = {}

    def find(self, origin: str) -> Route:
        """The route to an origin such as `https://example.com`."""
        route = self._found.get(origin)
        if route is None:
            route = self._found[origin] = _route(Origin.parse(origin), self._proxies)
        return route


def _route(origin: Origin, proxies: Proxies) -> Route:
    proxy = proxies.choose(origin)
    fields: list[tuple[str, str]] = []
    if proxy is not None and proxy.authorization is not None:
        fields.append(("Proxy-Authorization", proxy.authorization))
    return Route(origin, proxy, Headers(fields).encoded())
