"""JSON is asked of a status that documents it, and an answer is read as its Content-Type says."""

from __future__ import annotations

import json
import logging
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.clients import CALLS
from behaviour.faultserver import FaultServer, reply
from behaviour.runtime import NAME, load
from behaviour.scenarios import HTML
from support import event, event_document, generate_package, load_module

http = load("_runtime.http.messages")
media = load("_runtime.calls.responses")
JSON = {"application/json": {"schema": {"type": "object"}}}
TEXT = {"text/plain": {"schema": {"type": "string"}}}


def document(responses: dict[str, Any]) -> dict[str, Any]:
    data = event_document(event("A"))
    data["servers"] = [{"url": "https://a.example"}]
    made = {status: {"description": "x", **more} for status, more in responses.items()}
    data["paths"]["/events"]["post"]["responses"] = made
    return data


RESPONSES = {
    "200": {},
    "201": {"content": TEXT},
    "202": {"content": JSON},
    "203": {"content": TEXT | JSON},
    "206": {"content": {"application/problem+json; v=1": {}}},
    "2XX": {"content": JSON},
    "default": {},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    written = generate_package(document(RESPONSES), tmp_path_factory.mktemp("media"))
    return load_module(written, "client")


UNREADABLE: Any = object()
"""Asking for the data of such an answer is an error; the call was none."""
ANSWERS: list[tuple[int, str, bytes, Any, str]] = [
    (200, "", b"", None, ""),
    (200, "text/plain", b"ok", None, ""),
    (200, "application/json", b'{"a": 1}', {"a": 1}, ""),
    (200, "application/json", b"", None, ""),
    (200, "application/json", b"{", None, "not JSON"),
    (201, "text/plain; charset=utf-8", b"ok", "ok", ""),
    (201, "application/vnd.x+json", b"[1]", "[1]", ""),
    (202, "application/json; charset=utf-8", b"{}", {}, ""),
    (202, "Application/JSON", b"{}", {}, ""),
    (202, "", b"{}", {}, ""),
    (202, "", b"", UNREADABLE, "an empty body"),
    (202, "text/html", HTML, UNREADABLE, "not JSON, though it should be (text/html)"),
    (202, "text/plain", b"queued", UNREADABLE, "(text/plain)"),
    (202, "application/json", b'{"a', UNREADABLE, "not JSON"),
    (202, "application/json", b"[" * 100_000, UNREADABLE, "not JSON"),
    (203, "text/plain", b"ok", UNREADABLE, ""),
    (203, "text/plain", b"7", UNREADABLE, ""),
    (203, "application/json", b"7", UNREADABLE, ""),
    (203, "application/json", b'{"b": 7}', {"b": 7}, ""),
    (204, "", b"", None, ""),
    (206, "application/problem+json", b"{}", {}, ""),
    (206, "", b"x", UNREADABLE, "not JSON"),
    (207, "application/json", b"{}", {}, ""),
    (207, "", b"", UNREADABLE, "an empty body"),
]


@pytest.mark.parametrize(("status", "kind", "body", "data", "odd"), ANSWERS)
def test_a_2xx_is_a_success(
    package: ModuleType, status: int, kind: str, body: bytes, data: Any, odd: str
) -> None:
    answered = reply(status, body, headers={"Content-Type": kind})
    with (
        FaultServer(answered) as server,
        package.Client(server=server.url, trust_env=False) as client,
    ):
        answer = client.send(package.Event())
        assert len(server.seen) == 1
    assert (answer.status, answer.body) == (status, body)
    if data is UNREADABLE:
        with pytest.raises(ValueError, match="invalid answer"):
            _ = answer.data
    else:
        assert answer.data == data
    assert odd in answer.problem
    assert bool(odd) is bool(answer.problem)


def test_a_2xx_that_no_entry_fits_is_accepted_too(tmp_path: Path) -> None:
    package = load_module(generate_package(document({"200": {}}), tmp_path), "client")
    with FaultServer(reply(202, {"a": 1})) as server:
        answer = package.Client(server=server.url, trust_env=False).send(package.Event())
    assert (answer.status, answer.data) == (202, {"a": 1})
    assert answer.problem == "the document does not foresee this status"


def test_what_is_asked_for(package: ModuleType) -> None:
    endpoint = package.api.SEND
    # Of an entry with several media types JSON, which its data is read from.
    assert endpoint.accept == "application/json, application/problem+json, text/plain"
    assert endpoint.json_statuses == ("202", "206", "2XX")


def test_a_charset_is_heeded() -> None:
    for kind, body, text in [
        ("text/plain", "é".encode(), "é"),
        ('text/plain; a=b; charset="ISO-8859-1"', b"\xe9", "é"),
        ("text/plain; charset=none-such", b"\xe9", "\ufffd"),
        ("text/plain; charset=\x00", b"x", "x"),
        ("text/plain; charset=zlib", b"x", "x"),
        ("text/plain; charset=idna", b"x", "x"),
    ]:
        answer = load("_runtime.calls.responses").Answer(
            200, http.Headers({"Content-Type": kind}), body
        )
        assert answer.text == text


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_odd_success_is_warned_of_once(call: Any, caplog: pytest.LogCaptureFixture) -> None:
    with FaultServer(reply(200, HTML, headers={"Content-Type": "text/html"})) as server:
        assert call(server.url).problem
    (record,) = [each for each in caplog.records if each.name == NAME]
    assert record.levelno == logging.WARNING
    said = f"POST {server.url}/v1/track: 200, so it was accepted, but the answer is odd: a body"
    assert record.getMessage().startswith(said)


PLAIN = json.dumps({"meta": {"errors": ["no event"]}}).encode()


def deflated(data: bytes, window: int) -> bytes:
    made = zlib.compressobj(wbits=window)
    return made.compress(data) + made.flush()


GZIPPED, ZLIBBED, RAW = deflated(PLAIN, 31), deflated(PLAIN, 15), deflated(PLAIN, -15)
COMPRESSED = [
    ("gzip", GZIPPED),
    ("GZIP\t", GZIPPED),
    ("x-gzip", GZIPPED + b"\x00" * 9),
    ("gzip", deflated(PLAIN[:9], 31) + deflated(PLAIN[9:], 31)),
    ("deflate", ZLIBBED),
    ("deflate", RAW),
    ("identity", PLAIN),
    ("", PLAIN),
    ("identity, gzip", GZIPPED),
    ("deflate, gzip", deflated(ZLIBBED, 31)),
    ("gzip", PLAIN),  # a transport may have seen to it
    ("deflate", PLAIN),
]


@pytest.mark.parametrize(("coding", "body"), COMPRESSED)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_answer_compressed_unasked_is_read(call: Any, coding: str, body: bytes) -> None:
    headers = {"Content-Encoding": coding}
    with FaultServer(reply(200, body, headers=headers), reply(400, body, headers=headers)) as s:
        answer = call(s.url)
        with pytest.raises(load("_runtime.http.messages").BadRequest) as caught:
            call(s.url)
    assert (answer.body, answer.problem) == (PLAIN, "")
    assert (caught.value.body, caught.value.errors) == (PLAIN, ("no event",))


BROKEN = [
    ("br", b"\x0b\x02", "compressed in a way that is not known (br)"),
    ("gzip", GZIPPED[:-9], "not whole"),
    ("gzip", GZIPPED[:20] + b"garbage" * 9, "not whole"),
    ("deflate", ZLIBBED[:-6], "not whole"),
    ("gzip, gzip, gzip, gzip", GZIPPED, "compressed 4 times"),
    ("gzip", deflated(b" " * 50_000_000, 31), "exceeds 4194304 bytes when uncompressed"),
    ("gzip, gzip", deflated(deflated(b" " * 50_000_000, 31), 31), "exceeds 4194304 bytes"),
    ("gzip", deflated(b"", 31) * 70, "not whole"),
]


@pytest.mark.parametrize(("coding", "body", "odd"), BROKEN)
def test_what_cannot_be_uncompressed_is_told_and_nothing_is_sent_again(
    coding: str, body: bytes, odd: str
) -> None:
    headers = {"Content-Encoding": coding}
    faults = [reply(200, body, headers=headers), reply(400, body, headers=headers)]
    with FaultServer(*faults) as server:
        answer = CALLS["sync"](server.url)
        with pytest.raises(load("_runtime.http.messages").BadRequest, match=odd.partition("(")[0]):
            CALLS["sync"](server.url)
        assert len(server.seen) == 2
    assert (answer.status, answer.json) == (200, None)
    assert odd in answer.problem
    assert len(answer.body) <= load("_runtime.http.http1").DEFAULT_LIMITS.body


def test_a_bomb_is_not_set_off() -> None:
    """What comes out is counted as it comes, so little more than the limit is ever held."""
    held = bytearray()
    body = deflated(b" " * 50_000_000, 31)
    assert media._inflate(body, 31, held, 100_000) == -1
    assert len(held) < 200_000
