"""Variables of servers are arguments of the client: where its requests arrive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from behaviour.stress import document, operation
from behaviour.test_type_checkers import CHECKERS, Errors
from support import generate_from, generate_package, load_module, write_package

REGION = {"default": "us", "enum": ["us", "eu"], "description": "Where data is kept"}


def server(url: str, **variables: Any) -> dict[str, Any]:
    return {"url": url, "variables": variables}


def regional(port: str = "1") -> dict[str, Any]:
    """A client of two servers with variables, and an operation with one of its own."""
    host = server(
        "http://{host}:{port}/{region}/{base-path}",
        host={"default": "127.0.0.1"},
        port={"default": port},
        region=REGION,
        **{"base-path": {"default": "v1"}},
    )
    sandbox = {"url": "https://sandbox.example", "description": "Sandbox"}
    own = server("http://127.0.0.1:{port}/{zone}", port={"default": port}, zone={"default": "z"})
    paths = {"/a": {"get": operation("a")}, "/b": {"get": operation("b", servers=[own])}}
    return document(paths, servers=[{**host, "description": "Live"}, sandbox])


def test_requests_go_where_the_variables_say(tmp_path: Path) -> None:
    with FaultServer(reply(204)) as there:
        made = load_module(generate_package(regional(str(there.port)), tmp_path), "client")

        def called(**given: Any) -> list[str]:
            with made.Client(trust_env=False, **given) as client:
                client.a()
                client.b()
            return [seen.target for seen in there.seen[-2:]]

        assert called() == ["/us/v1/a", "/z/b"]
        assert called(region="eu", base_path="v2/x") == ["/eu/v2/x/a", "/z/b"]
        assert called(server="live", zone="y") == ["/us/v1/a", "/y/b"]
        assert called(server=f"{there.url}/own") == ["/own/a", "/own/b"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"region": "ap"}, "region of the server must be one of 'us', 'eu'"),
    ({"region": "eu", "server": "sandbox"}, "has no variable region"),
    ({"region": "eu", "server": "https://mine.example"}, "has no variable region"),
    ({"host": "a b"}, "URL holds a space"),
    ({"host": "user:password@a"}, "must not hold a user name"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_what_no_request_would_show_is_refused(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    made = load_module(generate_package(regional(), tmp_path), "client")
    with pytest.raises(ValueError, match=said):
        made.Client(**given)


def test_names_of_variables_stay_apart(tmp_path: Path) -> None:
    url = "https://{server}.{timeout}.example/{class}"
    variables = {name: {"default": "d"} for name in ("server", "timeout", "class")}
    data = document({"/a": {"get": operation("a")}}, servers=[server(url, **variables)])
    testing = load_module(generate_package(data, tmp_path), "testing")
    client = testing.RecordingClient(server_="s", timeout_="t", class_="c")
    client.a()
    assert client.requests[0].url == "https://s.t.example/c/a"


@pytest.mark.parametrize("check", CHECKERS)
def test_the_output_is_clean(check: Callable[..., Errors], tmp_path: Path) -> None:
    write_package(generate_from(regional()).files, tmp_path / "regional")
    program = tmp_path / "program.py"
    program.write_text(
        'from regional import Client\n\nClient(region="eu", host="h")\nClient(region="ap")\n'
    )
    found = check([tmp_path / "regional", program], tmp_path)
    assert [place for place in found if place[0] != "program.py"] == []
    assert [line for _, line in found] == [4]
