"""Headers of a client and of one call: what of them arrives, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest

from behaviour.clients import BODY, CALLS, async_client, sync_client
from behaviour.faultserver import FaultServer, Seen, reply
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK
from support import event, event_document, generate_package, load_module

errors = load("_runtime.http.messages")
requests = load("_runtime.calls.requests")
RetryPolicy = load("_runtime.client.retries").RetryPolicy
_PARAMETERS = [
    {"name": "X-Given", "in": "header", "schema": {"type": "string"}},
    {"name": "X-Strict", "in": "header", "schema": {"type": "string", "enum": ["1"]}},
    {"name": "headers", "in": "query", "schema": {"type": "string"}},
    {"name": "seen", "in": "cookie", "schema": {"type": "string"}},
]


def _document() -> dict[str, Any]:
    data = event_document(event("A"))
    post = data["paths"]["/events"]["post"]
    post["parameters"] = _PARAMETERS
    get = {"operationId": "list", "tags": ["orders"], "responses": {"200": {"description": "x"}}}
    data["paths"]["/orders"] = {"get": get}
    form = {"type": "object", "properties": {"headers": {"type": "string"}}}
    content = {"application/x-www-form-urlencoded": {"schema": form}}
    responses = {"200": {"description": "x"}}
    put = {"operationId": "form", "tags": ["forms"], "requestBody": {"content": content}}
    data["paths"]["/orders"]["put"] = {**put, "responses": responses}
    return data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = generate_package(_document(), tmp_path_factory.mktemp("headers"))
    load_module(folder, "testing")
    return __import__(folder.name)


@pytest.fixture(params=["sync", "async"])
def call(package: ModuleType, request: pytest.FixtureRequest) -> Any:
    """Calls a method of a client made with options; gives what arrived."""

    def called(name: str, options: Mapping[str, Any], *given: Any, **named: Any) -> Seen:
        with FaultServer(reply()) as server:
            chosen = {"server": server.url, "trust_env": False, **options}
            if request.param == "sync":
                with package.Client(**chosen) as client:
                    _method(client, name)(*given, **named)
            else:

                async def main() -> None:
                    async with package.AsyncClient(**chosen) as client:
                        await _method(client, name)(*given, **named)

                asyncio.run(main())
            arrived: Seen = server.seen[-1]
            return arrived

    return called


def _method(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part)
    return client


def test_those_of_a_client_and_of_a_call(call: Any, package: ModuleType) -> None:
    own = {"X-Service": "billing", "X-Team": "a"}
    seen = call("send", {"headers": own}, package.A(), headers={"x-team": "b", "X-Call": "1"})
    assert seen.headers["x-service"] == "billing"
    assert (seen.headers["x-team"], seen.headers["x-call"]) == ("b", "1")


def test_a_parameter_that_is_given_wins(call: Any, package: ModuleType) -> None:
    headers = {"x-given": "header", "X-STRICT": "header", "Cookie": "a=1"}
    seen = call("send", {}, package.A(), headers=headers)
    assert (seen.headers["x-given"], seen.headers["x-strict"]) == ("header", "header")
    assert seen.headers["cookie"] == "a=1"
    given = {"given": "parameter", "strict": True, "seen": "yes"}
    seen = call("send", {}, package.A(), headers=headers, **given)
    assert (seen.headers["x-given"], seen.headers["x-strict"]) == ("parameter", "1")
    assert seen.headers["cookie"] == "seen=yes; a=1"


def test_what_is_called_headers_in_the_document(call: Any, package: ModuleType) -> None:
    seen = call("send", {}, package.A(), headers={"X-A": "b"}, headers_="query")
    assert (seen.target, seen.headers["x-a"]) == ("/events?headers=query", "b")
    seen = call("forms.form", {}, headers={"X-A": "b"}, headers_body="field")
    assert (seen.body, seen.headers["x-a"]) == (b"headers=field", "b")


def test_groups(call: Any) -> None:
    assert call("orders.list", {}, headers={"X-A": "b"}).headers["x-a"] == "b"


def test_every_attempt_has_them() -> None:
    with FaultServer(reply(503), reply()) as server, sync_client(server.url) as client:
        client._call(TRACK, body=BODY, headers={"X-Trace": "t-1"})
        assert [each.headers["x-trace"] for each in server.seen] == ["t-1", "t-1"]
        client._call(TRACK, body=BODY)
        assert "x-trace" not in server.seen[-1].headers


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"X-A": "b\r\nX-Injected: 1"}, ValueError),
        ({"X-A\r\nX-Injected": "1"}, ValueError),
        ({"X A": "1"}, ValueError),
        ({"": "1"}, ValueError),
        ({"X-A": "\u20ac"}, ValueError),
        ({"Host": "other.example"}, ValueError),
        ({"content-LENGTH": "1"}, ValueError),
        ({"Transfer-Encoding": "chunked"}, ValueError),
        ({"Connection": "close"}, ValueError),
        ({"X-A": 1}, TypeError),
        ({b"X-A": "1"}, TypeError),
        ([("X-A", "1")], TypeError),
        ("X-A: s3cret", TypeError),
    ],
)
def test_what_cannot_be_a_header_is_refused(headers: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        sync_client("https://example.com", headers=headers)
    assert "s3cret" not in str(caught.value)
    with FaultServer(reply()) as server, sync_client(server.url) as client:
        with pytest.raises(error):
            client._call(TRACK, body=BODY, headers=headers)
        assert server.seen == []


@pytest.mark.parametrize("where", ["client", "call"])
def test_a_credential_among_them_is_never_shown(where: str) -> None:
    secret = "s3cret-0123456789"
    headers = {"Authorization": f"Bearer {secret}"}
    echo = reply(400, {"meta": {"errors": [secret]}}, headers={"X-Echo": secret})
    with FaultServer(echo) as server:
        own, more = ({}, {"headers": headers}) if where == "call" else ({"headers": headers}, {})
        with (
            sync_client(server.url, authorization=None, retries=ONCE, **own) as client,
            pytest.raises(errors.BadRequest) as caught,
        ):
            client._call(TRACK, body=BODY, **more)
        assert server.seen[0].headers["authorization"] == f"Bearer {secret}"
    assert secret not in f"{caught.value}{vars(caught.value)}"


def test_what_differs_by_call_is_not_kept() -> None:
    with FaultServer(reply()) as server, sync_client(server.url) as client:
        for number in range(200):
            client._call(TRACK, body=BODY, headers={"X-Number": str(number)})
        assert len(client._requests._prepared) == 1
        assert [each.headers["x-number"] for each in server.seen] == [str(n) for n in range(200)]


@pytest.mark.parametrize("way", CALLS)
def test_retries_of_one_call(way: str) -> None:
    quick = RetryPolicy(attempts=3, base=0)

    async def asynchronous(url: str, retries: Any) -> None:
        async with async_client(url, retries=ONCE) as client:
            await client._call(TRACK, body=BODY, retries=retries)

    def call(url: str, retries: Any) -> None:
        if way == "async":
            asyncio.run(asynchronous(url, retries))
            return
        with sync_client(url, retries=ONCE) as client:
            client._call(TRACK, body=BODY, retries=retries)

    for retries, made in ((quick, 3), (None, 1)):
        with FaultServer(reply(503)) as server:
            with pytest.raises(errors.ServerFailure) as caught:
                call(server.url, retries)
            assert caught.value.attempts == len(server.seen) == made
    with pytest.raises(TypeError, match="must be a RetryPolicy"):
        call("https://example.com", 3)
