"""Bodies of answers are read as the document has them: leniently by default, checked on request."""

from __future__ import annotations

import asyncio
import copy
import pickle
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from support import event_document, generate_package, load_module

TEXT = {"type": "string"}
PROBLEM = {"type": "object", "required": ["title"], "properties": {"title": TEXT}}
THING = {
    "type": "object",
    "required": ["id", "status", "made"],
    "additionalProperties": False,
    "properties": {
        "id": {**TEXT, "readOnly": True},
        "secret": {**TEXT, "writeOnly": True},
        "status": {**TEXT, "enum": ["open", "paid"]},
        "level": {"type": "integer", "enum": [1, 2]},
        "made": {**TEXT, "format": "date-time"},
        "note": {**TEXT, "maxLength": 3, "pattern": "^a"},
        "count": {"type": "integer", "minimum": 10},
        "parts": {"type": "array", "maxItems": 1, "items": {"$ref": "#/components/schemas/Part"}},
    },
}
PART = {"type": "object", "properties": {"size": {"type": "number"}}}


def _json(schema: Any, kind: str = "application/json") -> dict[str, Any]:
    return {"description": "x", "content": {kind: {"schema": schema}}}


def _document() -> dict[str, Any]:
    ref = {"$ref": "#/components/schemas/Thing"}
    problem = _json({"$ref": "#/components/schemas/Trouble"}, "application/problem+json")
    data = event_document(
        ref, components={"Thing": THING, "Part": PART, "Trouble": PROBLEM, "Problem": PROBLEM}
    )
    operation = data["paths"]["/events"]["post"]
    operation["responses"] = {
        "200": _json(ref),
        "202": _json({"type": "array", "items": ref}),
        "204": {"description": "nothing"},
        "404": _json({"$ref": "#/components/schemas/Problem"}),
        "4XX": problem,
        "503": _json(TEXT),
    }
    text = {"200": {"description": "x", "content": {"text/csv": {"schema": TEXT}}}}
    data["paths"]["/text"] = {"get": {"operationId": "text", "responses": text}}
    pdf = {"200": {"description": "x", "content": {"application/pdf": {}}}}
    data["paths"]["/pdf"] = {"get": {"operationId": "pdf", "responses": pdf}}
    only = {"default": _json({"type": "object", "additionalProperties": {"type": "integer"}})}
    data["paths"]["/only"] = {"get": {"operationId": "only", "responses": only}}
    data["paths"]["/no"] = {"get": {"operationId": "no", "responses": {"200": {"description": ""}}}}
    return data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    written = generate_package(_document(), tmp_path_factory.mktemp("answers"))
    load_module(written, "client")
    return sys.modules[written.name]


def _sent(package: ModuleType, *answers: Any, call: str = "send") -> Any:
    """What the sync client makes of answers; the async one has to say the same."""
    body = [package.Thing(status="open", made=datetime.now(UTC))] if call == "send" else []

    async def other(url: str) -> Any:
        async with package.AsyncClient(server=url, trust_env=False) as client:
            return await getattr(client, call)(*body)

    def outcome(make: Any) -> Any:
        try:
            return make()
        except package.AnswerError as error:
            return error

    with FaultServer(*answers, *answers) as server:
        with package.Client(server=server.url, trust_env=False) as client:
            found = outcome(lambda: getattr(client, call)(*body))
        twin = outcome(lambda: asyncio.run(other(server.url)))
    assert type(twin) is type(found)
    assert (twin.status, twin.body, twin.json) == (found.status, found.body, found.json)
    return found


WHOLE = {"id": "1", "status": "open", "made": "2026-01-02T03:04:05Z"}


def test_a_success_is_read_when_asked_for(package: ModuleType) -> None:
    answer = _sent(package, reply(200, WHOLE, headers={"X-A": "b"}))
    assert (answer.status, answer.headers["x-a"], answer.json) == (200, "b", WHOLE)
    made = answer.data
    assert isinstance(made, package.ThingAnswer)
    assert (made.id, made.status) == ("1", "open")
    assert made.made == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert answer.data is made
    assert answer.checked() == made
    assert made.to_dict() == WHOLE


def test_each_status_has_its_type(package: ModuleType) -> None:
    many = _sent(package, reply(202, [WHOLE, WHOLE])).data
    assert [type(each) for each in many] == [package.ThingAnswer] * 2
    assert _sent(package, reply(204, b"")).data is None
    assert _sent(package, reply(200, b"a,b", headers={"Content-Type": "text/csv"}), call="text")
    text = _sent(package, reply(200, b"a,b", headers={"Content-Type": "text/csv"}), call="text")
    assert text.data == "a,b"
    pdf = _sent(package, reply(200, b"%", headers={"Content-Type": "application/pdf"}), call="pdf")
    assert pdf.data == b"%"
    assert dict(_sent(package, reply(200, {"a": 1}), call="only").data) == {"a": 1}
    assert _sent(package, reply(200, {"a": 1}), call="no").data == {"a": 1}


def test_what_goes_one_way_only(package: ModuleType) -> None:
    """readOnly keys are no part of requests, writeOnly ones none of answers."""
    assert not hasattr(package.Thing, "id")
    assert not hasattr(package.ThingAnswer, "secret")
    with pytest.raises(TypeError):
        package.Thing(id="1", status="open", made=datetime.now(UTC))
    assert package.Part(size=1)  # the same both ways, so there is one


def test_a_server_may_be_newer_than_the_document(package: ModuleType) -> None:
    sent = {
        **WHOLE,
        "status": "lost",
        "level": 7,
        "note": "too long",
        "count": 1,
        "parts": [{"size": 1, "more": [1]}, {"size": None}],
        "undeclared": {"a": 1},
    }
    answer = _sent(package, reply(200, sent))
    made = answer.data
    assert isinstance(made.status, package.Unrecognized)
    assert (made.status, made.level, made.note, made.count) == ("lost", 7, "too long", 1)
    assert made.extra == {"undeclared": {"a": 1}}
    assert [part.size for part in made.parts] == [1, None]
    kept = {**sent, "parts": [{"size": 1, "more": [1]}, {}]}  # null counted as absent
    assert made.to_dict() == kept
    for twin in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert twin == made
        assert twin.to_dict() == kept
    with pytest.raises(package.ValidationError) as caught:
        answer.checked()
    paths = {problem.path for problem in caught.value.problems}
    assert paths == {
        *("$.status", "$.level", "$.note", "$.count", "$.parts", "$.parts[1].size"),
        "$.undeclared",
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**WHOLE, "made": "yesterday"}, "$.made"),
        ({**WHOLE, "id": None}, "$.id"),
        ({**WHOLE, "parts": {}}, "$.parts"),
        ({"status": "open", "made": WHOLE["made"]}, "$.id"),
        ([], "$"),
        (b"<html>", "$"),
        (b"", "$"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told_when_it_is_read(
    package: ModuleType, body: Any, path: str
) -> None:
    answer = _sent(package, reply(200, body))
    assert answer.status == 200
    for read in (lambda: answer.data, answer.checked):
        with pytest.raises(package.ValidationError) as caught:
            read()
        assert path in {problem.path for problem in caught.value.problems}


def test_errors_have_the_body_of_their_status(package: ModuleType) -> None:
    error = _sent(package, reply(404, {"title": "gone", "more": 1}))
    assert isinstance(error, package.NotFound)
    assert isinstance(error.data, package.Problem)
    assert (error.data.title, error.data.extra) == ("gone", {"more": 1})
    other = _sent(package, reply(409, {"title": "old"}))
    assert isinstance(other, package.Conflict)
    assert isinstance(other.data, package.Trouble)
    assert isinstance(_sent(package, reply(418, {"title": "tea"})).data, package.Trouble)
    for twin in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), twin.data, str(twin)) == (type(error), error.data, str(error))
    html = _sent(package, reply(404, b"<html>"))
    assert html.json is None
    with pytest.raises(package.ValidationError):
        _ = html.data


def test_an_answer_can_be_kept(package: ModuleType) -> None:
    answer = _sent(package, reply(200, WHOLE))
    twin = pickle.loads(pickle.dumps(answer))
    assert (twin.data, twin.status, twin.body) == (answer.data, 200, answer.body)
    with pytest.raises(AttributeError):
        answer.status = 1


def test_errors_nobody_describes_come_as_they_are(package: ModuleType) -> None:
    error = _sent(package, reply(404, {"a": 1}), call="no")
    assert isinstance(error, package.NotFound)
    assert error.data == {"a": 1}


def test_the_types_are_in_the_signatures(package: ModuleType, tmp_path: Path) -> None:
    text = (generate_package(_document(), tmp_path) / "client.py").read_text("utf-8")
    assert "-> Answer[ThingAnswer | tuple[ThingAnswer, ...] | None]:" in text
    assert "-> Answer[str]:" in text
    assert "-> Download:" in text
    assert "-> Answer[Mapping[str, int]]:" in text
    assert "-> Answer[Any]:" in text


def test_a_union_may_have_an_arm_that_the_document_has_not(tmp_path: Path) -> None:
    arms = [
        {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}, **keys}}
        for kind, keys in {"a": {"n": {"type": "integer"}}, "b": {}}.items()
    ]
    things = {"type": "object", "properties": {"all": {"type": "array", "items": {"oneOf": arms}}}}
    data = event_document(TEXT)
    data["paths"]["/events"]["post"]["responses"] = {"200": _json(things)}
    written = generate_package(data, tmp_path)
    load_module(written, "client")
    package = sys.modules[written.name]
    sent = {"all": [{"kind": "a", "n": 1}, {"kind": "c", "deep": [{}]}, {"kind": "b"}]}
    with (
        FaultServer(reply(200, sent), reply(200, {"all": [{"kind": 7}]})) as server,
        package.Client(server=server.url, trust_env=False) as client,
    ):
        answer = client.send("x")
        one, two, three = answer.data.all
        assert (one.n, two["kind"], three.kind) == (1, "c", "b")
        assert answer.data.to_dict() == sent
        with pytest.raises(package.ValidationError):
            answer.checked()
        with pytest.raises(package.ValidationError):
            _ = client.send("x").data
    assert "Mapping[str, Any], ...]" in (written / "events.py").read_text("utf-8")


def test_a_pattern_that_is_never_run_stops_no_answer(tmp_path: Path) -> None:
    text = {**TEXT, "pattern": "^(a+)+$", "default": "b"}
    data = event_document({})
    responses = {"200": _json({"type": "array", "items": text}), "4XX": _json(text)}
    data["paths"]["/events"]["post"]["responses"] = responses
    written = generate_package(data, tmp_path)
    module = load_module(written, "client")
    with (
        FaultServer(reply(200, ["b"])) as server,
        module.Client(server=server.url, trust_env=False) as client,
    ):
        assert client.send({}).checked() == ("b",)


def test_values_that_an_enum_has_not(tmp_path: Path) -> None:
    """They are of the types that its values have, and cannot change either."""
    rates = {"type": "number", "enum": [0.5, 1.5]}
    listed = {"enum": [[1], {"a": 1}]}
    levels = {"type": "integer", "enum": [1, 2]}
    properties = {"rate": rates, "listed": listed, "level": levels}
    data = event_document({})
    data["paths"]["/events"]["post"]["responses"] = {
        "200": _json({"type": "object", "properties": properties})
    }
    module = load_module(generate_package(data, tmp_path), "client")
    sent = [
        {"rate": 2, "listed": [2], "level": 3.0},
        {"rate": 2.25, "listed": {"b": [1]}, "level": 4},
        {"rate": True},
    ]
    with (
        FaultServer(*(reply(200, each) for each in sent)) as server,
        module.Client(server=server.url, trust_env=False) as client,
    ):
        for each in sent[:-1]:
            made = client.send({}).data
            assert made.to_dict() == each
            assert hash(made.listed) == hash(copy.deepcopy(made).listed)
            assert type(made.level) is int
        with pytest.raises(ValueError, match="rate"):
            assert client.send({}).data


RANGES = ["*/*", "*", "application/*", "application/*+json", "json", "application/x-json"]


@pytest.mark.parametrize("kind", RANGES)
def test_a_range_of_media_types_is_json(kind: str, tmp_path: Path) -> None:
    """As frameworks write it that answer in JSON unless they are asked for something else."""
    part = {"$ref": "#/components/schemas/Part"}
    data = event_document(part, components={"Part": PART, "Problem": PROBLEM})
    responses = {
        "200": _json(part, kind),
        "202": _json({"type": ["string", "null"]}, kind),
        "404": _json({"$ref": "#/components/schemas/Problem"}, kind),
    }
    data["paths"]["/part"] = {"get": {"operationId": "part", "responses": responses}}
    package = generate_package(data, tmp_path)
    load_module(package, "client")
    module = sys.modules[package.name]
    text = {"Content-Type": "text/plain;charset=UTF-8"}

    def sent(answer: Any) -> Any:
        return _sent(module, answer, call="part")

    assert sent(reply(200, {"size": 1})).data.size == 1
    if not kind.endswith(("+json", "x-json")):
        assert sent(reply(202, b"plain", headers=text)).data == "plain"
    assert sent(reply(202, b'"quoted"')).data == "quoted"
    assert sent(reply(202, b"null")).data is None
    assert sent(reply(404, {"title": "none"})).data.title == "none"
    odd = sent(reply(200, b"<html>", headers={"Content-Type": "text/html"}))
    assert bool(odd.problem) == (kind.endswith("json") and "/" in kind)
    with pytest.raises(module.ValidationError, match="expected JSON"):
        odd.data  # noqa: B018
    assert "Answer[Part | str | None]" in (package / "client.py").read_text("utf-8")


def test_a_range_without_a_schema_or_of_files_is_a_download(tmp_path: Path) -> None:
    data = event_document({"type": "object"})
    responses = data["paths"]["/events"]["post"]["responses"]
    contents: list[dict[str, Any]] = [{}, {"schema": {}}]
    for content in [*contents, {"schema": {"type": "string", "format": "binary"}}]:
        responses["200"] = {"description": "", "content": {"*/*": content}}
        code = generate_package(data, tmp_path) / "client.py"
        assert "-> Download:" in code.read_text("utf-8")


def test_what_has_no_body_has_no_data(tmp_path: Path) -> None:
    """Whatever the document says: RFC 9110, 9.3.2 for HEAD, 15.3.5 for 204."""
    part = {"$ref": "#/components/schemas/Part"}
    data = event_document({"type": "object"}, components={"Part": PART})
    data["paths"]["/a"] = {"head": {"operationId": "look", "responses": {"200": _json(part)}}}
    data["paths"]["/b"] = {"get": {"operationId": "part", "responses": {"204": _json(part)}}}
    package = generate_package(data, tmp_path)
    load_module(package, "client")
    module = sys.modules[package.name]
    with (
        FaultServer(reply(200, closing=True), reply(204)) as server,
        module.Client(server=server.url, trust_env=False) as client,
    ):
        assert (client.look().data, client.part().data) == (None, None)
    assert (package / "client.py").read_text("utf-8").count("-> Answer[None]:") == 2


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_null_where_nullable_has_no_effect_by_the_letter(version: str, tmp_path: Path) -> None:
    """Servers answer with it all the same: N112 tells the author."""
    part = {"$ref": "#/components/schemas/Part"}
    properties: dict[str, Any] = {
        "ref": {**part, "nullable": True},
        "all": {"allOf": [part], "nullable": True},
        "any": {"anyOf": [part, {"type": "array", "items": TEXT}], "nullable": True},
        "enum": {"type": "string", "enum": ["a"], "nullable": True},
        "component": {"$ref": "#/components/schemas/Maybe"},
        "list": {"type": "array", "items": {"oneOf": [part], "nullable": True}},
    }
    thing = {"type": "object", "required": [*properties], "properties": properties}
    maybe = {"anyOf": [part, {"type": "string"}], "nullable": True}
    data = event_document(
        {"type": "object"},
        version=version,
        components={"Thing": thing, "Part": PART, "Maybe": maybe},
    )
    responses = {"200": _json({"$ref": "#/components/schemas/Thing"})}
    data["paths"]["/a"] = {"get": {"operationId": "thing", "responses": responses}}
    package = generate_package(data, tmp_path)
    load_module(package, "client")
    module = sys.modules[package.name]
    wire = {**dict.fromkeys(properties), "list": [None, {"size": 1}]}
    found = _sent(module, reply(200, wire), call="thing").checked()
    assert [getattr(found, name) for name in ("ref", "all", "component")] == [None] * 3
    assert found.list[0] is None
    assert found.to_dict() == wire
    text = (package / "events.py").read_text("utf-8")
    assert "    ref: Annotated[Part | None, _nesting.Nullable(_t.Nested(Part))]" in text
    assert "class ThingList" not in text
