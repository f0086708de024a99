"""Outboxes of other documents: what they deliver is what the client sends, to the last byte."""

from __future__ import annotations

import importlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from delivery.recorder import Answer, Recorder, Seen
from support import event, generate_package, load_module

TEXT = {"type": "string"}
REQUIRED = {"required": ["userId"]}
MADE = event("Made", {"userId": TEXT, "n": {"type": "integer"}}, **REQUIRED)
OTHER = event("Other", {"userId": TEXT}, **REQUIRED)
BEARER = {"type": "http", "scheme": "bearer"}
GRANT = {"clientCredentials": {"tokenUrl": "https://example.com/token", "scopes": {}}}
SCHEMES = {
    "query": {"type": "apiKey", "in": "query", "name": "k"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "c"},
    "oauth": {"type": "oauth2", "flows": GRANT},
}


def operation(
    name: str, schema: Any = None, types: tuple[str, ...] = ("application/json",), **more: Any
) -> dict[str, Any]:
    content = {each: {"schema": schema or ref("made")} for each in types}
    body = {"required": True, "content": content}
    return {
        "operationId": name,
        "requestBody": body,
        "responses": {"200": {"description": ""}},
    } | more


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str, place: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": schema or TEXT}


def document(paths: dict[str, Any], *security: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://example.com/v1"}],
        "paths": paths,
        "components": {"schemas": {"made": MADE, "other": OTHER}},
    }
    if security:
        made["components"]["securitySchemes"] = {name: SCHEMES[name] for name in security}
        made["security"] = [{name: []} for name in security]
    return made


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as found:
        yield found


def package(tmp_path: Path, paths: dict[str, Any], *security: str) -> ModuleType:
    folder = generate_package(document(paths, *security), tmp_path, features=("outbox",))
    return load_module(folder, "outbox")


def of(outbox: Any, name: str) -> Any:
    """Another module of the package."""
    return importlib.import_module(f"{outbox.__name__.rpartition('.')[0]}.{name}")


_numbers = itertools.count()


def delivered(
    outbox: Any, recorder: Recorder, tmp_path: Path, put: Callable[[Any], Any], **options: Any
) -> list[Seen]:
    """What another client delivers of what was put in with a first one."""
    path = tmp_path / f"{next(_numbers)}.db"
    given = {"server": f"{recorder.url}/v1", "trust_env": False, **options.pop("client", {})}
    with outbox.Outbox(path, client=outbox.Client(**given), concurrency=0) as box:
        put(box)
    with outbox.Outbox(path, client=outbox.Client(**given), **options) as box:
        assert box.flush(10), box.stats()
        assert not box.dead_letters()
    return recorder.taken()


def sent(outbox: Any, recorder: Recorder, call: Callable[[Any], Any], **client: Any) -> list[Seen]:
    """What a call of a client sends."""
    given = {"server": f"{recorder.url}/v1", "trust_env": False, **client}
    with outbox.Client(**given) as made:
        call(made)
    return recorder.taken()


def made(outbox: Any) -> Any:
    return outbox._events.Made(user_id="ü1", n=3, extra={"x": [1, {"y": None}]})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_methods(tmp_path: Path, recorder: Recorder, method: str) -> None:
    outbox = package(tmp_path, {"/m": {method: operation("sendMade")}})
    expected = sent(outbox, recorder, lambda client: client.send_made(made(outbox)))
    found = delivered(outbox, recorder, tmp_path, lambda box: box.put(made(outbox)))
    assert found == expected
    assert [seen.method for seen in found] == [method.upper()]


def test_parameters_and_headers(tmp_path: Path, recorder: Recorder) -> None:
    parameters = [
        parameter("id", "path"),
        parameter("q", "query", type="array", items=TEXT),
        parameter("X-Tenant", "header", type="integer"),
        parameter("sid", "cookie"),
    ]
    outbox = package(
        tmp_path, {"/p/{id}/x": {"post": operation("sendMade", parameters=parameters)}}
    )
    given = {"id": "a/b ü?#", "q": ["1", "2,3&"], "tenant": 5, "sid": "c=1"}
    given["headers"] = {"X-Trace": "1", "x-tenant": "9"}
    call = lambda client: client.send_made(event=made(outbox), **given)  # noqa: E731
    expected = sent(outbox, recorder, call)
    found = delivered(outbox, recorder, tmp_path, lambda box: box.put(made(outbox), **given))
    assert found == expected
    assert found[0].target == "/v1/p/a%2Fb%20%C3%BC%3F%23/x?q=1&q=2%2C3%26"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_one_of_several_bodies(tmp_path: Path, recorder: Recorder, kind: str) -> None:
    types = ("application/json", "application/x-www-form-urlencoded")
    outbox = package(tmp_path, {"/p": {"post": operation("sendMade", types=types)}})
    given = outbox._events.Made(user_id="ü1", n=3)
    expected = sent(outbox, recorder, lambda client: client.send_made(given, content_type=kind))
    put = lambda box: box.put(given, content_type=kind)  # noqa: E731
    assert delivered(outbox, recorder, tmp_path, put) == expected


@pytest.mark.parametrize("name", ["query", "cookie"])
def test_one_of_two_credentials(tmp_path: Path, recorder: Recorder, name: str) -> None:
    paths = {"/p": {"post": operation("sendMade")}}
    outbox = package(tmp_path, paths, "query", "cookie")
    given = {name: "secret"}
    call = lambda client: client.send_made(made(outbox))  # noqa: E731
    expected = sent(outbox, recorder, call, **given)
    put = lambda box: box.put(made(outbox))  # noqa: E731
    found = delivered(outbox, recorder, tmp_path, put, client=given)
    assert found == expected
    assert "secret" in f"{found[0].target} {dict(found[0].headers).get('cookie')}"


def test_a_credential_that_nobody_has_is_named(tmp_path: Path, recorder: Recorder) -> None:
    outbox = package(tmp_path, {"/p": {"post": operation("sendMade")}}, "query", "cookie")
    failures: list[Any] = []
    client = outbox.Client(server=recorder.url, trust_env=False)
    with outbox.Outbox(None, client=client, on_failure=failures.append) as box:
        box.put(made(outbox))
        assert not box.flush(0.3)
        box.close(0)
    assert [failure.kind for failure in failures] == ["paused"]
    assert "needs a credential the client was not given" in failures[0].reason


class Tokens:
    """Refuses so many tokens before it gives one."""

    def __init__(self, number: int, status: int, **headers: str) -> None:
        self.number, self.status, self.headers = number, status, headers

    def __call__(self, target: str) -> Answer:
        if target != "/token":
            return 200, {}, {}
        self.number -= 1
        if self.number >= 0:
            return self.status, {"Retry-After": self.headers.get("after", "0")}, {"error": "x"}
        return 200, {}, {"access_token": "t", "token_type": "bearer", "expires_in": 3600}


def with_tokens(
    tmp_path: Path, recorder: Recorder, answer: Tokens
) -> tuple[list[str], Any, list[float]]:
    """The kinds of failures, how it stands, and when tokens were asked for."""
    outbox = package(tmp_path, {"/p": {"post": operation("sendMade")}}, "oauth")
    oauth, retries = of(outbox, "_runtime.auth.oauth"), of(outbox, "_runtime.client.retries")
    recorder.answer, kinds = answer, list[str]()
    client = outbox.Client(
        token=oauth.ClientCredentials("id", "secret", token_url=f"{recorder.url}/token"),
        server=recorder.url,
        trust_env=False,
        retries=retries.RetryPolicy.none(),
    )
    quick = outbox.Backoff(base=0.02, cap=0.1, pause=0.1)
    alarm = lambda failure: kinds.append(failure.kind)  # noqa: E731
    with outbox.Outbox(None, client=client, backoff=quick, on_failure=alarm) as box:
        for number in range(5):
            box.put(outbox._events.Made(user_id=f"u{number}"))
        assert box.flush(10), box.stats()
        stats = box.stats()
    asked = [
        at
        for at, seen in zip(recorder.times, recorder.seen, strict=True)
        if "/token" in seen.target
    ]
    return kinds, stats, asked


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_server_of_tokens_with_a_bad_moment(
    tmp_path: Path, recorder: Recorder, status: int
) -> None:
    kinds, stats, asked = with_tokens(tmp_path, recorder, Tokens(3, status))
    assert kinds == [], "nobody has to mend anything"
    assert (stats.delivered, stats.dead, len(asked)) == (5, 0, 4)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_server_of_tokens_that_refuses(tmp_path: Path, recorder: Recorder, status: int) -> None:
    kinds, stats, _ = with_tokens(tmp_path, recorder, Tokens(2, status))
    assert (kinds, stats.delivered, stats.dead) == (["paused"], 5, 0)


def test_a_server_of_tokens_that_wants_to_be_left_alone(tmp_path: Path, recorder: Recorder) -> None:
    _, stats, asked = with_tokens(tmp_path, recorder, Tokens(1, 429, after="1"))
    assert stats.delivered == 5
    assert [second - first >= 1 for first, second in itertools.pairwise(asked)] == [True]


def later(tmp_path: Path, recorder: Recorder, paths: dict[str, Any]) -> Any:
    """The outbox of a package of these paths, with an event that one of before has stored."""
    before = package(tmp_path, {"/p": {"post": operation("sendMade")}})
    options = {"server": recorder.url, "trust_env": False}
    with before.Outbox(tmp_path / "e.db", client=before.Client(**options), concurrency=0) as box:
        box.put(made(before))
    after = package(tmp_path, paths)
    name = after.__name__.rpartition(".")[0]
    with closing(sqlite3.connect(tmp_path / "e.db")) as file, file:  # it is called otherwise here
        file.execute("UPDATE meta SET value = ? WHERE name = 'package'", (name,))
    return after.Outbox(tmp_path / "e.db", client=after.Client(**options))


@pytest.mark.parametrize(
    ("paths", "target", "kind"),
    [
        ({"/q": {"put": operation("sendMade")}}, "/q", "application/json"),
        ({"/p": {"post": operation("sendMade", ref("other"))}}, "/p", "application/json"),
        (
            {"/p": {"post": operation("sendMade", types=("application/vnd.a+json",))}},
            "/p",
            "application/vnd.a+json",
        ),
        (
            {
                "/p": {
                    "post": operation("sendMade", types=("application/jsonl", "application/json"))
                }
            },
            "/p",
            "application/json",
        ),
    ],
    ids=["moved", "another event", "another type", "several types"],
)
def test_what_waits_while_the_document_changes(
    tmp_path: Path, recorder: Recorder, paths: dict[str, Any], target: str, kind: str
) -> None:
    with later(tmp_path, recorder, paths) as box:
        assert box.flush(10), box.stats()
        assert box.dead_letters() == []
    (seen,) = recorder.taken()
    assert (seen.target, dict(seen.headers)["content-type"]) == (target, kind)
    assert seen.body == b'{"event":"Made","userId":"\xc3\xbc1","n":3,"x":[1,{"y":null}]}'


@pytest.mark.parametrize(
    "paths",
    [
        {"/p": {"post": operation("createMade")}},
        {
            "/p": {"post": operation("sendMade", {"type": "array", "items": ref("made")})},
            "/q": {"post": operation("one")},
        },
    ],
    ids=["renamed", "an array"],
)
def test_what_cannot_be_sent_any_more_is_kept(
    tmp_path: Path, recorder: Recorder, paths: dict[str, Any]
) -> None:
    with later(tmp_path, recorder, paths) as box:
        deadline = time.monotonic() + 10
        while not box.stats().paused and time.monotonic() < deadline:
            time.sleep(0.01)
        stats = box.stats()
        box.close(0)
    assert "has no operation 'send_made'" in stats.paused
    assert (stats.pending, stats.dead) == (1, 0)
    assert recorder.taken() == []


def test_a_batch_of_several_types_says_which_it_is(tmp_path: Path, recorder: Recorder) -> None:
    many = {"type": "array", "items": ref("made")}
    types = ("application/jsonl", "application/json")
    paths = {
        "/one": {"post": operation("one")},
        "/many": {"post": operation("many", many, types=types)},
    }
    outbox = package(tmp_path, paths)
    events = [outbox._events.Made(user_id=f"u{number}") for number in range(2)]
    put = lambda box: box.put_many(events)  # noqa: E731
    (seen,) = delivered(outbox, recorder, tmp_path, put, batch="many", concurrency=1)
    assert seen.target == "/v1/many"
    assert dict(seen.headers)["content-type"] == "application/json"


def test_variables_of_a_server_are_those_of_whoever_delivers(tmp_path: Path) -> None:
    """Nothing of them is stored, whatever the path is made of."""
    item = parameter("id", "path")
    made = document(
        {
            "/one": {"post": operation("one")},
            "/own/{id}": {"post": operation("own", parameters=[item])},
        }
    )
    variables = {name: {"default": "x"} for name in ("port", "stage")}
    made["servers"] = [{"url": "http://127.0.0.1:{port}/{stage}", "variables": variables}]
    outbox: Any = load_module(generate_package(made, tmp_path, features=("outbox",)), "outbox")
    event = outbox._events.Made(user_id="a", n=1)
    with Recorder() as recorder:
        before = outbox.Client(port="1", stage="test", trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=before, concurrency=0) as box:
            box.put(event, operation="one")
            box.put(event, operation="own", id="7")
        port = recorder.url.rpartition(":")[2]
        after = outbox.Client(port=port, stage="live", trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=after) as box:
            assert box.flush(10)
    assert [each.target for each in recorder.seen] == ["/live/one", "/live/own/7"]
