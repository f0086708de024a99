"""The sync client against real servers that misbehave."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from behaviour.clients import BODY, sync_client
from behaviour.faultserver import (
    FaultServer,
    afterwards,
    closed_port,
    drop,
    raw,
    reply,
    slow,
    wait_until,
)
from behaviour.runtime import NAME, folder, load
from behaviour.scenarios import AUTHORIZATION, ONCE, SCENARIOS, TRACK, Scenario

errors = load("_runtime.http.messages")
http = load("_runtime.http.messages")
transports = load("_runtime.http.sockets")
encode_query = load("_runtime.bodies.parameters").encode_query


def idle(client: Any, origin: str) -> list[Any]:
    found: list[Any] = client._transport._pool._mine()[origin]
    return found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_servers_do(scenario: Scenario) -> None:
    with (
        FaultServer(*scenario.faults) as server,
        sync_client(server.url, retries=scenario.retries) as c,
    ):
        if scenario.error:
            with pytest.raises(errors.ClientError) as caught:
                c._call(TRACK, body=BODY)
            scenario.check(caught.value)
        else:
            scenario.check_answer(c._call(TRACK, body=BODY))
        assert len(server.seen) == scenario.requests


def test_request_on_the_wire() -> None:
    with FaultServer() as server, sync_client(f"{server.url}/base/", headers={"X-Own": "1"}) as c:
        target = TRACK.path + encode_query([("a b", "c&d")])
        c._call(TRACK, body=BODY, headers={"X-Strict-Mode": "1"}, target=target)
    seen = server.seen[0]
    assert (seen.method, seen.target) == ("POST", "/base/v1/track?a%20b=c%26d")
    assert seen.body == BODY
    assert seen.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": f"{NAME} (eventwright)",
        "accept-encoding": "identity",
        "accept": "application/json",
        "content-type": "application/json",
        "authorization": AUTHORIZATION,
        "x-own": "1",
        "x-strict-mode": "1",
        "content-length": str(len(BODY)),
    }


def test_request_leaves_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[bytes] = []
    real = socket.socket.send

    def send(self: socket.socket, data: Any) -> int:
        pieces.append(bytes(data))
        return real(self, data)

    with FaultServer() as server, sync_client(server.url) as c, monkeypatch.context() as patch:
        patch.setattr(socket.socket, "send", send)
        c._call(TRACK, body=BODY)
    assert [piece.count(BODY) for piece in pieces if piece.startswith(b"POST")] == [1]


def test_connection_is_kept() -> None:
    with FaultServer() as server, sync_client(server.url) as c:
        for _ in range(5):
            c._call(TRACK, body=BODY)
        assert [seen.connection for seen in server.seen] == [1] * 5
        connected = idle(c, server.url)[0]._socket
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("close", ["close", "Close"])
def test_connection_the_server_ends_is_not_kept(close: str) -> None:
    with FaultServer(reply(headers={"Connection": close})) as server, sync_client(server.url) as c:
        for _ in range(2):
            c._call(TRACK, body=BODY)
        assert server.accepted == 2


def test_bytes_after_an_answer_are_not_taken_for_the_next() -> None:
    junk = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 401 No\r\n\r\n"
    with FaultServer(raw(junk, keep=True), reply()) as server, sync_client(server.url) as c:
        for _ in range(2):
            assert c._call(TRACK, body=BODY).status == 200
        assert server.accepted == 2


def test_what_comes_unasked_is_not_taken_for_an_answer() -> None:
    unasked = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    with (
        FaultServer(afterwards(0.02, reply(), unasked), reply()) as server,
        sync_client(server.url) as c,
    ):
        c._call(TRACK, body=BODY)
        wait_until(lambda: idle(c, server.url)[0].stale())
        assert c._call(TRACK, body=BODY).status == 200
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_stale_connection_is_replaced_unnoticed() -> None:
    with FaultServer(reply(closing=True), reply()) as server:
        with sync_client(server.url, retries=ONCE) as c:
            c._call(TRACK, body=BODY)
            pool = idle(c, server.url)
            wait_until(lambda: pool[0].stale())
            c._call(TRACK, body=BODY)
            assert not pool[0].stale()
        assert [seen.connection for seen in server.seen] == [1, 2]


def test_stale_connection_is_noticed_before_anything_is_sent() -> None:
    with FaultServer(reply(closing=True)) as server, sync_client(server.url) as c:
        c._call(TRACK, body=BODY)
        pool = idle(c, server.url)
        wait_until(lambda: pool[0].stale())
        assert c._transport._pool.take(server.url) is None


def test_connection_that_dies_in_use_is_replaced_once() -> None:
    """The server reads the request and closes: no look at the socket could have told."""
    with FaultServer(reply(), drop, reply()) as server, sync_client(server.url, retries=ONCE) as c:
        c._call(TRACK, body=BODY)
        c._call(TRACK, body=BODY)
        assert [seen.connection for seen in server.seen] == [1, 1, 2]


def test_fresh_connection_that_dies_is_not_replaced() -> None:
    with FaultServer(drop, reply()) as server, sync_client(server.url, retries=ONCE) as c:
        with pytest.raises(errors.ConnectionFailed):
            c._call(TRACK, body=BODY)
        assert len(server.seen) == 1


def test_answer_that_breaks_off_is_not_asked_for_anew() -> None:
    with FaultServer(reply(), raw(b"HTTP/1.1 20"), reply()) as server:
        with sync_client(server.url, retries=ONCE) as c:
            c._call(TRACK, body=BODY)
            with pytest.raises(errors.ConnectionFailed):
                c._call(TRACK, body=BODY)
        assert len(server.seen) == 2


def test_refusal_before_the_request_is_read_still_counts() -> None:
    """A server may answer and close while megabytes are on their way."""
    listening = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        sock, _ = listening.accept()
        sock.recv(1024)
        sock.sendall(b"HTTP/1.1 400 Too large\r\nContent-Length: 0\r\n\r\n")
        time.sleep(0.05)
        sock.close()  # with the rest unread: a reset, which ends the sending

    threading.Thread(target=refuse, daemon=True).start()
    with (
        listening,
        sync_client(f"http://127.0.0.1:{listening.getsockname()[1]}", retries=ONCE) as c,
        pytest.raises(errors.BadRequest),
    ):
        c._call(TRACK, body=b"x" * 8_000_000)


def test_server_that_stops_reading_is_given_up() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        sync_client(f"http://127.0.0.1:{listening.getsockname()[1]}", retries=ONCE) as c,
    ):
        began = time.monotonic()
        with pytest.raises(errors.TimedOut):
            c._call(TRACK, body=b"x" * 30_000_000)
        assert time.monotonic() - began < 2


def test_refused_connection() -> None:
    with (
        sync_client(f"http://127.0.0.1:{closed_port()}") as c,
        pytest.raises(errors.ConnectionFailed, match=r"cannot connect .*refused") as caught,
    ):
        c._call(TRACK, body=BODY)
    assert (caught.value.maybe_sent, caught.value.attempts) == (False, 4)


def test_every_address_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one is of a family that this machine cannot even make a socket for."""
    with FaultServer() as server, sync_client(server.url) as c:
        good = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        closed = socket.getaddrinfo("127.0.0.1", closed_port(), type=socket.SOCK_STREAM)
        unknown = [(12345, *closed[0][1:])]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [*unknown, *closed, *good])
        assert c._call(TRACK, body=BODY).status == 200


def test_unknown_host() -> None:
    with (
        sync_client("http://nowhere.invalid", retries=ONCE) as c,
        pytest.raises(errors.ConnectionFailed, match=r"nowhere\.invalid"),
    ):
        c._call(TRACK, body=BODY)


def test_threads_share_a_client() -> None:
    failures: list[BaseException] = []

    def work(c: Any, number: int) -> None:
        try:
            for turn in range(50):
                body = f'{{"n":"{number}-{turn}"}}'.encode()
                assert c._call(TRACK, body=body).status == 200
        except BaseException as error:
            failures.append(error)

    with FaultServer() as server, sync_client(server.url, timeout=10.0) as c:
        threads = [threading.Thread(target=work, args=(c, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len({seen.body for seen in server.seen}) == 400
        assert server.accepted <= 8


def test_close_lets_what_is_under_way_finish() -> None:
    with FaultServer(slow(0.15, reply())) as server:
        c = sync_client(server.url, retries=ONCE)
        answers: list[Any] = []
        thread = threading.Thread(target=lambda: answers.append(c._call(TRACK, body=BODY)))
        thread.start()
        wait_until(lambda: len(server.seen) == 1)
        c.close()
        thread.join()
        assert [answer.status for answer in answers] == [200]
        assert not c._transport._pool._mine().get(server.url)


def test_closed_client_says_so() -> None:
    c = sync_client("http://127.0.0.1:9")
    c.close()
    c.close()
    with pytest.raises(RuntimeError, match="this client is closed"):
        c._call(TRACK, body=BODY)


def test_sync_client_needs_no_asyncio() -> None:
    program = f"""
import sys
from {NAME}._runtime.client.client import BaseClient
BaseClient("https://example.com").close()
assert not {{"asyncio", "http.client", "email"}} & set(sys.modules), sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=folder(), timeout=20)


def test_idle_connections_are_bounded() -> None:
    with FaultServer(slow(0.05, reply())) as server, sync_client(server.url, timeout=5.0) as c:
        threads = [
            threading.Thread(target=c._call, args=(TRACK,), kwargs={"body": BODY})
            for _ in range(transports._MOST_IDLE + 8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(idle(c, server.url)) <= transports._MOST_IDLE
