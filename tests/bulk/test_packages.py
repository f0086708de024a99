"""The command line of packages of other kinds: several operations, arguments, large, hostile."""

from __future__ import annotations

import copy
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from behaviour.test_pythons import pythons, wanted
from bulk.commandline import ENVIRON, NAME, EventServer, lines, package
from delivery.documents import with_batches
from delivery.receiver import OK, Receiver, Reply
from eventwright.emit.declarations import events as events_views
from eventwright.emit.views import client as client_views
from support import ROOT, event, event_document, generate_from, load_module, write_package

_numbers = itertools.count()
Main = Callable[..., int]


def made(document: Any, folder: Path, **config: Any) -> Main:
    """The command line of a package of its own."""
    package = folder / f"package_{next(_numbers)}"
    write_package(generate_from(document, features=["send"], **config).files, package)
    load_module(package)
    main = import_module(f"{package.name}._runtime.bulk.main").main
    described = import_module(f"{package.name}.__main__").PACKAGE

    def run(*arguments: str) -> int:
        code: int = main(described, arguments)
        return code

    return run


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.jsonl").write_text('{"event": "A"}\n{"event": "B"}\n')
    return "e.jsonl"


def test_several_operations_and_no_default_server(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server is asked for, and the operation where there are several is chosen."""
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    other = {**document["paths"]["/events"]["post"], "operationId": "other"}
    document["paths"]["/other"] = {"post": other}
    run = made(document, tmp_path)
    with pytest.raises(SystemExit):
        run("send", file)
    assert "--server" in capsys.readouterr().err
    with FaultServer() as server:
        assert run("send", file, "--server", server.url) == 2
        said = "several operations take A: say which with --operation, one of send, other\n"
        assert capsys.readouterr().err.endswith(said)
        assert run("send", file, "--server", server.url, "--argument", "a=1") == 2
        said = "--argument is of one operation: say which with --operation, one of send, other\n"
        assert capsys.readouterr().err.endswith(said)
        assert server.seen == []
        for name in ("send", "other"):
            assert run("send", file, "--server", server.url, "--operation", name) == 0
    assert [seen.target for seen in server.seen] == ["/events", "/events", "/other", "/other"]


def test_events_that_an_operation_does_not_take(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    one = copy.deepcopy(document["paths"]["/events"]["post"])
    one["requestBody"]["content"]["application/json"]["schema"] = event("A")
    document["paths"]["/one"] = {"post": {**one, "operationId": "one"}}
    run = made(document, tmp_path)
    with FaultServer() as server:
        assert run("send", file, "--server", server.url, "--operation", "one") == 2
        assert server.seen == []
    said = capsys.readouterr().err
    assert "e.jsonl:2: " in said
    assert "e.jsonl:1: " not in said


def in_arrays(holder: str = "", tag: str = "event") -> Any:
    """An API that takes arrays of its events alone, or an object that holds one."""
    told = {**event("A"), "required": [tag]}, {**event("B"), "required": [tag]}
    arms = [{**each, "properties": {tag: each["properties"]["event"], "n": {}}} for each in told]
    array = {"type": "array", "items": {"oneOf": arms}}
    whole = {"type": "object", "required": [holder], "properties": {holder: array}}
    return event_document(whole if holder else array)


@pytest.mark.parametrize("holder", ["", "batch"])
@pytest.mark.parametrize(("tag", "config"), [("event", {}), ("kind", {"events": ["send"]})])
def test_events_that_only_an_array_is_taken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: str, tag: str, config: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{tag: "A", "n": 1}, {tag: "B", "n": 2}]
    Path("e.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    run = made(in_arrays(holder, tag), tmp_path, fill={"messageId": "uuid"}, **config)
    with FaultServer() as server:
        assert run("send", "e.jsonl", "--server", server.url, "--concurrency", "1") == 0
        bodies = [json.loads(each.body) for each in server.seen]
        sent = [(each[holder] if holder else each) for each in bodies]
        assert [{**each, "messageId": ""} for (each,) in sent] == [
            {**each, "messageId": ""} for each in rows
        ]
        assert all(each["messageId"] for (each,) in sent)
        Path("p.csv").write_text("n\n3\n")
        assert run("send", "p.csv", "--event", "A", "--server", server.url) == 0


def test_several_in_one_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where the document has an operation for it; the guilty one alone is rejected."""
    monkeypatch.chdir(tmp_path)
    rows = [{"event": "Made", "userId": f"u{n}", "n": n} for n in range(100)]
    Path("e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = made(with_batches(), tmp_path)

    def refuses(number: int, body: Any) -> Reply:
        events = body.get("batch", [body])
        return Reply(400) if any(event["n"] == 17 for event in events) else OK

    with Receiver(refuses) as receiver:
        server = ("--server", receiver.url)
        said = ("--batch", "many", "--batch-size", "40", "--concurrency", "1")
        assert run("send", "e.jsonl", *server, *said) == 1
    sent = [body.get("batch", [body]) for body in receiver.arrived.events]
    assert sorted(event["n"] for events in sent for event in events) == [
        n for n in range(100) if n != 17
    ]
    assert max(map(len, sent)) == 40
    rejects = Path("e.jsonl.rejects.jsonl").read_text().splitlines()
    assert [json.loads(each)["line"] for each in rejects] == [18]
    with pytest.raises(SystemExit):
        run("send", "e.jsonl", *server, "--batch", "one")
    assert "invalid choice: 'one'" in capsys.readouterr().err
    alone = made(event_document(event("Made")), tmp_path)
    with pytest.raises(SystemExit):
        alone("send", "e.jsonl", *server, "--batch", "many")
    assert "unrecognized arguments: --batch many" in capsys.readouterr().err


def in_groups() -> Any:
    """Operations in groups, each with a way in of its own and one with none; server variables."""
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    post = document["paths"].pop("/events")["post"]
    schemes = {
        "o": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "https://x.example/t", "scopes": {}}},
        },
        "k": {"type": "apiKey", "in": "query", "name": "key"},
    }
    document["components"]["securitySchemes"] = schemes
    variables = {"host": {"default": "127.0.0.1"}, "port": {"default": "1"}}
    document["servers"] = [{"url": "http://{host}:{port}/v1", "variables": variables}]
    ws = {"name": "ws", "in": "path", "required": True, "schema": {"type": "string"}}
    for path, name, arm, more in (
        ("/{ws}/a", "send_a", event("A"), {"tags": ["alpha"], "parameters": [ws]}),
        ("/b", "send_b", event("B"), {"tags": ["beta"], "security": [{"k": []}]}),
        ("/c", "send_c", event("C"), {"tags": ["beta"], "security": [{"o": []}]}),
        ("/d", "send_d", event("D"), {"tags": ["beta"]}),
    ):
        own = copy.deepcopy(post)
        own["requestBody"]["content"]["application/json"]["schema"] = arm
        document["paths"][path] = {"post": {**own, "operationId": name, **more}}
    return document


def test_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each event goes to its operation, if the environment has the credential for that."""
    monkeypatch.chdir(tmp_path)
    run = made(in_groups(), tmp_path)
    last = f"PACKAGE_{next(_numbers) - 1}"

    def said(*rows: str, options: Sequence[str] = ()) -> tuple[int, str]:
        text = "".join(f'{{"event": "{each}"}}\n' for each in rows)
        (tmp_path / "e.jsonl").write_text(text)
        capsys.readouterr()
        code = run("send", "e.jsonl", "--port", server.url.rpartition(":")[2], *options)
        return code, capsys.readouterr().err.partition("JSON Lines\n")[2]

    with FaultServer() as server:
        assert said("D", "B") == (
            2,
            "beta.send_b needs a credential the client was not given: that of the security scheme "
            f"'k'. The environment has none: set {last}_API_KEY or {last}_TOKEN\n",
        )
        assert said("D", "A") == (
            2,
            "alpha.send_a needs more than the event: --operation alpha.send_a --argument ws=…\n",
        )
        assert not server.seen
        assert said("D") == (0, "")
        monkeypatch.setenv(f"{last}_API_KEY", "the-key")
        monkeypatch.setenv(f"{last}_TOKEN", "the-token")
        assert said("B", "C", "D") == (0, "")
        alpha = ("--operation", "alpha.send_a", "--argument", "ws=7")
        assert said("A", options=alpha) == (0, "")
    found = {seen.target: seen.headers.get("authorization") for seen in server.seen}
    assert found == {
        "/v1/d": None,
        "/v1/b?key=the-key": None,
        "/v1/c": "Bearer the-token",
        "/v1/7/a": None,
    }


def test_a_run_goes_on_only_with_the_credential_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run = made(in_groups(), tmp_path)
    key = f"PACKAGE_{next(_numbers) - 1}_API_KEY"
    (tmp_path / "e.jsonl").write_text('{"event": "B"}\n')
    with FaultServer(reply(401), reply()) as server:
        given = ("send", "e.jsonl", "--port", server.url.rpartition(":")[2])
        monkeypatch.setenv(key, "old")
        assert run(*given) == 3
        monkeypatch.delenv(key)
        for again in (given, ("send", "e.jsonl.outbox")):
            assert run(*again) == 2
            assert "beta.send_b needs a credential" in capsys.readouterr().err
        monkeypatch.setenv(key, "new")
        assert run(*given) == 0
    assert [seen.target for seen in server.seen] == ["/v1/b?key=old", "/v1/b?key=new"]


def test_an_argument_that_is_a_credential(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    operation = document["paths"]["/events"]["post"]
    operation["parameters"] = [
        {"name": "access_token", "in": "query", "schema": {"type": "string"}}
    ]
    run = made(document, tmp_path)
    given = ("--server", "http://127.0.0.1:9", "--argument", "access_token=sesame")
    assert run("send", file, *given) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[1].startswith("access_token of send is a parameter for a credential")
    assert len(said.splitlines()) == 2
    assert "sesame" not in said
    assert [path.name for path in tmp_path.glob("e.jsonl*")] == ["e.jsonl"]


def test_a_parameter_that_is_called_event(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    operation = document["paths"]["/events"]["post"]
    query = {"name": "event", "in": "query", "required": True, "schema": {"type": "string"}}
    operation["parameters"] = [query]
    run = made(document, tmp_path)
    with FaultServer() as server:
        assert run("send", file, "--server", server.url) == 2
        said = capsys.readouterr().err.splitlines()[-1]
        (name,) = re.findall(r"--argument (\w+)=…", said)
        assert run("send", file, "--server", server.url, "--argument", f"{name}=x") == 0
    assert {seen.target for seen in server.seen} == {"/events?event=x"}


PARAMETERS = [
    {"name": "ws", "in": "path", "required": True, "schema": {"type": "integer"}},
    {"name": "mode", "in": "query", "schema": {"enum": ["a", "b"]}},
    {"name": "level", "in": "query", "schema": {"enum": [1, 2]}},
    {"name": "at", "in": "query", "schema": {"type": "string", "format": "date-time"}},
    {"name": "day", "in": "query", "schema": {"type": "string", "format": "date"}},
    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    {"name": "deep", "in": "query", "schema": {"type": "boolean"}},
    {"name": "code", "in": "query", "schema": {"type": "string"}},
]


@pytest.fixture
def with_arguments(tmp_path: Path) -> Main:
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    operation = document["paths"].pop("/events")["post"]
    document["paths"]["/{ws}/events"] = {"post": {**operation, "parameters": PARAMETERS}}
    return made(document, tmp_path)


def given(**arguments: str) -> list[str]:
    return [part for each in arguments.items() for part in ("--argument", "=".join(each))]


def test_arguments_of_the_operation(file: str, with_arguments: Main) -> None:
    with FaultServer() as server:
        more = given(
            ws="7",
            mode="b",
            level="2",
            at="2026-11-24T09:30:00Z",
            day="2026-11-24",
            ids="[1, 2]",
            deep="true",
            code="007",
        )
        assert with_arguments("send", file, "--server", server.url, *more) == 0
    assert {seen.target for seen in server.seen} == {
        "/7/events?mode=b&level=2&at=2026-11-24T09%3A30%3A00Z&day=2026-11-24&ids=1&ids=2"
        "&deep=true&code=007"
    }


@pytest.mark.parametrize(
    ("text", "sent"),
    [("yes", "true"), ("1", "true"), ("True", "true"), ("no", "false"), ("0", "false")],
)
def test_a_switch_is_told_in_many_words(
    file: str, with_arguments: Main, text: str, sent: str
) -> None:
    with FaultServer() as server:
        given_ = given(ws="7", deep=text)
        assert with_arguments("send", file, "--server", server.url, *given_) == 0
    assert {seen.target for seen in server.seen} == {f"/7/events?deep={sent}"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "send needs more than the event: --argument ws=…"),
        ({"ws": "1", "mdoe": "a"}, "send has no argument 'mdoe' (did you mean 'mode'?); it has ws"),
        ({"ws": "1", "event": "a"}, "send has no argument 'event'"),
        ({"ws": "1", "timeout": "5"}, "send has no argument 'timeout'"),
        ({"ws": "one"}, "expected an integer, got 'one'"),
        ({"ws": "1", "deep": "perhaps"}, "--argument deep=perhaps: deep is true or false"),
        ({"ws": "1", "deep": ""}, "deep is true or false (or yes or no, 1 or 0)"),
        ({"ws": "1", "mode": "c"}, "expected one of 'a', 'b', got 'c'"),
    ],
    ids=str,
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["", "dry"])
def test_arguments_that_are_wrong(
    file: str,
    with_arguments: Main,
    capsys: pytest.CaptureFixture[str],
    arguments: dict[str, str],
    said: str,
    dry: list[str],
) -> None:
    with FaultServer() as server:
        more = [*given(**arguments), *dry]
        assert with_arguments("send", file, "--server", server.url, *more) == 2
        assert server.seen == []
    assert said in capsys.readouterr().err


def test_other_arguments_are_other_events(file: str, with_arguments: Main) -> None:
    with FaultServer(reply(401), reply(401), reply()) as server:
        url = ["--server", server.url, "--concurrency", "1"]
        assert with_arguments("send", file, *url, *given(ws="1")) == 3
        assert with_arguments("send", file, *url, *given(ws="2")) == 2


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_views, "MOST_IN_ONE_MODULE", 0)
    monkeypatch.setattr(client_views, "MOST_IN_ONE_MODULE", 0)


def test_a_large_package(file: str, tmp_path: Path, large: None) -> None:
    """Its events and operations stand in modules; a table makes each load what it needs."""
    document = event_document({"oneOf": [event("A", {"n": {"type": "integer"}}), event("B")]})
    run = made(document, tmp_path)
    (tmp_path / "t.csv").write_text("n,event\n5,A\n,B\n")
    with FaultServer() as server:
        assert run("send", file, "--server", server.url) == 0
        assert run("send", "t.csv", "--server", server.url) == 0
    bodies = [json.loads(seen.body) for seen in server.seen]
    assert sorted(bodies, key=str) == sorted(
        [{"event": "A"}, {"event": "B"}, {"event": "A", "n": 5}, {"event": "B"}], key=str
    )


def test_texts_of_a_document_are_no_code(file: str, tmp_path: Path) -> None:
    """Literals, servers and switches with all that could end a literal or a line."""
    hostile = "'\"\\\n{{x}}\x1b[31m\u202e%(x)s %"
    document: Any = event_document({"oneOf": [event(hostile), event("A"), event("B")]})
    document["servers"] = [{"url": "https://x.example", "description": "it's"}]
    operation = document["paths"]["/events"]["post"]
    operation["parameters"] = [
        {"name": "X-It", "in": "header", "schema": {"enum": ["1"]}, "description": hostile}
    ]
    document["components"]["securitySchemes"] = {
        "class": {"type": "apiKey", "in": "header", "name": "X-Key"}
    }
    operation["security"] = [{"class": []}]
    run = made(document, tmp_path)
    with FaultServer() as server:
        (tmp_path / "h.csv").write_text("event\nA\n")
        assert run("send", file, "--server", server.url, "--dry-run", "--it") == 0
        assert run("send", "h.csv", "--server", server.url, "--dry-run") == 0
    with pytest.raises(SystemExit) as ended:
        run("send", "--help")
    assert ended.value.code == 0


def test_a_runtime_that_clients_share(tmp_path: Path) -> None:
    document = event_document({"oneOf": [event("A"), event("B")]})
    (tmp_path / "spec.json").write_text(json.dumps(document))
    (tmp_path / "eventwright.toml").write_text(
        '[runtime]\noutput = "acme/_shared"\n'
        '[[client]]\nspec = "spec.json"\noutput = "acme/one"\nfeatures = ["send"]\n'
        '[[client]]\nspec = "spec.json"\noutput = "acme/two"\n'
    )
    (tmp_path / "e.jsonl").write_text('{"event": "A"}\n')
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme/__init__.py").touch()
    for command in ("generate", "check"):
        cli = [sys.executable, "-m", "eventwright", command]
        done = subprocess.run(cli, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "acme/two/__main__.py").exists()
    assert not (tmp_path / "acme/one/_runtime").exists()
    with FaultServer() as server:
        send = [sys.executable, "-m", "acme.one", "send", "e.jsonl", "--server", server.url]
        done = subprocess.run(send, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, len(server.seen)) == (0, 1), done.stderr


PYTHONS = f"""
import sys
sys.path.insert(0, sys.argv[1])
from {NAME}.__main__ import PACKAGE
from {NAME}._runtime.bulk.main import main
sys.exit(main(PACKAGE, sys.argv[2:]))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("version", wanted())
def test_every_python(tmp_path: Path, version: str) -> None:
    """Files of each format are read, and sent, by all that packages run on."""
    (tmp_path / "a.jsonl").write_text(lines(["1", "2"]))
    (tmp_path / "a.json").write_text("[" + ",".join(lines(["3", "4"]).splitlines()) + "]")
    (tmp_path / "a.csv").write_text("id;timestamp\n5;2026-11-24 09:30:00+00\nbad;\n")
    command = [str(pythons()[version]), "-B", "-W", "error", "-c", PYTHONS, str(package().parent)]
    given = ["--event", "User Deleted", "--map", "id=userId"]
    with EventServer(lambda user, times: reply(400 if user == "bad" else 200)) as server:
        for file, code in (("a.jsonl", 0), ("a.json", 0), ("a.csv", 1)):
            more = given if file == "a.csv" else []
            send = [*command, "send", file, "--server", server.url, *more]
            done = subprocess.run(send, cwd=tmp_path, env=ENVIRON, capture_output=True, text=True)
            assert done.returncode == code, done.stderr
        status = [*command, "outbox", "status", "a.csv.outbox"]
        done = subprocess.run(status, cwd=tmp_path, env=ENVIRON, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    assert set(server.delivered) == set("12345")


def test_who_did_not_ask_for_it_carries_none_of_it() -> None:
    document = event_document({"oneOf": [event("A"), event("B")]})
    for features in ([], ["outbox"]):
        files = generate_from(document, features=features).files
        assert not [path for path in files if "bulk" in path or "__main__" in path]
    assert (ROOT / "templates/static/_runtime/bulk/main.py").exists()


def test_names_of_the_document_that_are_options_already(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document: Any = event_document({"oneOf": [event("A"), event("B")]})
    document["servers"] = [
        {
            "url": "http://{rate}:{port}",
            "variables": {"rate": {"default": "x.example"}, "port": {"default": "80"}},
        }
    ]
    document["paths"]["/events"]["post"]["parameters"] = [
        {"name": name, "in": "header", "schema": {"enum": ["1"]}}
        for name in ("X-Dry-Run", "X-File", "X-Command")
    ]
    run = made(document, tmp_path)
    with FaultServer() as server:
        host, port = server.url.removeprefix("http://").split(":")
        more = ["--client-rate", host, "--port", port, "--client-dry-run", "--command", "--file"]
        assert run("send", file, *more) == 0
        found = {name for seen in server.seen for name in seen.headers if name.startswith("x-")}
        assert found == {"x-dry-run", "x-command", "x-file"}
        assert run("send", file, *more, "--dry-run", "--event", "A") == 2
    assert "$.event: expected 'A', as --event says, got 'B'" in capsys.readouterr().err
