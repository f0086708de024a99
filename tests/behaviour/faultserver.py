"""A real HTTP server on loopback that misbehaves as told, and a real proxy."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

Fault = Callable[[socket.socket, threading.Event], bool]
"""Answers a request in some way; True: the connection is to serve the next one too."""


@dataclass
class Seen:
    """A request as it arrived, and the number of the connection it came on."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


def raw(data: bytes, *, keep: bool = False) -> Fault:
    """Send exactly these bytes; then, unless `keep`, close the connection."""

    def fault(sock: socket.socket, stop: threading.Event) -> bool:
        sock.sendall(data)
        return keep

    return fault


def reply(
    status: int = 200,
    body: object = None,
    *,
    headers: dict[str, str] | None = None,
    closing: bool = False,
) -> Fault:
    """A proper answer. A body that is not bytes goes as JSON. `closing`: close without a word."""
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    fields.update(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return raw(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode("latin-1") + content, keep=not closing)


def cut_body(status: int, body: bytes) -> Fault:
    """An answer whose body ends before its end."""
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body) + 9}\r\n\r\n"
    return raw(head.encode() + body)


def drop(sock: socket.socket, stop: threading.Event) -> bool:
    """Close without an answer."""
    return False


def reset(sock: socket.socket, stop: threading.Event) -> bool:
    """Break the connection with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hang(sock: socket.socket, stop: threading.Event) -> bool:
    """Never answer."""
    stop.wait(20)
    return False


def wait_for_close(sock: socket.socket, stop: threading.Event) -> bool:
    """Never answer, and go when the client goes."""
    while sock.recv(65_536):
        pass
    return False


def slow(seconds: float, then: Fault) -> Fault:
    """Answer late."""

    def fault(sock: socket.socket, stop: threading.Event) -> bool:
        stop.wait(seconds)
        return then(sock, stop)

    return fault


def afterwards(seconds: float, first: Fault, more: bytes) -> Fault:
    """An answer, and a while later something unasked on the same connection."""

    def fault(sock: socket.socket, stop: threading.Event) -> bool:
        keep = first(sock, stop)
        stop.wait(seconds)
        sock.sendall(more)
        return keep

    return fault


def dribble(data: bytes, *, every: float = 0.02) -> Fault:
    """Send one byte at a time."""

    def fault(sock: socket.socket, stop: threading.Event) -> bool:
        for place in range(len(data)):
            if stop.wait(every):
                break
            sock.sendall(data[place : place + 1])
        return False

    return fault


class _Listener:
    """Accepts connections, each in a thread of its own, and leaves none behind."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        self.stop = threading.Event()
        self._open: set[socket.socket] = set()
        self.accepted = 0
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        # Wakes accept(), which close alone does not.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join(2)
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    def _accept(self) -> None:
        while not self.stop.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            self.accepted += 1
            self._open.add(sock)
            threading.Thread(target=self._run, args=(sock, self.accepted), daemon=True).start()

    def _run(self, sock: socket.socket, number: int) -> None:
        # What a client does to its end of the connection is no failure of the server.
        with contextlib.suppress(OSError, ValueError), sock:
            self.serve(sock, number)
        self._open.discard(sock)

    def serve(self, sock: socket.socket, number: int) -> None:
        raise NotImplementedError


class FaultServer(_Listener):
    """Answers with one fault after the other; the last one goes on for ever."""

    def __init__(self, *faults: Fault, tls: ssl.SSLContext | None = None) -> None:
        self._faults = list(faults) or [reply()]
        self._lock = threading.Lock()
        self._tls = tls
        self.seen: list[Seen] = []
        super().__init__()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def serve(self, sock: socket.socket, number: int) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            self._answer(sock, number)
            return
        with self._tls.wrap_socket(sock, server_side=True) as secure:
            self._answer(secure, number)

    def _answer(self, sock: socket.socket, number: int) -> None:
        for seen in read_requests(sock, number):
            with self._lock:
                self.seen.append(seen)
                fault = self._faults.pop(0) if len(self._faults) > 1 else self._faults[0]
            if not fault(sock, self.stop):
                return


class EchoServer(FaultServer):
    """Answers each request with its own body, after a while; so an answer shows whose it is.

    `refuse_first`: so many requests of each connection get a 503 that asks to wait a second.
    """

    def __init__(
        self, *, delay: float = 0.0, refuse_first: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._delay = delay
        self._refused = refuse_first
        super().__init__(tls=tls)

    def _answer(self, sock: socket.socket, number: int) -> None:
        for place, seen in enumerate(read_requests(sock, number)):
            with self._lock:
                self.seen.append(seen)
            self.stop.wait(self._delay)
            status, wait = (503, {"Retry-After": "1"}) if place < self._refused else (200, {})
            reply(status, seen.body, headers=wait)(sock, self.stop)


def read_requests(sock: socket.socket, number: int) -> Iterator[Seen]:
    """Every request on a connection."""
    stream = sock.makefile("rb")
    while line := stream.readline():
        method, target, _ = line.decode("ascii").split(" ", 2)
        headers = {}
        while (field_line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = field_line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(_chunks(stream))
        else:
            body = stream.read(int(headers.get("content-length", "0")))
        yield Seen(method, target, headers, body, number)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while size := int(stream.readline(), 16):
        yield stream.read(size)
        assert stream.readline() == b"\r\n"
    assert stream.readline() == b"\r\n"


class ProxyServer(_Listener):
    """A proxy: CONNECT tunnels, and plain http requests forwarded.

    `refuse`: answer every CONNECT with this status instead.
    """

    def __init__(self, *, refuse: int = 0, answer: bytes = b"") -> None:
        self._refuse = refuse
        self._answer = answer
        self.seen: list[Seen] = []
        super().__init__()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, sock: socket.socket, number: int) -> None:
        seen = next(read_requests(sock, number))
        self.seen.append(seen)
        if self._answer:
            sock.sendall(self._answer)
        elif self._refuse:
            sock.sendall(f"HTTP/1.1 {self._refuse} No\r\nContent-Length: 0\r\n\r\n".encode())
        elif seen.method == "CONNECT":
            host, _, port = seen.target.rpartition(":")
            self._tunnel(sock, host, int(port), b"HTTP/1.0 200 Connection established\r\n\r\n", b"")
        else:
            host, _, port = seen.target.split("/")[2].partition(":")
            path = "/" + seen.target.split("/", 3)[3]
            lines = [f"{seen.method} {path} HTTP/1.1", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in seen.headers.items()]
            head = "\r\n".join(lines).encode() + b"\r\n\r\n"
            self._tunnel(sock, host, int(port), b"", head + seen.body)

    def _tunnel(
        self, sock: socket.socket, host: str, port: int, hello: bytes, first: bytes
    ) -> None:
        with socket.create_connection((host, port), timeout=5) as upstream:
            upstream.sendall(first)
            sock.sendall(hello)
            back = threading.Thread(target=_pump, args=(upstream, sock), daemon=True)
            back.start()
            _pump(sock, upstream)
            back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@dataclass
class Certificate:
    """A self-made certificate for 127.0.0.1, and the contexts that use and trust it."""

    folder: Path
    server: ssl.SSLContext = field(init=False)
    client: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        key, cert = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(
            [
                *[
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                ],
                *["-nodes", "-days", "2", "-subj", "/CN=loopback", "-keyout", str(key)],
                *["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-out", str(cert)],
            ],
            check=True,
            capture_output=True,
        )
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(cert, key)
        self.client = ssl.create_default_context(cafile=str(cert))


def closed_port() -> int:
    """A port on loopback where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


def wait_until(true: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait for something that another thread brings about."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.002)
