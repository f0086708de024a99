"""A server that events are delivered to, which counts them; and processes that deliver."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from behaviour.faultserver import Fault, FaultServer, read_requests, reply
from customerio_events import Client, Event, UserSuppressed
from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events.outbox import Backoff
from support import ROOT

PROGRAMS = Path(__file__).parent / "programs"
Judge = Callable[[int, str], Fault]
"""What to answer: the number of the request, from 0, and the userId of its event."""
KEY = "s3cret-key"
UNKNOWN = Parcel(operation="of_a_newer_version", body=b"{}")
"""An event of an operation that this version of the package does not have."""
QUICK = Backoff(base=0.02, cap=0.2, pause=0.5)


def accept(number: int, user: str) -> Fault:
    return reply(200)


def always(fault: Fault, first: int = 1 << 60) -> Judge:
    """A fault for the first requests, and then 200."""
    return lambda number, user: fault if number < first else reply(200)


@dataclass
class Arrived:
    """A request: when it came, for whom, and the status of its answer."""

    at: float
    user: str
    accepted: bool = False


class Receiver(FaultServer):
    """Answers as `judge` says; an event is delivered when it was answered with 200."""

    def __init__(self, judge: Judge = accept) -> None:
        self.judge = judge
        self.arrived: list[Arrived] = []
        super().__init__()

    def _answer(self, sock: socket.socket, number: int) -> None:
        for seen in read_requests(sock, number):
            with self._lock:
                come = Arrived(time.monotonic(), json.loads(seen.body)["userId"])
                nth = len(self.arrived)
                self.arrived.append(come)
                self.seen.append(seen)
            fault = self.judge(nth, come.user)
            kept = _Noting(sock)
            goes_on = fault(kept, self.stop)  # type: ignore[arg-type]
            come.accepted = kept.sent.startswith(b"HTTP/1.1 200")
            if not goes_on:
                return

    def delivered(self) -> Counter[str]:
        """How often each was delivered."""
        with self._lock:
            return Counter(each.user for each in self.arrived if each.accepted)

    def wait(self, count: int, seconds: float = 30.0) -> None:
        """Wait until so many different ones are delivered."""
        deadline = time.monotonic() + seconds
        while (found := len(self.delivered())) < count:
            assert time.monotonic() < deadline, f"of {count} were delivered: {found}"
            time.sleep(0.02)


class _Noting:
    """A socket that notes what is sent."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += data
        self._sock.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def script(name: str, *arguments: str) -> Worker:
    """A worker that is one of the programs."""
    return Worker(str(PROGRAMS / name), *arguments)


def client(server: FaultServer) -> Client:
    return Client(api_key=KEY, server=server.url, timeout=5.0, trust_env=False)


def events(count: int, prefix: str = "u") -> list[Event]:
    return [UserSuppressed(user_id=f"{prefix}{number}") for number in range(count)]


def users(found: Counter[str] | list[str]) -> set[str]:
    return set(found)


@dataclass
class Failures:
    """What `on_failure` was told."""

    told: list[Any] = field(default_factory=list)

    def __call__(self, failure: Any) -> None:
        self.told.append(failure)


def run(relay: Any, seconds: float = 20.0) -> None:
    """Deliver in this thread, until it raises; not for ever."""
    timer = threading.Timer(seconds, relay.stop)
    timer.start()
    try:
        relay.run()
    finally:
        timer.cancel()


@contextlib.contextmanager
def running(relay: Any) -> Iterator[None]:
    """A relay that delivers in a thread of this process."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            relay.run()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        relay.stop()
        thread.join(20)
    assert not thread.is_alive()
    for error in raised:
        raise error


class Worker:
    """A process that delivers: what Python is to run, and what the environment has beside."""

    def __init__(self, *command: str, **environment: str) -> None:
        paths = (str(ROOT / "generated"), str(PROGRAMS))
        own = {"PYTHONPATH": os.pathsep.join(paths), **environment}
        self._process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **own},
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        self.said = ""
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said += line

    def kill(self) -> None:
        """As the kernel does where memory is short; all of its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def terminate(self, seconds: float = 20.0) -> int:
        """SIGTERM, and the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        self.kill()
        self._listening.join(5)
        if kind is not None:
            print(self.said)
