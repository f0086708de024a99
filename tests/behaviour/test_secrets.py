"""A credential shows nowhere: not in a repr, an error, a log line or a redirect."""

from __future__ import annotations

import asyncio
import copy
import html
import json
import logging
import pickle
import re
import threading
import traceback
from typing import Any
from urllib.parse import quote

import pytest

from behaviour.clients import async_client, sync_client
from behaviour.faultserver import Fault, FaultServer, closed_port, drop, hang, raw, reply
from behaviour.leaks import connect, leaks
from behaviour.runtime import NAME, load
from behaviour.scenarios import AUTHORIZATION, KEY, ONCE, TRACK

credentials = load("_runtime.http.security")
hiding = load("_runtime.http.security")
errors = load("_runtime.http.messages")
http = load("_runtime.http.messages")
proxies = load("_runtime.http.servers")


def test_nothing_shows_the_key() -> None:
    key = credentials.ApiKey("header", "X-Key", KEY)
    proxy = proxies.Proxy.parse(f"http://user:{KEY}@proxy.example:8080")
    client = connect("https://example.com/v1", credentials=[key])
    preparation = client._requests
    request = preparation.build(TRACK, b"{}", f"/v1/track?key={KEY}", {}, None)
    shown = [client, key, proxy, proxies.Proxies(https=proxy), request, request.headers]
    shown += [preparation, preparation.secrets, http.Headers({"Set-Cookie": KEY})]
    for thing in shown:
        assert not leaks(f"{thing!r} {thing!s}"), type(thing)
    assert "'X-Key': …" in repr(request.headers)


ECHOES: list[Fault] = [
    reply(400, {"meta": {"errors": [f"bad key {KEY}", AUTHORIZATION]}}),
    reply(401, AUTHORIZATION.encode()),
    reply(500, json.dumps({"url": f"https://x/?key={KEY}"}).encode(), headers={"X-Echo": KEY}),
    reply(302, headers={"Location": f"https://{KEY}@evil.example/?k={KEY}"}),
    raw(f"HTTP/1.1 403 No\r\nX: {KEY}\r\nContent-Length: 99\r\n\r\n{KEY}".encode()),
    raw(f"HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\n{KEY[:-2]}".encode()),
    raw(f"HTTP/1.1 403 {KEY}\r\n{KEY}".encode()),
    raw(f"{AUTHORIZATION}\r\n".encode()),
    drop,
]


@pytest.mark.parametrize("fault", ECHOES)
def test_no_error_shows_a_key_that_the_server_echoes(fault: Fault) -> None:
    with (
        FaultServer(fault) as server,
        connect(server.url) as client,
        pytest.raises(errors.ClientError) as caught,
    ):
        client._call(TRACK, body=b"{}")
    error = caught.value
    chain = "".join(traceback.format_exception(error))
    state = {name: getattr(value, "pairs", value) for name, value in vars(error).items()}
    assert not leaks(f"{error!s} {error!r} {state} {chain}")
    assert KEY[:-2] not in f"{error!s} {state}"
    assert error.__context__ is None or isinstance(error.__context__, OSError)


@pytest.mark.parametrize("key", ['quo"te&<>', "sp ace/+ä", "back\\slash"])
def test_key_is_hidden_however_it_is_written(key: str) -> None:
    secrets = hiding.Secrets([credentials.basic(key)])
    forms = [key, json.dumps(key), quote(key, safe=""), html.escape(key)]
    for form in [*forms, credentials.basic(key)]:
        assert key not in secrets.hide(f"<{form}>")
        assert "***" in secrets.hide_bytes(form.encode()).decode()


ODD = "s3cr/et+Key&x"
ESCAPED = "".join(f"\\u{ord(c):04X}" for c in ODD)
SPELLINGS = [
    r"s3cr\/et+Key&x",  # PHP
    r"s3cr/et+Key\u0026x",  # Go
    r"s3cr\\/et+Key\\u0026x",  # JSON within JSON
    ESCAPED,
    ESCAPED.lower(),
    "s3cr%2Fet%2BKey%26x",
    "s3cr%2fet%2bKey%26x",
    "s3cr%252fet%252bKey%2526x",
    "s3cr/et+Key&amp;x",
    "s3cr&#47;et&#x2B;Key&#38;x",
    credentials.basic(ODD).partition(" ")[2].rstrip("="),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("status", [400, 401, 500])
def test_key_that_the_server_escapes_shows_nowhere(spelling: str, status: int) -> None:
    body = f'{{"meta":{{"errors":["bad key {spelling}"]}}}}'.encode()
    fault = reply(status, body, headers={"Content-Type": f"text/{spelling}", "X": spelling})
    options = {"authorization": None} if status == 401 else {}
    key = credentials.ApiKey("header", "X-Key", ODD)
    if spelling == SPELLINGS[-1]:
        options, key = {"authorization": credentials.basic(ODD)}, None
    client = load("_runtime.client.client").BaseClient
    with (
        FaultServer(fault) as server,
        client(server.url, retries=ONCE, credentials=[key] if key else [], **options) as calling,
        pytest.raises(errors.AnswerError) as caught,
    ):
        calling._call(TRACK, body=b"{}")
    error = caught.value
    assert error.body != body
    state = {name: getattr(value, "pairs", value) for name, value in vars(error).items()}
    decoded = json.dumps(getattr(error, "errors", ()))
    for text in (f"{error!s}{error!r}{state}{decoded}", repr(pickle.dumps(error))):
        assert spelling not in text.replace("\\\\", "\\")
        assert spelling not in text
        assert ODD not in text
    if status == 400:
        assert error.errors == ("bad key ***",)


@pytest.mark.parametrize("key", ["kä\U0001f511se", "back\\\\slash\"'<>", "sp ace+key"])
def test_every_character_is_hidden_in_every_spelling(key: str) -> None:
    secrets = hiding.Secrets([key])
    utf16 = key.encode("utf-16-be").hex()
    units = "".join(rf"\u{utf16[at : at + 4]}" for at in range(0, len(utf16), 4))
    percent = "".join(f"%{byte:02x}" for byte in key.encode())
    hexes = "".join(f"&#x{ord(c):X};" for c in key)
    octets = percent.replace("%", "\\x")
    twice = percent.replace("%", "%25")
    texts = [key, json.dumps(key)[1:-1], json.dumps(json.dumps(key))[3:-3]]
    for form in (*texts, units, octets, percent, twice, hexes):
        assert secrets.hide(f"<{form}>") == "<***>"
        assert secrets.hide_bytes(f"<{form}>".encode()) == b"<***>"
        for end in range(len(form.encode())):
            shown = secrets.hide_bytes(f"<{form}".encode()[: end + 1], cut=True)
            left = shown.removeprefix(b"<").removeprefix(b"***").lower()
            assert not re.sub(rb"\\u005c|\\x5c|%(25)?5c|&#x5c;", b"", left), form
    assert secrets.hide(key.encode().decode("latin-1")) == "***"
    assert secrets.hide(key[:-1]) == key[:-1]


@pytest.mark.parametrize("spelling", [b"k\xe4se 7", b"k%E4se%207", rb"k\xe4se 7"])
def test_a_key_in_latin_1_is_hidden(spelling: bytes) -> None:
    assert hiding.Secrets(["k\xe4se 7"]).hide_bytes(b"<" + spelling + b">") == b"<***>"


def with_locals(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


@pytest.mark.parametrize("fault", [hang, drop, raw(b"ssh\r\n")])
def test_traceback_with_its_variables_shows_no_key(fault: Fault) -> None:
    async def call(url: str) -> None:
        async with async_client(url, retries=ONCE) as client:
            await client._call(TRACK, body=b"{}")

    with FaultServer(fault, fault) as server:
        client = sync_client(server.url, retries=ONCE)
        with client, pytest.raises(errors.TransportError) as caught:
            client._call(TRACK, body=b"{}")
        with pytest.raises(errors.TransportError) as caught_async:
            asyncio.run(call(server.url))
    for error in (caught.value, caught_async.value):
        text = with_locals(error)
        assert not leaks(text)
        assert "Authorization" not in text


def test_close_during_a_pause_leaves_the_outcome_of_the_last_attempt() -> None:
    policy = load("_runtime.client.retries").RetryPolicy(base=0, retry_after_cap=0.3)
    faults = [reply(503, b"{}", headers={"Retry-After": "1"})] * 2

    async def call(url: str) -> None:
        client = load("_runtime.client.async_client").AsyncBaseClient(url, retries=policy)
        calling = asyncio.ensure_future(client._call(TRACK, body=b"{}"))
        await asyncio.sleep(0.1)
        await client.aclose()
        await calling

    with FaultServer(*faults) as server:
        client = connect(server.url, retries=policy)
        closing = threading.Timer(0.1, client.close)
        closing.start()
        with pytest.raises(errors.ServerFailure, match="503"):
            client._call(TRACK, body=b"{}")
        closing.join()
        with pytest.raises(errors.ServerFailure, match="503"):
            asyncio.run(call(server.url))
        assert len(server.seen) == 2
        with pytest.raises(RuntimeError, match="closed"):
            client._call(TRACK, body=b"{}")


def test_redirect_takes_no_key_along() -> None:
    with FaultServer() as elsewhere:
        answer = reply(307, headers={"Location": f"{elsewhere.url}/steal"})
        with (
            FaultServer(answer) as server,
            connect(server.url) as client,
            pytest.raises(errors.UnexpectedAnswer, match=f"to {elsewhere.url}, not followed"),
        ):
            client._call(TRACK, body=b"{}")
        assert (elsewhere.accepted, elsewhere.seen) == (0, [])


def test_log_has_no_secret_and_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    policy = load("_runtime.client.retries").RetryPolicy(base=0.001)
    key = credentials.ApiKey("query", "key", KEY)
    faults = (drop, reply(503, KEY.encode()), reply(200))
    with FaultServer(*faults, *faults) as server:
        options: dict[str, Any] = {"retries": policy, "credentials": [key], "trust_env": False}
        options["authorization"] = AUTHORIZATION
        with load("_runtime.client.client").BaseClient(server.url, **options) as client:
            client._call(TRACK, body=b"secret body", target="/v1/track?email=a%40example.com")
        sync = [record.getMessage() for record in caplog.records]
        caplog.clear()

        async def call() -> None:
            async with load("_runtime.client.async_client").AsyncBaseClient(
                server.url, **options
            ) as c:
                await c._call(TRACK, body=b"secret body", target="/v1/track?email=a%40example.com")

        asyncio.run(call())
        ours = [record for record in caplog.records if record.name == NAME]
    assert {record.levelname for record in ours} == {"DEBUG"}
    for lines in (sync, [record.getMessage() for record in ours]):
        assert [line.split(" in ")[0] for line in lines] == [
            f"POST {server.url}/v1/track: {outcome}" for outcome in ("ConnectionFailed", 503, 200)
        ]
        assert [line.rpartition(" ")[2] for line in lines] == ["1", "2", "3"]
        assert not any(leaks(line) or "example.com" in line or "body" in line for line in lines)


def test_no_log_unless_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with FaultServer() as server, connect(server.url) as client:
        client._call(TRACK, body=b"{}")
    assert caplog.records == []


def test_error_is_one_printable_line() -> None:
    body = b"a\r\nb\x00\x1b[0m\xff\xe2\x80\xa8c\xe2\x80\xaed" + b"x" * 9999
    error = errors.BadRequest(status=400, headers=http.Headers(), body=body)
    assert str(error).isprintable()
    assert len(str(error)) < 260
    assert error.body == body


def test_errors_survive_pickle_and_copy() -> None:
    answer = {"status": 400, "headers": http.Headers({"A": "b"}), "body": b"x"}
    made = [
        errors.BadRequest(**answer, errors=("no",)),
        errors.TooManyRequests(**answer, retry_after=2.0),
        errors.UnexpectedAnswer(**answer, reason="html"),
        errors.ConnectionFailed("no route", maybe_sent=True),
        errors.TimedOut("late"),
        errors.MalformedAnswer("ssh"),
    ]
    for error in made:
        error.attempts = 3
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(twin) is type(error)
            assert (str(twin), vars(twin)) == (str(error), vars(error))


def test_refused_connection_names_no_secret() -> None:
    key = credentials.ApiKey("query", "key", KEY)
    with (
        connect(f"http://127.0.0.1:{closed_port()}", credentials=[key]) as client,
        pytest.raises(errors.ConnectionFailed) as caught,
    ):
        client._call(TRACK, body=b"{}")
    assert not leaks("".join(traceback.format_exception(caught.value)))
