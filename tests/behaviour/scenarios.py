"""What servers do, and what a client must make of it: one table for the sync and the async one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from behaviour.faultserver import Fault, dribble, drop, hang, raw, reply, reset
from behaviour.runtime import load

errors = load("_runtime.http.messages")
KEY = "s3cret-key-0123456789"
AUTHORIZATION: str = load("_runtime.http.security").basic(KEY)
TRACK = load("_runtime.calls.requests").Endpoint(
    name="track",
    method="POST",
    path="/v1/track",
    statuses=("200", "400", "401", "422"),
    content_type="application/json",
    accept="application/json",
    json_statuses=("200",),
    error_keys={400: ("meta", "errors")},
)
QUICK = load("_runtime.client.retries").RetryPolicy(base=0.001, cap=0.002, retry_after_cap=0.05)
ONCE = load("_runtime.client.retries").RetryPolicy.none()
SHORT = load("_runtime.http.messages").Timeouts(connect=0.3, read=0.2, total=0.5)
HTML = b"<html>\r\n<h1>Bad\x1b[31m gateway</h1></html>"
HUGE = b"X-Filler: " + b"a" * 70_000 + b"\r\n"


@dataclass
class Scenario:
    """Faults in order, the error they end in ("" for none), its attributes, requests seen.

    `odd`: what is said to be wrong with an answer that is a success all the same.
    """

    name: str
    faults: tuple[Fault, ...]
    error: str = ""
    has: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    requests: int = 1
    retries: Any = QUICK
    odd: str = ""
    status: int = 200

    def check_answer(self, answer: Any) -> None:
        """The answer is the expected one; JSON that came whole was read."""
        assert answer.status == self.status
        assert self.odd in answer.problem
        assert bool(self.odd) == bool(answer.problem)
        assert answer.problem.isprintable()
        assert answer.json == ({} if answer.body == b"{}" and not self.odd else answer.json)

    def check(self, error: Any) -> None:
        """The error is the expected one, and every word of it is fit for a log."""
        assert type(error).__name__ == self.error
        for name, value in self.has.items():
            assert getattr(error, name) == value, name
        assert self.says in str(error)
        assert str(error).isprintable()
        assert KEY not in f"{error!s}{error!r}{vars(error)}"


def _head(text: str) -> bytes:
    return f"HTTP/1.1 {text}\r\n\r\n".encode().replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")


def _html(status: int) -> Fault:
    return reply(status, HTML, headers={"Content-Type": "text/html"})


_BAD = {"meta": {"errors": ["no event", "no\ntype"]}}
_CHUNKED = "200 OK\nTransfer-Encoding: chunked"

SCENARIOS = [
    Scenario("ok", (reply(body={"success": True}),)),
    Scenario("ok, chunked", (raw(_head(_CHUNKED) + b"1\r\n{\r\n1;x=y\r\n}\r\n0\r\nT: v\r\n\r\n"),)),
    Scenario(
        "ok, one byte at a time",
        (dribble(_head("200 OK\nContent-Length: 2") + b"{}", every=0.001),),
    ),
    Scenario("ok, until the connection ends", (raw(_head("200 OK\nA: b") + b"{}"),)),
    Scenario("ok, HTTP/1.0", (raw(b"HTTP/1.0 200 OK\r\n\r\n{}"),)),
    Scenario(
        "ok, after interim answers",
        (
            raw(
                _head("103 Early\nLink: x")
                + _head("100 Go")
                + _head("200 OK\nContent-Length: 2")
                + b"{}"
            ),
        ),
    ),
    Scenario(
        "ok, bare line feeds, folded", (raw(b"HTTP/1.1 200 OK\nA: b\n c\nContent-Length: 2\n\n{}"),)
    ),
    Scenario(
        "ok, the length twice", (raw(_head("200\nContent-Length: 2\nContent-Length: 2") + b"{}"),)
    ),
    Scenario(
        "400",
        (reply(400, _BAD),),
        "BadRequest",
        {"status": 400, "errors": ("no event", "no\ntype")},
        "400 Bad Request: no event; no type",
    ),
    Scenario(
        "400 without errors",
        (reply(400, {"other": 1}),),
        "BadRequest",
        {"errors": (), "body": b'{"other": 1}'},
    ),
    Scenario("400 with HTML", (_html(400),), "BadRequest", {"errors": (), "body": HTML}),
    Scenario("401", (reply(401, b""),), "Unauthorized", {"status": 401, "attempts": 1}),
    Scenario(
        "401 with Retry-After", (reply(401, b"", headers={"Retry-After": "0"}),), "Unauthorized"
    ),
    Scenario(
        "422, documented", (reply(422, {"why": "x"}),), "UnprocessableContent", {"status": 422}
    ),
    Scenario(
        "418, undocumented",
        (reply(418, {}),),
        "UnexpectedAnswer",
        {"status": 418},
        "does not foresee",
    ),
    Scenario("202, undocumented", (reply(202, {}),), odd="does not foresee", status=202),
    Scenario(
        "429 to the end",
        (reply(429, headers={"Retry-After": "7"}),),
        "TooManyRequests",
        {"retry_after": 7.0, "attempts": 4},
        "(after 4 attempts)",
        4,
    ),
    Scenario("429, then ok", (reply(429), reply()), requests=2),
    Scenario("503, 503, then ok", (reply(503), reply(503), reply()), requests=3),
    Scenario("503 once only", (reply(503),), "ServerFailure", {"status": 503}, retries=ONCE),
    Scenario(
        "502 with HTML",
        (_html(502),),
        "ServerFailure",
        {"status": 502, "body": HTML},
        "502 Bad Gateway: <html> <h1>Bad\ufffd[31m",
        4,
    ),
    Scenario("501 is not tried again", (reply(501),), "ServerFailure", {"status": 501}),
    Scenario("200 with HTML", (_html(200),), odd="not JSON, though it should be (text/html)"),
    Scenario("200, cut-off JSON", (reply(body=b'{"success": tr'),), odd="not JSON"),
    Scenario("200, empty", (reply(body=b""),), odd="an empty body"),
    Scenario(
        "200, cut-off body", (raw(_head("200 OK\nContent-Length: 9") + b'{"a'),), odd="3 of 9 bytes"
    ),
    Scenario(
        "503, cut-off body, then ok",
        (raw(_head("503 No\nContent-Length: 9") + b'{"a'), reply()),
        requests=2,
    ),
    Scenario("cut-off chunk", (raw(_head(_CHUNKED) + b"9\r\n{}"),), odd="within its chunks"),
    Scenario("chunk size malformed", (raw(_head(_CHUNKED) + b"0x2\r\n{}\r\n"),), odd="chunk size"),
    Scenario(
        "chunk too long",
        (raw(_head(_CHUNKED) + b"1\r\n{}\r\n0\r\n\r\n"),),
        odd="longer than its size",
    ),
    Scenario("endless chunk line", (raw(_head(_CHUNKED) + b"1;" + b"a" * 9000),), odd="too long"),
    Scenario(
        "unknown coding",
        (raw(_head("200 OK\nTransfer-Encoding: gzip, chunked")),),
        odd="transfer coding",
    ),
    Scenario(
        "two lengths",
        (raw(_head("200 OK\nContent-Length: 2\nContent-Length: 3") + b"{}"),),
        odd="Content-Length",
    ),
    Scenario("negative length", (raw(_head("200 OK\nContent-Length: -2")),), odd="Content-Length"),
    Scenario(
        "body beyond the limit", (raw(_head("200 OK\nContent-Length: 99999999999")),), odd="exceeds"
    ),
    Scenario(
        "unasked upgrade", (raw(_head("101 Switching")),), "UnexpectedAnswer", {"status": 101}
    ),
    Scenario(
        "not HTTP", (raw(b"SSH-2.0-OpenSSH_9.6\r\n"),), "MalformedAnswer", {"maybe_sent": True}
    ),
    Scenario("HTTP/2", (raw(b"HTTP/2 200\r\n\r\n"),), "MalformedAnswer"),
    Scenario("malformed status", (raw(b"HTTP/1.1 2x0 OK\r\n\r\n"),), "MalformedAnswer"),
    Scenario(
        "malformed header line", (raw(_head("200 OK\nno colon")),), odd="malformed header line"
    ),
    Scenario(
        "space before colon",
        (raw(_head("200 OK\nContent-Length : 2") + b"{}"),),
        odd="malformed header line",
    ),
    Scenario("huge header", (raw(b"HTTP/1.1 200 OK\r\n" + HUGE + b"\r\n{}"),), odd="65536"),
    Scenario("endless header", (raw(b"HTTP/1.1 200 OK\r\n" + HUGE),), odd="65536"),
    Scenario("many headers", (raw(_head("200 OK" + "\nA: b" * 300)),), odd="200 header"),
    Scenario(
        "endless interim answers", (raw(_head("100 Go") * 50),), "MalformedAnswer", {}, "interim"
    ),
    Scenario(
        "closed unanswered",
        (drop,),
        "ConnectionFailed",
        {"maybe_sent": True, "attempts": 4},
        requests=4,
    ),
    Scenario("closed, then ok", (drop, reply()), requests=2),
    Scenario("reset, then ok", (reset, reply()), requests=2),
    Scenario("reset once only", (reset,), "ConnectionFailed", {"maybe_sent": True}, retries=ONCE),
    Scenario("ended within the head", (raw(b"HTTP/1.1 200 OK\r\nA: "),), odd="within the head"),
    Scenario("ended within the status line", (raw(b"HTTP/1.1 200 "),), odd="within the head"),
    Scenario("ended before the status, then ok", (raw(b"HTTP/1.1 20"), reply()), requests=2),
    Scenario("ended after an interim answer, then ok", (raw(_head("100 Go")), reply()), requests=2),
    Scenario(
        "silence", (hang,), "TimedOut", {"maybe_sent": True}, "too long to answer", retries=ONCE
    ),
    Scenario("silence, then ok", (hang, reply()), requests=2),
    Scenario(
        "dribbling for ever",
        (dribble(_head("200 OK\nA: " + "a" * 500), every=0.05),),
        "TimedOut",
        {"maybe_sent": True},
        "total time",
        retries=ONCE,
    ),
    Scenario(
        "redirect elsewhere",
        (reply(302, {}, headers={"Location": "https://evil.example/x?key=1"}),),
        "UnexpectedAnswer",
        {"status": 302},
        "a redirect to https://evil.example, not",
    ),
    Scenario(
        "redirect nearby",
        (reply(307, {}, headers={"Location": "/v2/track?key=1"}),),
        "UnexpectedAnswer",
        {"status": 307},
        "a redirect, not followed",
    ),
    Scenario("304", (raw(_head("304 Not Modified")),), "UnexpectedAnswer", {"status": 304}),
    Scenario(
        "the key echoed",
        (reply(500, f"<p>{AUTHORIZATION} {KEY}</p>".encode(), headers={"X-Echo": KEY}),),
        "ServerFailure",
        {"body": b"<p>Basic *** ***</p>"},
        "***",
        4,
    ),
]
