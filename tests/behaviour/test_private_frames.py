"""Crash reporters log the variables of every frame: none of ours holds a credential."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from behaviour.clients import BODY
from behaviour.faultserver import Fault, FaultServer, cut_body, drop, hang, raw, reply
from behaviour.runtime import load
from behaviour.stress import stress
from customerio_events import AsyncClient, Client, RetryPolicy, Timeouts, UserDeleted
from customerio_events.testing import AsyncRecordingClient, RecordingClient
from support import generate_package, load_module

KEY = "s3cret-0123456789-abcdef"
PROXY = f"socks5://{KEY}:{KEY}@h:1"


def variables(error: BaseException) -> str:
    """All that is shown of an error by who shows everything; its first frame is the test's."""
    shown = "".join(
        traceback.TracebackException.from_exception(error, capture_locals=True).format()
    )
    parts = [shown]
    each: BaseException | None = error
    while each is not None:
        parts.append(repr(vars(each)))
        trace = (
            each.__traceback__
            if each is not error or each.__traceback__ is None
            else (each.__traceback__.tb_next)
        )
        while trace is not None:
            parts += map(plain, trace.tb_frame.f_locals.values())
            trace = trace.tb_next
        each = each.__cause__ or each.__context__
    return "\n".join(parts)


def plain(value: Any, depth: int = 3) -> str:
    """What a reporter makes of a value: containers are looked into, text is taken as it is."""
    if isinstance(value, str):
        return str(value)
    if depth and isinstance(value, dict):
        return " ".join(plain(item, depth - 1) for pair in value.items() for item in pair)
    if depth and isinstance(value, (list, tuple, set)):
        return " ".join(plain(item, depth - 1) for item in value)
    return repr(value)


class Making:
    """Makes something of what it keeps to itself: a lambda's frame would show it."""

    def __init__(self, make: Callable[..., Any], given: dict[str, Any]) -> None:
        self._make = make
        self._given = given

    def __call__(self) -> Any:
        return self._make(**self._given)


def failing(make: Callable[[], Any]) -> Exception:
    try:
        make()
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


MISTAKES: list[dict[str, Any]] = [
    {"server": KEY},
    {"server": f"ftp://{KEY}.example"},
    {"server": f"https://user:{KEY}@a.example"},
    {"server": f"https://a.example/?key={KEY}"},
    {"server": object()},
    {"server": None},
    {"api_key": f"{KEY}\n"},
    {"api_key": f"{KEY}:x"},
    {"api_key": ""},
    {"api_key": KEY.encode()},
    {"api_key": None},
    {"timeout": 0},
    {"timeout": "5"},
    {"retries": 3},
    {"transport": object()},
    {"transport": object(), "ssl_context": object()},
    {"api_kee": KEY},
    {"strict_mode": True, "none_such": 1},
]
KINDS: list[Any] = [Client, AsyncClient, RecordingClient, AsyncRecordingClient]


PAIRS = [
    pytest.param(kind, mistake, id=f"{kind.__name__}-{'-'.join(mistake)}")
    for kind in KINDS
    for mistake in MISTAKES
    if "transport" not in mistake or kind in (Client, AsyncClient)
]


@pytest.mark.parametrize(("kind", "mistake"), PAIRS)
def test_a_client_that_cannot_be_made(kind: Any, mistake: dict[str, Any]) -> None:
    error = failing(Making(kind, {"api_key": KEY, **mistake}))
    assert isinstance(error, (TypeError, ValueError))
    assert KEY not in variables(error)


@pytest.mark.parametrize("kind", KINDS[:2], ids=lambda kind: kind.__name__)
def test_a_proxy_that_cannot_be_used(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    for url in (PROXY, f"http://{KEY}@", f"http://u:{KEY}?x@h"):
        monkeypatch.setenv("HTTPS_PROXY", url)
        assert KEY not in variables(failing(lambda: kind(api_key="other-key")))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_client_that_is_half_made_has_a_repr(kind: Any) -> None:
    assert repr(kind.__new__(kind)) == f"<{kind.__name__} half made>"


@pytest.fixture(scope="module")
def stressed(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load_module(generate_package(stress(), tmp_path_factory.mktemp("frames")), "client")


@pytest.mark.parametrize(
    "given",
    [
        {"username": f"{KEY}:", "password": KEY},
        {"username": KEY, "password": f"{KEY}\n"},
        {"username": KEY, "password": KEY, "token": f"{KEY} x"},
        {"head": f"{KEY}\u20ac"},
        {"head": f" {KEY}"},
        {"query": f"{KEY}\x00"},
        {"jar": f"{KEY};"},
        {"jar": KEY, "timeout": -1},
    ],
    ids=lambda given: "-".join(given),
)
def test_credentials_of_every_kind(stressed: ModuleType, given: dict[str, Any]) -> None:
    error = failing(Making(stressed.Client, given))
    assert isinstance(error, ValueError)
    assert KEY not in variables(error)


base = load("_runtime.client.client").BaseClient
Key = load("_runtime.http.security").ApiKey
TRACK = load("_runtime.calls.requests").Endpoint(
    name="track", method="POST", path="/t", statuses=("200",), security=(("a", "b"),)
)
CALLS: list[dict[str, Any]] = [
    {"headers": {"Host": "x"}},
    {"headers": {"X": "a\nb"}},
    {"headers": {"X": []}},
    {"timeout": -1},
]


@pytest.mark.parametrize("wrong", CALLS, ids=lambda wrong: "-".join(wrong) or "nothing")
def test_a_call_that_cannot_be_sent(wrong: dict[str, Any]) -> None:
    keys = [Key("header", "X-Key", KEY, "a"), Key("query", "key", KEY, "b")]
    always = [Key("cookie", "sid", KEY), Key("query", "k", KEY)]
    client = base("http://a.example", authorization=KEY, credentials=[*keys, *always])
    error = failing(lambda: client._call(TRACK, body=BODY, **wrong))
    assert isinstance(error, (TypeError, ValueError))
    assert KEY not in variables(error)


ECHO = f'{{"meta":{{"errors":["{KEY}"]}}}}'.encode()
FAULTS: list[Fault] = [
    reply(400, ECHO, headers={"X-Echo": KEY}),
    reply(401, KEY.encode()),
    reply(503, ECHO),
    cut_body(400, ECHO),
    raw(f"HTTP/1.1 403 X\r\n{KEY}\r\n\r\n".encode()),
    raw(KEY.encode()),
    drop,
    hang,
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("async_", [False, True], ids=["sync", "async"])
def test_a_call_that_fails(fault: Fault, async_: bool) -> None:
    options: dict[str, Any] = {
        "timeout": Timeouts(read=0.3, total=5.0),
        "retries": RetryPolicy.none(),
        "trust_env": False,
    }

    async def call(url: str) -> None:
        async with AsyncClient(api_key=KEY, server=url, **options) as client:
            await client.track(UserDeleted(user_id="1"))

    def call_sync(url: str) -> None:
        with Client(api_key=KEY, server=url, **options) as client:
            client.track(UserDeleted(user_id="1"))

    with FaultServer(fault) as server:
        error = failing(lambda: asyncio.run(call(server.url)) if async_ else call_sync(server.url))
    shown = variables(error)
    assert KEY not in shown
    assert KEY[:-3] not in shown


def test_a_success_that_echoes_the_key_shows_it_to_who_asks_alone() -> None:
    with (
        FaultServer(reply(200, ECHO, headers={"X-Echo": KEY})) as server,
        Client(api_key=KEY, server=server.url, trust_env=False) as client,
    ):
        answer = client.track(UserDeleted(user_id="1"))
    assert KEY in answer.body.decode()
    assert KEY not in f"{answer!r}{answer!s}{answer.headers!r}{answer.problem}"
    assert repr(answer) == f"<Answer 200, {len(ECHO)} bytes>"
