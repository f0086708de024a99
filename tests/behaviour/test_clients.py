"""Clients of a document that asks for everything: what each call sends, seen by a real server."""

from __future__ import annotations

import asyncio
import base64
import datetime
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest

from behaviour.faultserver import FaultServer, Seen, reply
from behaviour.stress import KEYS, SECURE, document, event_body, operation, small, stress
from behaviour.test_type_checkers import CHECKERS, Errors
from support import generate_from, generate_package, load_module, write_package


@pytest.fixture(scope="module")
def client_module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load_module(generate_package(stress(), tmp_path_factory.mktemp("stress")), "client")


@pytest.fixture(scope="module")
def package(client_module: ModuleType) -> Callable[[str], Any]:
    """The other modules of the same package."""
    return lambda name: importlib.import_module(f"{client_module.__package__}.{name}")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(204)) as running:
        yield running


Call = Callable[..., Seen]


@pytest.fixture
def call(client_module: ModuleType, server: FaultServer) -> Call:
    """Calls a method of a client with some credentials; gives what arrived."""

    def called(method: str, *arguments: Any, keys: Any = KEYS, **named: Any) -> Seen:
        with client_module.Client(server=server.url, trust_env=False, **keys) as client:
            answer = getattr(client, method)(*arguments, **named)
        assert answer.status == 204
        return server.seen[-1]

    return called


PATH: dict[str, Any] = {"id": "a/b?", "ids": ["1", "2,3"], "label": ["l", "m"], "matrix": {"x": 1}}


def test_paths(call: Call) -> None:
    seen = call("styled", **{**PATH, "matrix": {"x": 1, "y": ";"}})
    assert seen.target == "/styled/a%2Fb%3F/1,2%2C3/.l,m/;x=1;y=%3B"
    assert not {"authorization", "cookie", "x-key"} & set(seen.headers)


NOON = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
QUERIES = [
    ({"list": ["a", "b&c"]}, "list=a&list=b%26c"),
    ({"flat": ["a", "b,c"]}, "flat=a,b%2Cc"),
    ({"spaced": ["a", "b"]}, "spaced=a%20b"),
    ({"piped": ["a", "b"]}, "piped=a%7Cb"),
    ({"deep": {"x": 1, "y": "z w"}}, "deep%5Bx%5D=1&deep%5By%5D=z%20w"),
    ({"open": {"x": 1, "y": "z"}}, "x=1&y=z"),
    ({"shut": {"x": 1, "y": "z"}}, "shut=x,1,y,z"),
    ({"day": datetime.date(2024, 2, 29)}, "day=2024-02-29"),
    ({"on": False}, "on=false"),
    ({"ratio": 0.5, "mode": "b"}, "ratio=0.5&mode=b"),
    ({"raw": "a/b:c&d"}, "raw=a/b:c%26d"),
    ({"filter": {"x": 1}}, "filter=%7B%22x%22%3A1%7D"),
    ({"list": []}, ""),
]


@pytest.mark.parametrize(("given", "query"), QUERIES)
def test_queries(call: Call, given: dict[str, Any], query: str) -> None:
    assert call("styled", **PATH, **given).target.partition("?")[2] == query


def test_a_date_time_is_text_of_rfc_3339(call: Call) -> None:
    query = unquote(call("styled", **PATH, since=NOON).target.partition("?")[2])
    sent = query.removeprefix("since=").replace("Z", "+00:00")
    assert datetime.datetime.fromisoformat(sent) == NOON


def test_headers_and_cookies(call: Call) -> None:
    lists = {"list_header": ["a", "b"]}
    seen = call("styled", **PATH, **lists, point={"x": 1, "y": "z"}, ck="a;b ", limit=3)
    assert seen.headers["x-list"] == "a,b"
    assert seen.headers["x-point"] == "x=1,y=z"
    assert seen.headers["cookie"] == "ck=a%3Bb%20; limit=3"


WRONG = [
    ({"ratio": -1}, "ratio"),
    ({"ratio": "1"}, "ratio"),
    ({"mode": "c"}, "mode"),
    ({"since": NOON.replace(tzinfo=None)}, "since"),
    ({"deep": {"x": "1"}}, "deep.x"),
    ({"any": [[]]}, "any: expected a string"),
    ({"open": {"z": 1}}, "open.z"),
    ({"spaced": ["a b"]}, "spaced"),
    ({"point": {"y": "a,b"}}, "['X-Point']"),
    ({"id": None}, "id"),
]


@pytest.mark.parametrize(("given", "place"), WRONG)
def test_wrong_parameters_are_refused_before_the_network(
    call: Call, server: FaultServer, given: dict[str, Any], place: str
) -> None:
    with pytest.raises(ValueError, match="invalid parameters") as caught:
        call("styled", **{**PATH, **given})
    assert place in str(caught.value)
    assert server.seen == []


def placed(seen: Seen) -> set[str]:
    """Which credentials a request carries."""
    authorization = seen.headers.get("authorization", "")
    carried = {
        "basic": authorization == f"Basic {base64.b64encode(b'u:p').decode()}",
        "bearer": authorization == "Bearer tok",
        "head": seen.headers.get("x-key") == "in-header",
        "query": "key=in-query" in seen.target,
        "jar": seen.headers.get("cookie") == "sid=in-cookie",
    }
    leaked = [value for value in ("tok", "in-") if value in str(seen)]
    assert bool(leaked) <= any(carried.values()), seen
    return {key for key, there in carried.items() if there}


@pytest.mark.parametrize("name", SECURE)
def test_each_operation_is_sent_what_it_asks_for(call: Call, name: str) -> None:
    expected = {"Either": {"basic"}, "Perhaps": {"head"}, "Free": set()}
    asked = expected.get(name) if name in expected else set(SECURE[name][0])
    assert placed(call(f"get_{name.lower()}")) == asked


def test_another_way_in_is_taken_where_the_first_was_not_given(call: Call) -> None:
    assert placed(call("get_either", keys={"head": "in-header"})) == {"head"}
    assert placed(call("get_perhaps", keys={})) == set()


def test_a_credential_that_is_missing_is_told_before_the_network(
    call: Call, server: FaultServer
) -> None:
    with pytest.raises(ValueError, match=r"get_two needs a credential .* 'bearer' with 'jar'"):
        call("get_two", keys={"token": "tok"})
    assert server.seen == []


def test_a_cookie_key_cannot_become_two_cookies(client_module: ModuleType) -> None:
    with pytest.raises(ValueError, match="no cookie can"):
        client_module.Client(jar="a; admin=1")


def test_names_stay_apart(package: Callable[[str], Any], call: Call) -> None:
    seen = call(
        "track",
        package("events").ThingDone(),
        call=True,
        trust_env_=True,
        api_="1",
        headers_="2",
        sent_="3",
        timeout_="4",
    )
    assert seen.target == "/track?api=1&headers=2&sent=3&timeout=4"
    assert (seen.headers["x-call"], seen.headers["x-trust-env"]) == ("1", "1")
    assert "x-closed" not in seen.headers
    assert call("track_bodies", ["a"]).body == b'["a"]'
    assert call("events_").target == "/events"


def test_the_recording_client_has_the_events_of_operations_that_take_them(
    package: Callable[[str], Any],
) -> None:
    event = package("events").ThingDone()

    async def main() -> Any:
        client = package("testing").AsyncRecordingClient(closed=True)
        await client.track(event)
        await client.track_bodies(["a"])
        await client.requests_()
        return client.events, [request.target for request in client.requests]

    assert asyncio.run(main()) == ([event], ["/v1/track", "/v1/tags", "/v1/requests"])


def test_servers_are_told_apart_by_what_differs(package: Callable[[str], Any]) -> None:
    names = {member.name for member in package("api").Server}
    assert names == {"ONE_EXAMPLE_V1", "ONE_EXAMPLE_V2", "TWO_EXAMPLE"}


def test_an_operation_goes_to_its_own_server(tmp_path: Path, server: FaultServer) -> None:
    with FaultServer(reply(204)) as own:
        paths = {"/a": {"get": operation("a")}, "/b": {"get": operation("b")}}
        paths["/b"]["get"]["servers"] = [{"url": f"{own.url}/up"}]
        written = generate_package(document(paths, servers=[{"url": server.url}]), tmp_path)
        module = load_module(written, "client")
        with module.Client(trust_env=False) as client:
            client.a()
            client.b()
        # A URL of the caller's own gets every call.
        with FaultServer(reply(204)) as mine, module.Client(server=mine.url) as client:
            client.b()
            assert [seen.target for seen in mine.seen] == ["/b"]
        assert [seen.target for seen in server.seen] == ["/a"]
        assert [seen.target for seen in own.seen] == ["/up/b"]


def test_without_operations_there_is_no_client() -> None:
    hook = {"post": operation("hook", requestBody=event_body("Thing Done"))}
    data = {"openapi": "3.1.0", "info": {"title": "H", "version": "1"}, "webhooks": {"w": hook}}
    assert not {"client.py", "api.py", "testing.py"} & set(generate_from(data).files)


def test_without_servers_the_caller_says_where(tmp_path: Path, server: FaultServer) -> None:
    data = small()
    del data["servers"]
    module = load_module(generate_package(data, tmp_path), "client")
    with module.Client(server=f"{server.url}/base") as client:
        client.a()
    assert server.seen[0].target == "/base/a"
    with pytest.raises(TypeError):
        module.Client()


@pytest.mark.parametrize("check", CHECKERS)
def test_the_output_is_clean(check: Callable[..., Errors], tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    write_package(generate_from(stress()).files, folder)
    files = [folder / f"{name}.py" for name in ("api", "client", "async_client", "testing")]
    assert check([*files, folder / "_runtime" / "bodies" / "parameters.py"], tmp_path) == {}
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--quiet", str(folder)]
    assert subprocess.run(command, capture_output=True, text=True).stdout == ""
