"""What cannot be sent as the document has it is left out, or goes out as text; the rest is sent.

Each is told in a note and in the package's docstring, and stops generation where `strict` asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, Seen, reply
from behaviour.stress import SCHEMES, STRINGS, document, event_body, operation, parameter, small
from eventwright.diagnostics.diagnostic import UserError
from eventwright.document.load import load_bytes
from eventwright.drift.between import model_of
from eventwright.drift.compare import compare
from eventwright.project.notes import refuse
from support import generate_from, generate_package, load_module

Doc = dict[str, Any]
NESTED = {"type": "array", "items": STRINGS}
OBJECTS = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "integer"}}}}
CSV = {"name": "n", "in": "query", "content": {"text/csv": {"schema": {"type": "string"}}}}
XML = {"name": "n", "in": "query", "content": {"application/xml": {"schema": STRINGS}}}
DIGEST = {"type": "http", "scheme": "digest"}
ILL_NAMED = {"type": "apiKey", "in": "header", "name": "X Key"}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(204)) as running:
        yield running


def secured(security: Any, **schemes: Any) -> Doc:
    return small(security=security, components={"securitySchemes": {**SCHEMES, **schemes}})


def told(data: Doc) -> list[tuple[str, str]]:
    """Code and sentence of each note, but for that on events."""
    remarks = generate_from(data).model.remarks
    return [(each.code, each.sentence) for each in remarks]


def sent(data: Doc, server: FaultServer, folder: Path, *, keys: Any = None, **given: Any) -> Seen:
    client = load_module(generate_package(data, folder), "client").Client
    with client(server=server.url, trust_env=False, **(keys or {})) as made:
        made.a(**given)
    return server.seen[-1]


AS_TEXT: dict[str, tuple[Doc, Any, str]] = {
    "nested list": (parameter("n", "query", NESTED), [["a"], []], "n=%5B%5B%22a%22%5D,%5B%5D%5D"),
    "list of objects": (parameter("n", "query", OBJECTS), [{"a": 1}], "n=%5B%7B%22a%22:1%7D%5D"),
    "content that is not JSON": (CSV, "a,b", "n=a%2Cb"),
    "content that the caller writes": ({**XML, "required": True}, "<a>1</a>", "n=<a>1</a>"),
}


@pytest.mark.parametrize("name", AS_TEXT)
def test_what_no_style_has_a_form_for_goes_out_as_text(
    name: str, server: FaultServer, tmp_path: Path
) -> None:
    item, value, query = AS_TEXT[name]
    data = small(item)
    [(code, sentence)] = told(data)
    assert code == "N124"
    assert sentence.startswith("the parameter n of a goes out as ")
    seen = sent(data, server, tmp_path, n=value)
    assert _plain(seen.target) == _plain(f"/a?{query}")


def _plain(target: str) -> str:
    from urllib.parse import unquote

    return unquote(target)


LEFT_OUT: dict[str, Doc] = {
    "header of the client's": parameter("Host", "header", {}, required=True),
    "length": parameter("Content-Length", "header", {"type": "integer"}),
    "coding": parameter("transfer-encoding", "header", {"type": "string"}),
    "header of an impossible name": parameter("X Key", "header", {"type": "string"}),
    "cookie of an impossible name": parameter("a[b]", "cookie", {"type": "string"}),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_parameter_that_cannot_be_sent_is_left_out_alone(
    name: str, server: FaultServer, tmp_path: Path
) -> None:
    data = small(LEFT_OUT[name], parameter("kept", "query", {"type": "string"}))
    [(code, sentence)] = told(data)
    assert (code, sentence.partition(": ")[0]) == (
        "N122",
        f"the parameter {LEFT_OUT[name]['name']} of a is left out",
    )
    seen = sent(data, server, tmp_path, kept="k")
    assert seen.target == "/a?kept=k"


def test_an_operation_that_requires_it_is_left_out_with_all_that_only_it_has(
    tmp_path: Path,
) -> None:
    ill = parameter("X Key", "header", {"type": "string", "enum": ["p", "q"]}, required=True)
    data = document(
        {
            "/a": {"get": operation("a")},
            "/b": {"post": operation("b", ill, requestBody=event_body("Lost"))},
        }
    )
    [(code, sentence)] = told(data)
    assert code == "N121"
    assert sentence.startswith("the operation b is left out: it requires the parameter X Key, and ")
    files = generate_from(data).files
    assert "def a(" in files["client.py"]
    assert "def b(" not in files["client.py"]
    assert "Lost" not in files["events.py"]
    module = load_module(generate_package(data, tmp_path))
    package = module.__name__.partition(".")[0]
    doc = __import__(package).__doc__ or ""
    assert "the operation b is left out" in " ".join(doc.split())


def test_comparing_sees_what_moves_in_what_is_left_out() -> None:
    def made(required: bool, kind: str) -> Doc:
        ill = parameter("X Key", "header", {"type": kind}, required=required)
        return document({"/a": {"get": operation("a", ill)}})

    def model(data: Doc) -> Any:
        return model_of(load_bytes(json.dumps(data).encode(), "s.json"))

    old = model(made(True, "string"))
    assert not compare(old, model(made(True, "string")))
    assert compare(old, model(made(True, "integer")))
    assert compare(model(made(False, "string")), old)


CREDENTIALS: dict[str, tuple[Doc, dict[str, str], dict[str, str | None], str]] = {
    "none that can be sent": (
        secured([{"d": []}], d=DIGEST),
        {},
        {"authorization": None},
        "the credential d is left out: clients do not authenticate by digest; "
        "nothing takes its place in a",
    ),
    "an impossible name": (
        secured([{"d": []}], d=ILL_NAMED),
        {},
        {"authorization": None},
        "the credential d is left out: no header can be called 'X Key'; "
        "nothing takes its place in a",
    ),
    "undeclared": (
        secured([{"d": []}]),
        {},
        {"authorization": None},
        "the credential d is left out: it is declared nowhere; nothing takes its place in a",
    ),
    "another way in": (
        secured([{"d": []}, {"bearer": []}]),
        {"token": "t"},
        {"authorization": "Bearer t"},
        "the credential d is left out: it is declared nowhere; there are other ways in for a",
    ),
    "together with one that can": (
        secured([{"d": [], "head": []}], d=DIGEST),
        {"api_key": "k"},
        {"authorization": None, "x-key": "k"},
        "the credential d is left out: clients do not authenticate by digest; "
        "nothing takes its place in a",
    ),
    "two in one header": (
        secured([{"bearer": [], "basic": []}]),
        {"username": "u", "password": "p"},
        {"authorization": "Basic dTpw"},
        "the credential bearer is left out: basic, which is asked for together with it, travels "
        "in the same place; nothing takes its place in a",
    ),
}


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_that_cannot_be_sent_is_left_out(
    name: str, server: FaultServer, tmp_path: Path
) -> None:
    data, keys, headers, sentence = CREDENTIALS[name]
    assert told(data) == [("N123", sentence)]
    seen = sent(data, server, tmp_path, keys=keys)
    assert {each: seen.headers.get(each) for each in headers} == headers


def test_a_credential_is_told_once_however_many_ask_for_it() -> None:
    paths = {f"/{n}": {"get": operation(f"get{n}", security=[{"d": []}])} for n in range(5)}
    [(code, sentence)] = told(document(paths))
    assert code == "N123"
    assert sentence.endswith("nothing takes its place in get0, get1, get2 and 2 more")


def test_the_docstring_lists_twenty_and_counts_the_rest(tmp_path: Path) -> None:
    items = [parameter(f"a {n}", "header", {"type": "string"}) for n in range(30)]
    text = " ".join(generate_from(small(*items)).files["__init__.py"].split())
    assert "the parameter a 19 of a is left out" in text
    assert "the parameter a 20 of a" not in text
    assert "and 10 more: `eventwright inspect`." in text


@pytest.mark.parametrize(
    "data",
    [small(LEFT_OUT["length"]), small(AS_TEXT["nested list"][0]), secured([{"d": []}], d=DIGEST)],
)
def test_strict_stops_for_it(data: Doc) -> None:
    model = generate_from(data).model
    with pytest.raises(UserError):
        refuse(load_bytes(json.dumps(data).encode(), "s.json"), model.remarks)


SAID: dict[str, tuple[Doc, dict[str, Any], str]] = {
    "servers in case only": (
        small(servers=[{"url": "https://a.example"}, {"url": "https://b.example"}]),
        {"servers": {"us": "https://a.example", "US": "https://b.example"}},
        "E311",
    ),
    "argument": (
        small(security=[{"basic": []}], components={"securitySchemes": SCHEMES}),
        {"auth": {"basic": {"username": "server"}}},
        "E302",
    ),
    "method": (small(), {"operations": {"a": {"name": "events"}}}, "E302"),
}


@pytest.mark.parametrize("name", SAID)
def test_names_that_the_configuration_gives_still_have_to_fit(name: str) -> None:
    data, config, code = SAID[name]
    with pytest.raises(UserError) as caught:
        generate_from(data, **config)
    assert [found.code for found in caught.value.diagnostics] == [code]


def test_servers_of_one_name_are_told_apart() -> None:
    data = small(servers=[{"url": "https://a.example/b"}, {"url": "https://a.example/B"}])
    names = [server.name for server in generate_from(data).model.servers]
    assert names == ["a_dot_example_slash_b", "a_dot_example_slash_capital_b"]
    assert [code for code, _ in told(data)] == ["N108", "N108"]
