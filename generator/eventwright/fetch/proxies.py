"""Proxies, as the environment names them: HTTPS_PROXY, ALL_PROXY, NO_PROXY, in either case."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from http.client import HTTPResponse
from socket import socket
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from .rules import Deadline, Refused
from .timed import TimedReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where the proxy is; `credentials`: the value of Proxy-Authorization, or ""."""

    host: str
    port: int
    credentials: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port})"


def proxy_for(host: str, port: int) -> Proxy | None:
    """The proxy for https to `host`, or None. Raises Refused where it is not usable."""
    found = getproxies_environment()
    url = found.get("https") or found.get("all")
    # One form of NO_PROXY names the port too.
    if not url or proxy_bypass(host) or proxy_bypass(f"{host}:{port}"):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme != "http" or not parts.hostname:
        raise Refused(f"the environment names a proxy of the kind {parts.scheme!r}", "use http://")
    credentials = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        credentials = "Basic " + base64.b64encode(pair.encode()).decode()
    return Proxy(host=parts.hostname, port=parts.port or 80, credentials=credentials)


def tunnel(sock: socket, proxy: Proxy, target: str, deadline: Deadline) -> None:
    """Have the proxy connect `sock` to `target`, "host:port". Raises Refused, OSError."""
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.credentials:
        lines.append(f"Proxy-Authorization: {proxy.credentials}")
    sock.settimeout(deadline.left())
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    response = HTTPResponse(sock, method="CONNECT")
    response.fp = io.BufferedReader(TimedReader(sock, deadline))
    response.begin()
    if response.status != 200:
        said = f"{response.status} {response.reason}"
        raise Refused(f"the proxy {proxy.host}:{proxy.port} answered {said}")
