"""Coroutines that wait for sockets: alone, side by side, interrupted, and without `poll`."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from behaviour.clients import BODY, sync_client
from behaviour.faultserver import FaultServer, closed_port, hang, reply
from behaviour.runtime import load
from behaviour.scenarios import TRACK

errors = load("_runtime.http.messages")
waiting = load("_runtime.http.waiting")


@pytest.fixture(params=["poll", "select"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "select":
        monkeypatch.delattr(select, "poll")


@pytest.fixture
def pairs() -> Any:
    made = [socket.socketpair() for _ in range(3)]
    yield made
    for pair in made:
        for end in pair:
            end.close()


async def _waited(on: socket.socket, seconds: float, came: list[Any]) -> None:
    found = await waiting.ready(on, seconds)
    came.append((on.recv(9), found) if found.reading else found)


@pytest.mark.usefixtures("system")
def test_those_that_can_go_on_do(pairs: Any) -> None:
    side, came = waiting.SideBySide(), list[Any]()
    for here, _ in pairs:
        side.start(_waited(here, 60, came))
    for number in (1, 0, 2):
        pairs[number][1].send(b"%d" % number)
        side.turn(60)
    assert came == [(b"%d" % number, (True, False)) for number in (1, 0, 2)]
    assert len(side) == 0


@pytest.mark.usefixtures("system")
def test_one_whose_time_is_over_learns_it_while_others_wait(pairs: Any) -> None:
    side, late, came = waiting.SideBySide(), list[Any](), list[Any]()
    side.start(_waited(pairs[0][0], 0.05, late))
    side.start(_waited(pairs[1][0], 60, came))
    begun = time.monotonic()
    while not late:
        side.turn(60)
    assert time.monotonic() - begun < 30
    assert (late, came, len(side)) == ([(False, False)], [], 1)
    pairs[1][1].send(b"1")
    side.turn(60)
    assert came == [(b"1", (True, False))]


def test_a_socket_that_is_closed_leaves_its_number_to_the_next(pairs: Any) -> None:
    side, numbers = waiting.SideBySide(), list[int]()

    async def twice() -> None:
        here, there = socket.socketpair()
        for _ in range(2):
            numbers.append(here.fileno())
            there.send(b"1")
            await waiting.ready(here, 60)
            here.close()
            there.close()
            here, there = socket.socketpair()
        here.close()
        there.close()

    side.start(twice())
    while len(side):
        side.turn(60)
    assert numbers[0] == numbers[1]


@pytest.mark.usefixtures("system")
def test_calls_without_poll() -> None:
    with FaultServer(reply(), hang) as server, sync_client(server.url, timeout=0.2) as c:
        assert c._call(TRACK, body=BODY).status == 200
        with pytest.raises(errors.TimedOut):
            c._call(TRACK, body=BODY)
    with (
        sync_client(f"http://127.0.0.1:{closed_port()}") as c,
        pytest.raises(errors.ConnectionFailed, match="refused"),
    ):
        c._call(TRACK, body=BODY)


def _interrupted(work: Coroutine[Any, Any, Any]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            waiting.finished(work)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_ctrl_c_leaves_nothing_open(pairs: Any) -> None:
    seen = list[type[BaseException]]()

    async def wait() -> None:
        try:
            await waiting.ready(pairs[0][0], 60)
        except BaseException as error:
            seen.append(type(error))
            raise

    _interrupted(wait())
    assert seen == [GeneratorExit]
