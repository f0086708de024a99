"""A real HTTPS (or HTTP) server on 127.0.0.1 that publishes documents, well or badly."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Route = Callable[[BaseHTTPRequestHandler], None]


class Upstream:
    """`routes`: path → what answers it; `seen`: (path, headers) of each request."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.routes: dict[str, Route] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                upstream.seen.append((self.path, headers))
                route = upstream.routes.get(self.path, status(404))
                route(self)
                self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self) -> tuple[socket.socket, Any]:
                sock, address = super().get_request()
                if tls is None:
                    return sock, address
                # The handshake belongs to the connection's own thread, at its first read.
                secure = tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
                return secure, address

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def publish(self, path: str, body: bytes, etag: str = "") -> str:
        """Serve a document, with 304 where the ETag is the one asked about; its URL."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            headers = {"ETag": etag} if etag else {}
            if etag and handler.headers.get("If-None-Match") == etag:
                status(304, headers)(handler)
            else:
                status(200, headers, body)(handler)

        self.routes[path] = answer
        return self.base + path

    @contextmanager
    def running(self) -> Iterator[Upstream]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def status(code: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Route:
    """A route that answers so."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            handler.send_header(name, value)
        if code != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def raw(*parts: bytes, pause: float = 0.0) -> Route:
    """A route that writes these bytes as they are, with a pause before each, then closes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        wait = threading.Event()
        for part in parts:
            wait.wait(pause)
            handler.wfile.write(part)
            handler.wfile.flush()

    return answer


def make_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """An authority's certificate, and a server's context with a certificate signed by it."""
    ca, key, cert = (folder / name for name in ("ca.pem", "key.pem", "cert.pem"))
    ca_key = folder / "ca-key.pem"
    _openssl(
        "-subj=/CN=Test authority",
        *_key(ca_key),
        f"-out={ca}",
        "-addext=basicConstraints=critical,CA:TRUE",
        "-addext=keyUsage=critical,keyCertSign,cRLSign",
    )
    _openssl(
        "-subj=/CN=upstream.test",
        *_key(key),
        f"-out={cert}",
        f"-CA={ca}",
        f"-CAkey={ca_key}",
        "-addext=basicConstraints=critical,CA:FALSE",
        "-addext=subjectAltName=IP:127.0.0.1,DNS:upstream.test",
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return ca, context


def _key(path: Path) -> list[str]:
    return ["-newkey=ec", "-pkeyopt=ec_paramgen_curve:P-256", f"-keyout={path}"]


def _openssl(*arguments: str) -> None:
    split = [part for argument in arguments for part in argument.split("=", 1)]
    command = ["openssl", "req", "-x509", "-nodes", "-days", "2", *split]
    subprocess.run(command, check=True, capture_output=True)
