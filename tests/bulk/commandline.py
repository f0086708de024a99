"""The command line of a generated package, and a server that knows events by their `userId`."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import Fault, FaultServer, read_requests, reply
from support import FLAGSHIP_CONFIG, flagship_document, generate_from, load_module, write_package

NAME = "bulk_events"
KEY = f"{NAME}_api_key".upper()
ENVIRON = {**os.environ, KEY: "a-key"}

Rule = Callable[[str, int], Fault]
"""How the server answers the event of a user, which has come so many times."""


def taken(user: str, times: int) -> Fault:
    return reply()


def some_refused(user: str, times: int) -> Fault:
    if user.startswith("bad"):
        return reply(400, {"meta": {"errors": [f"no {user}", "\x1b[31mreally"]}})
    return reply()


class EventServer(FaultServer):
    """Answers each event by a rule; `received`, `delivered`: how often, by user."""

    def __init__(self, rule: Rule = taken) -> None:
        self.rule = rule
        self.received: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.order: list[str] = []
        self.events: list[dict[str, Any]] = []
        self._waiting: list[str] = []
        super().__init__()

    def _answer(self, sock: Any, number: int) -> None:
        for seen in read_requests(sock, number):
            event = json.loads(seen.body)
            user = event["userId"]
            with self._lock:
                self.seen.append(seen)
                self.received[user] += 1
                self.events.append(event)
                times = self.received[user]
                self._waiting.append(user)
            fault = self.rule(user, times)
            noting = _Noting(sock)
            try:
                keep = fault(noting, self.stop)  # type: ignore[arg-type]
            finally:
                with self._lock:
                    self._waiting.remove(user)
            if noting.status.startswith(b"HTTP/1.1 2"):
                with self._lock:
                    self.delivered[user] += 1
                    self.order.append(user)
            if not keep:
                return

    @property
    def held(self) -> int:
        """How many are not answered yet."""
        return len(self._waiting)

    def waiting(self) -> set[str]:
        """Those."""
        return set(self._waiting)

    @property
    def twice(self) -> int:
        """How many were accepted more than once."""
        return sum(times - 1 for times in self.delivered.values())


class _Noting:
    """A socket that remembers how what is sent begins."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self.status = b""

    def sendall(self, data: bytes) -> None:
        self.status = self.status or data[:12]
        self._sock.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


@functools.cache
def package() -> Path:
    """The flagship with the command line, as a folder that is called `NAME`."""
    folder = Path(tempfile.mkdtemp(prefix="eventwright-bulk-")) / NAME
    write_package(
        generate_from(flagship_document(), **FLAGSHIP_CONFIG, features=["send"]).files, folder
    )
    return folder


@functools.cache
def _loaded() -> Any:
    load_module(package())
    from importlib import import_module

    return import_module(f"{NAME}.__main__").PACKAGE


def module(name: str) -> Any:
    """A module of the package's `_runtime`."""
    from importlib import import_module

    _loaded()
    return import_module(f"{NAME}._runtime.{name}")


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Command:
    """Runs commands in this process, in a folder of the test's own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys = capsys
        self.folder = folder

    def __call__(self, *arguments: str) -> Ran:
        made = _loaded()
        self._capsys.readouterr()
        try:
            code = module("bulk.main").main(made, arguments)
        except SystemExit as ended:  # of argparse
            code = int(str(ended.code))
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)

    def file(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return name

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def rejects(self, name: str) -> list[dict[str, Any]]:
        text = (self.folder / name).read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]


def started(folder: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """The same as a process of its own."""
    flags = options.pop("flags", ())
    command = [sys.executable, *flags, "-m", NAME, *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**ENVIRON, "PYTHONPATH": str(package().parent), **options.pop("env", {})},
        stdin=options.pop("stdin", subprocess.DEVNULL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finished(process: subprocess.Popen[str], seconds: float = 60) -> Ran:
    out, err = process.communicate(timeout=seconds)
    return Ran(process.returncode, out, err)


def lines(users: Iterable[str]) -> str:
    """JSON Lines that delete these."""
    return "".join(
        f'{{"type": "track", "event": "User Deleted", "userId": "{user}"}}\n' for user in users
    )


def users(count: int, name: str = "u") -> list[str]:
    return [f"{name}{number}" for number in range(count)]


class Gate:
    """A rule that accepts so many events and then holds the others until it is opened.

    `left`: how many more it accepts.
    """

    def __init__(self, first: int) -> None:
        self.left = first
        self._lock = threading.Lock()
        self._open = threading.Event()

    def open(self) -> None:
        self._open.set()

    def __call__(self, user: str, times: int) -> Fault:
        def fault(sock: Any, stop: threading.Event) -> bool:
            with self._lock:
                passes = self.left > 0
                self.left -= passes
            while not (passes or self._open.wait(0.02) or stop.is_set()):
                pass
            return reply()(sock, stop)

        return fault
