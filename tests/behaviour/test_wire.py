"""Answers taken apart: the same whatever pieces they come in."""

from __future__ import annotations

import pytest

from behaviour.runtime import load

wire = load("_runtime.wire")
errors = load("_runtime.errors")

OK = b"HTTP/1.1 200 OK\r\n"
SIZED = OK + b"Content-Length: 2\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"\r\n1;a=b\r\n{\r\n001\r\n}\r\n0\r\nTrailer: x\r\n\r\n"
WHOLE: list[tuple[str, bytes, bytes, bool]] = [
    ("POST", SIZED + b"\r\n{}", b"{}", True),
    ("POST", SIZED + b"Connection: close\r\n\r\n{}", b"{}", False),
    ("POST", SIZED + b"Connection: Keep-Alive, Close\r\n\r\n{}", b"{}", False),
    ("POST", SIZED.replace(b"1.1", b"1.0") + b"\r\n{}", b"{}", False),
    ("POST", SIZED.replace(b"1.1", b"1.0") + b"Connection: Keep-Alive\r\n\r\n{}", b"{}", True),
    (
        "POST",
        b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\n" + SIZED + b"\r\n{}",
        b"{}",
        True,
    ),
    ("POST", OK + CHUNKED + CHUNKS, b"{}", True),
    ("POST", SIZED + CHUNKED + CHUNKS, b"{}", False),
    ("POST", b"HTTP/1.1 204 No\r\nContent-Length: 7\r\n\r\n", b"", True),
    ("HEAD", SIZED + b"\r\n", b"", True),
    ("CONNECT", b"HTTP/1.0 200 Connection established\r\n\r\n", b"", True),
    ("CONNECT", SIZED + b"\r\n", b"", True),
]


def feed(method: str, pieces: list[bytes]) -> tuple[int, bytes, bool]:
    parser = wire.reader(method)
    for number, piece in enumerate(pieces, start=1):
        try:
            parser.send(piece)
        except StopIteration as stop:
            assert number == len(pieces), "finished before the end"
            arrived = stop.value
            return arrived.response.status, arrived.response.body, arrived.reusable
    raise AssertionError("not finished at the end")


@pytest.mark.parametrize(("method", "data", "body", "reusable"), WHOLE)
def test_whole_answer(method: str, data: bytes, body: bytes, reusable: bool) -> None:
    expected = (int(data.split(b" ")[1]) if b"100" not in data else 200, body, reusable)
    assert feed(method, [data]) == expected
    assert feed(method, [data[at : at + 1] for at in range(len(data))]) == expected
    for at in range(1, len(data)):
        assert feed(method, [data[:at], data[at:]]) == expected


@pytest.mark.parametrize(("method", "data", "body", "reusable"), WHOLE)
def test_answer_followed_by_more_is_not_reusable(
    method: str, data: bytes, body: bytes, reusable: bool
) -> None:
    assert feed(method, [data + b"H"])[1:] == (body, False)


@pytest.mark.parametrize(("method", "data", "body", "reusable"), WHOLE)
def test_answer_cut_off_anywhere_is_an_error(
    method: str, data: bytes, body: bytes, reusable: bool
) -> None:
    for at in range(1, len(data)):
        parser = wire.reader(method)
        parser.send(data[:at])
        with pytest.raises((errors.ConnectionFailed, errors.UnexpectedAnswer)):
            parser.send(b"")


def test_answer_until_the_connection_ends() -> None:
    assert feed("POST", [OK + b"\r\n{", b"}", b""]) == (200, b"{}", False)


def test_limits() -> None:
    limits = wire.Limits(head=100, fields=3, body=10)
    for data, kind in [
        (OK + b"A: " + b"a" * 100, errors.MalformedAnswer),
        (OK + b"A: b\r\n" * 4 + b"\r\n", errors.MalformedAnswer),
        (OK + b"Content-Length: 11\r\n\r\n", errors.UnexpectedAnswer),
        (OK + CHUNKED + b"\r\n6\r\n123456\r\n5\r\n", errors.UnexpectedAnswer),
        (OK + CHUNKED + b"\r\n0\r\n" + b"A: b\r\n" * 4, errors.UnexpectedAnswer),
        (OK + b"\r\n" + b"a" * 11, errors.UnexpectedAnswer),
    ]:
        with pytest.raises(kind):
            wire.reader("POST", limits).send(data)
