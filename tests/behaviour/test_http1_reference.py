"""The reader of answers, against one that looks at each line by itself: the same of all bytes."""

from __future__ import annotations

import random
from typing import Any

import pytest

from behaviour import http1_reference as reference
from behaviour.runtime import load

http1 = load("_runtime.http.http1")
errors = load("_runtime.http.messages")

ROUNDS = 1500
LIMITS = http1.Limits(head=400, fields=6, body=60)
STATUS_LINES = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 200",
    b"HTTP/1.1 200 ",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 404 No\tsuch \xe4",
    b"HTTP/1.1 503 ",
    b"HTTP/1.1 101 Switching",
    b"HTTP/1.1 100 Continue",
    b"HTTP/1.1 103 Early Hints",
    *[b"HTTP/1.1 2000 OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 099 OK", b"HTTP/1.1  200 OK", b""],
    *[b"HTTP/1.2 200 OK", b"HTTP/2 200 OK", b"http/1.1 200 OK", b" HTTP/1.1 200 OK"],
    *[b"HTTP/1.1 200 O\rK", b"HTTP/1.1 200\tOK", b"HTTP/1.1 200 OK\x00", b"ICY 200 OK"],
]
FIELDS = [
    *[b"Content-Length: 5", b"content-length:5", b"Content-Length: 5, 5", b"Content-Length: 4"],
    *[b"Content-Length: 5, 6", b"Content-Length: +5", b"Content-Length: 0x5", b"Content-Length:"],
    *[b"Content-Length: 99", b"Content-Length: 0", b"Content-Length : 5", b"Content-Length: 5\r"],
    *[b"Content-Length: \xb2", b"Content-Length: " + b"9" * 19, b"Content-Length:\t5\t"],
    *[b"Transfer-Encoding: chunked", b"transfer-encoding:Chunked ", b"Transfer-Encoding: gzip"],
    *[b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, chunked"],
    *[b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding:"],
    *[b"Connection: close", b"Connection: keep-alive", b"connection: Close, x", b"Connection:"],
    *[b"X: 1", b"X:", b"X:   ", b"X: a\rb", b"X: a \r", b"X:\x00", b"X: \xff\xfe", b"X: a:b"],
    *[b" folded", b"\tfolded \t", b" ", b" Content-Length: 7", b"  \r", b"\x0bX: 1", b"\xa0"],
    *[b"no colon", b": no name", b"a b: c", b"X\x00: 1", b"(x): 1", b"\xe4: 1", b"\r", b"\rX: 1"],
]
BODIES = [
    *[b"", b"hello", b"hello, more", b"he", b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"],
    *[b"5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n", b"5\nhello\n0\n\n", b"5\r\nhello!\r\n0\r\n\r\n"],
    *[
        b"-1\r\n",
        b"g\r\n",
        b"5 \r\nhello\r\n00\r\n\r\nHTTP/1.1 400 No\r\n\r\n",
        b"ffffffffffffff\r\n",
    ],
    *[b"3c\r\n" + b"x" * 60 + b"\r\n1\r\nx\r\n0\r\n\r\n", b"x" * 70, b"0\r\n" + b"T: 1\r\n" * 9],
]
ENDS = [b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"\r\r\n"]


def answer(draw: random.Random) -> bytes:
    """Something like an answer, interim ones before it, seldom right."""
    made = b""
    usual = draw.random() < 0.6
    ends = [b"\r\n"] if draw.random() < 0.7 else ENDS
    for interim in range(draw.choice([1, 1, 1, 2, 3, 17])):
        line = (
            STATUS_LINES[9] if interim else draw.choice(STATUS_LINES[:9] if usual else STATUS_LINES)
        )
        fields = draw.choices(FIELDS, k=draw.choice([0, 1, 2, 3, 5, 8]))
        if usual:
            fields = [
                field for field in fields if field in FIELDS[:4] + FIELDS[15:17] + FIELDS[23:30]
            ]
        head = b"".join(part + draw.choice(ends) for part in (line, *fields, b""))
        made = head + made if interim else head
    made += draw.choice(BODIES)
    if draw.random() < 0.1:
        place = draw.randrange(len(made))
        made = made[:place] + bytes([draw.randrange(256)]) + made[place + draw.randrange(2) :]
    return made


def pieces(draw: random.Random, data: bytes) -> list[bytes]:
    size = draw.choice([1, 3, 20, len(data)])
    return [data[at : at + size] for at in range(0, len(data), size)] + [b""] * 2


def read(module: Any, method: str, parts: list[bytes], limits: Any) -> Any:
    """Everything that can be told of an answer, and after which piece it was there."""
    reader = module.Reader(method, limits)
    for number, part in enumerate(parts):
        try:
            arrived = reader.feed(part)
        except errors.TransportError as error:
            return number, type(error), error.args, error.maybe_sent, error.permanent
        if arrived is not None:
            response = arrived.response
            told = (response.status, response.headers.pairs, response.body, response.incomplete)
            return number, told, arrived.reusable
    raise AssertionError("the end was not noticed")


@pytest.mark.parametrize("seed", range(8))
def test_every_answer_is_read_alike(seed: int) -> None:
    draw = random.Random(seed)
    seen: set[Any] = set()
    for _ in range(ROUNDS):
        data = answer(draw)
        parts = pieces(draw, data)
        method = draw.choice(["POST", "POST", "GET", "HEAD", "CONNECT"])
        limits = draw.choice([LIMITS, http1.DEFAULT_LIMITS])
        found = read(http1, method, parts, limits)
        assert found == read(reference, method, parts, limits), (method, data, parts)
        seen.add(found[1])
    assert len(seen) > 100
