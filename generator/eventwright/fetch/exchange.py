"""One request, one answer: connect, ask, read. Nothing is followed or judged here."""

from __future__ import annotations

import io
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import SplitResult, quote

from .. import __version__
from . import addresses
from .encodings import uncompressed
from .proxies import proxy_for, tunnel
from .rules import Deadline, Refused, Rules
from .timed import TimedReader

_CONNECT = 10.0
"""Seconds for one address, so that a dead one leaves time for the next."""
_CHUNK = 1 << 16
_ETAG = r'(W/)?"[!#-~]*"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`headers` by name in lower case; `body` is empty unless the status is 200."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes = b""


def ask(url: SplitResult, etag: str, rules: Rules, deadline: Deadline) -> Answer:
    """GET `url`, if it is no longer what `etag` stands for. Raises Refused, OSError,
    HTTPException."""
    with _connected(url, rules, deadline) as sock:
        sock.settimeout(deadline.left())
        sock.sendall(_request(url, etag))
        response = HTTPResponse(sock, method="GET")
        response.fp = io.BufferedReader(TimedReader(sock, deadline))
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = _body(response, headers, rules.max_bytes) if response.status == 200 else b""
        return Answer(status=response.status, reason=response.reason, headers=headers, body=body)


def port_of(url: SplitResult) -> int:
    """The port, stated or not. Raises ValueError."""
    return url.port or (443 if url.scheme == "https" else 80)


def _request(url: SplitResult, etag: str) -> bytes:
    target = quote(url.path or "/", safe="/%:@!$&'()*+,;=~")
    if url.query:
        target += "?" + quote(url.query, safe="/%:@!$&'()*+,;=~?")
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {_host(url)}",
        f"User-Agent: eventwright/{__version__}",
        "Accept: application/json, application/yaml;q=0.9, */*;q=0.5",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if re.fullmatch(_ETAG, etag):
        lines.append(f"If-None-Match: {etag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _host(url: SplitResult) -> str:
    host = url.hostname or ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    return name if url.port is None else f"{name}:{url.port}"


def _body(response: HTTPResponse, headers: Mapping[str, str], limit: int) -> bytes:
    too_large = Refused(f"it is larger than {limit:,} bytes", "allow more: --max-bytes NUMBER")
    if (response.length or 0) > limit:
        raise too_large
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise too_large
    if response.length:
        raise Refused(f"the answer broke off, {response.length:,} bytes before its end")
    body = uncompressed(b"".join(parts), headers.get("content-encoding", ""), limit)
    if len(body) > limit:
        raise too_large
    return body


@contextmanager
def _connected(url: SplitResult, rules: Rules, deadline: Deadline) -> Iterator[socket.socket]:
    """A connection to the server of `url`, encrypted for https, closed in the end."""
    host, port = url.hostname or "", port_of(url)
    with _dialled(url.scheme, host, port, rules, deadline) as sock:
        if url.scheme != "https":
            yield sock
            return
        sock.settimeout(deadline.left())
        context = ssl.create_default_context()
        with context.wrap_socket(sock, server_hostname=host) as encrypted:
            yield encrypted


def _dialled(scheme: str, host: str, port: int, rules: Rules, deadline: Deadline) -> socket.socket:
    proxy = proxy_for(host, port) if scheme == "https" else None
    if proxy is None:
        private, plain = rules.allow_private, scheme != "https"
        found = addresses.checked(host, port, deadline, private=private, plain=plain)
        return _first(found, port, deadline)
    # The proxy resolves names; what is plainly local is still not asked for.
    address = addresses.literal("127.0.0.1" if host == "localhost" else host)
    if not rules.allow_private and address is not None and not addresses.is_public(address):
        raise addresses.refusal(host, host)
    sock = socket.create_connection((proxy.host, proxy.port), min(_CONNECT, deadline.left()))
    try:
        tunnel(sock, proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", deadline)
    except BaseException:
        sock.close()
        raise
    return sock


def _first(found: list[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one."""
    for number, address in enumerate(found, 1):
        try:
            return socket.create_connection((address, port), min(_CONNECT, deadline.left()))
        except OSError:
            deadline.left()
            if number == len(found):
                raise
    raise Refused("its name has no address")
