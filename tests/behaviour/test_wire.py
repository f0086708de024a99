"""Answers taken apart: the same whatever pieces they come in."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest

from behaviour.runtime import load

wire = load("_runtime.http.http1")
errors = load("_runtime.http.messages")

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
    reader = wire.Reader(method)
    for number, piece in enumerate(pieces, start=1):
        arrived = reader.feed(piece)
        if arrived is not None:
            assert number == len(pieces), "finished before the end"
            assert arrived.response.incomplete == ""
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
@pytest.mark.parametrize("end", ["closed", "broken"])
def test_answer_cut_off_anywhere_keeps_its_status_once_that_is_known(
    method: str, data: bytes, body: bytes, reusable: bool, end: str
) -> None:
    final = re.search(rb"HTTP/1.. [2-5][0-9][0-9][ \r]", data)
    assert final is not None
    for at in range(1, len(data)):
        reader = wire.Reader(method)
        assert reader.feed(data[:at]) is None
        broken = errors.TimedOut("it is late", maybe_sent=True)
        if at < final.end():
            with pytest.raises(errors.TransportError):
                reader.feed(b"") if end == "closed" else reader.broken_off(broken)
            continue
        arrived = reader.feed(b"") if end == "closed" else reader.broken_off(broken)
        assert arrived.response.status == int(final[0].split()[1])
        assert arrived.response.incomplete
        assert body.startswith(arrived.response.body)
        assert not arrived.reusable


def test_answer_until_the_connection_ends() -> None:
    assert feed("POST", [OK + b"\r\n{", b"}", b""]) == (200, b"{}", False)


def test_limits() -> None:
    limits = wire.Limits(head=100, fields=3, body=10)
    for data, reason in [
        (OK + b"A: " + b"a" * 100, "the head of the answer exceeds 100 bytes"),
        (OK + b"A: b\r\n" * 4 + b"\r\n", "the answer has more than 3 header lines"),
        (OK + b"Content-Length: 11\r\n\r\n", "the body exceeds 10 bytes"),
        (OK + b"Content-Length: 11\r\n\r\n" + b"a" * 11, "the body exceeds 10 bytes"),
        (OK + CHUNKED + b"\r\n6\r\n123456\r\n5\r\n", "the body exceeds 10 bytes"),
        (OK + CHUNKED + b"\r\n0\r\n" + b"A: b\r\n" * 4, "too many trailer lines"),
        (OK + b"\r\n" + b"a" * 11, "the body exceeds 10 bytes"),
    ]:
        arrived = wire.Reader("POST", limits).feed(data)
        assert arrived.response.status == 200
        assert reason in arrived.response.incomplete
        assert not arrived.reusable


WHITE = ["\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0"]


@pytest.mark.parametrize("white", WHITE)
def test_white_space_is_space_and_tab_and_nothing_else(white: str) -> None:
    odd = white.encode("latin-1")
    for field in (
        b"Transfer-Encoding: " + odd + b"chunked",
        b"Transfer-Encoding: chunked" + odd,
        b"Content-Length: 2" + odd,
        b"Content-Length: " + odd + b"2, 2",
    ):
        arrived = wire.Reader("POST").feed(OK + field + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        assert arrived.response.incomplete, field
        assert not arrived.reusable
    for space in (b" ", b"\t", b" \t "):
        field = b"Transfer-Encoding:" + space + b"Chunked" + space + b"\r\n\r\n"
        assert feed("POST", [OK + field + b"2\r\n{}\r\n0\r\n\r\n"]) == (200, b"{}", True)
    kept = wire.Reader("POST").feed(SIZED + b"A: " + odd + b"b" + odd + b"\r\n\r\n{}")
    assert kept.response.headers["a"] == f"{white}b{white}"


def test_connection_options_are_whole_words() -> None:
    for value, reusable in [
        (b"not-close", True),
        (b"x, CLOSE\t,y", False),
        (b"close\x85", True),
    ]:
        assert feed("POST", [SIZED + b"Connection: " + value + b"\r\n\r\n{}"])[2] is reusable
    old = SIZED.replace(b"1.1", b"1.0")
    assert feed("POST", [old + b"Connection: not-keep-alive\r\n\r\n{}"])[2] is False


AT_ONCE = [
    SIZED + b"\r\n{}",
    SIZED + b"A: b\r\na:  c \r\nX:\r\n\r\n{}",
    SIZED + b"Content-Length: 2\r\n\r\n{}",
    SIZED + b"content-length: 3\r\n\r\n{}",
    SIZED + b"Connection: close\r\n\r\n{}",
    SIZED + b"connection: close\r\n\r\n{}",
    SIZED + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    SIZED + b"A : b\r\n\r\n{}",
    SIZED + b"A: b\r\n c\r\n\r\n{}",
    SIZED + b"A: b\n\r\n{}",
    SIZED + b"\r\n{}{}",
    SIZED + b"A: b\r\n" * 7 + b"\r\n{}",
    SIZED + b"A: " + b"a" * 400 + b"\r\n\r\n{}",
    OK + b"Content-Length: 060\r\n\r\n" + b"x" * 60,
    OK + b"Content-Length: +2\r\n\r\n{}",
    OK + b"Content-Length: 0\r\n\r\n",
    b"HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 100 Go\r\nContent-Length: 2\r\n\r\n" + SIZED + b"\r\n{}",
    SIZED.replace(b"1.1", b"1.0") + b"\r\n{}",
]


@pytest.mark.parametrize("method", ["POST", "HEAD", "CONNECT"])
@pytest.mark.parametrize("data", AT_ONCE)
def test_what_comes_at_once_is_read_as_what_comes_in_pieces(method: str, data: bytes) -> None:
    limits = wire.Limits(head=300, fields=6, body=60)
    read = [read_to_the_end(method, data, size, limits) for size in (len(data), 1, 7)]
    assert read[0] == read[1] == read[2]


def read_to_the_end(method: str, data: bytes, size: int, limits: Any) -> object:
    reader = wire.Reader(method, limits)
    for at in range(0, len(data), size):
        try:
            arrived = reader.feed(data[at : at + size])
        except errors.TransportError as error:
            return str(error)
        if arrived is not None:
            response = arrived.response
            rest = data[at + size :]
            headers = (response.headers.pairs, dict(response.headers), response.incomplete)
            return response.status, headers, response.body, arrived.reusable and not rest
    return None


def test_headers_that_were_received_are_headers() -> None:
    headers = wire.Reader("POST").feed(SIZED + b"X-A: content-encoding\r\n\r\n{}").response.headers
    assert "content-encoding" not in headers
    assert "x-a" in headers
    assert "X-a" in headers
    assert headers == load("_runtime.http.messages").Headers(headers.pairs)
    assert pickle.loads(pickle.dumps(headers)) == copy.deepcopy(headers) == headers
    assert hash(copy.copy(headers)) == hash(headers)
    unread = wire.Reader("POST").feed(SIZED + b"X-A: b\r\n\r\n{}").response.headers
    assert pickle.loads(pickle.dumps(copy.copy(unread)))["x-a"] == "b"
    assert not hasattr(unread, "other")
