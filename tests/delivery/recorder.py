"""A server that records whole requests, and gives tokens; what a client sends is compared by it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A request, but for its time."""

    method: str
    target: str
    headers: frozenset[tuple[str, str]]
    body: bytes


Answer = tuple[int, dict[str, str], dict[str, Any]]


class Recorder:
    """`answer` gives what a request is answered with: by default 200, and tokens at `/token`."""

    def __init__(self, answer: Callable[[str], Answer] | None = None) -> None:
        self.seen: list[Seen] = []
        self.times: list[float] = []
        self._lock = threading.Lock()
        self.answer = answer or (lambda target: (200, {}, {}))
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def any(self) -> None:
                recorder.handle(self)

            do_POST = do_PUT = do_PATCH = do_DELETE = any

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.rfile.read(int(headers.get("content-length", 0)))
        shown = frozenset(headers.items())
        with self._lock:
            self.times.append(time.monotonic())
            self.seen.append(Seen(request.command, request.path, shown, body))
        status, extra, data = self.answer(request.path)
        content = json.dumps(data).encode()
        request.send_response(status)
        fixed = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in (extra | fixed).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    def taken(self) -> list[Seen]:
        """What has come, which is forgotten."""
        seen, self.seen = self.seen, []
        return seen

    def __enter__(self) -> Recorder:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
