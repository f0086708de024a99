"""Documents that are no OpenAPI, or no client can be made from: where, what, what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError, format_diagnostics
from eventwright.document.load import load_bytes, load_document
from eventwright.validation.validate import validate

VERSIONS = ["3.0.3", "3.1.0"]
OK = {"200": {"description": ""}}
FLAGSHIP = Path(__file__).parents[3] / "spec" / "customerio-semantic-events.json"


def document(version: str = "3.1.0", **parts: Any) -> bytes:
    head = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}}
    return json.dumps({**head, **parts}, indent=1).encode()


def schemas(**named: Any) -> dict[str, Any]:
    return {"components": {"schemas": named}}


def post(schema: Any, path: str = "/a", **operation: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    return {"paths": {path: {"post": {"requestBody": body, "responses": OK, **operation}}}}


def said(raw: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        validate(load_bytes(raw, "s.json"))
    return format_diagnostics(caught.value.diagnostics, limit=9)


def brief(raw: bytes) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        validate(load_bytes(raw, "s.json"))
    return [
        f"{d.code} {d.location.pointer if d.location else ''} {d.message}"
        for d in caught.value.diagnostics
    ]


def test_the_flagship_is_valid() -> None:
    validate(load_document(FLAGSHIP, shown="spec/x.json"))


def test_a_dangling_reference_in_full() -> None:
    raw = document(**schemas(A={"$ref": "#/components/schemas/Devise"}, Device={}))
    assert said(raw) == (
        "s.json:11:5: error[E020]: the reference #/components/schemas/Devise points at nothing; "
        "did you mean #/components/schemas/Device?\n"
        "  at /components/schemas/A/$ref\n"
        '   11 |     "$ref": "#/components/schemas/Devise"\n'
        "      |     ^\n"
        "help: correct the reference, or define what it names"
    )


P = "/components/schemas"

BAD_REFERENCES = [
    ({"A": {"$ref": "#/nope/x"}}, f"E020 {P}/A/$ref the reference #/nope/x points at nothing"),
    (
        {"A": {"items": {"$ref": "#/components/shemas/B"}}, "B": {}},
        f"E020 {P}/A/items/$ref the reference #/components/shemas/B points at nothing; "
        "did you mean #/components/schemas/B?",
    ),
    (
        {"A": {"allOf": [{"$ref": "#/components/schemas/B/enum/01"}]}, "B": {"enum": [1, 2]}},
        f"E020 {P}/A/allOf/0/$ref the reference #/components/schemas/B/enum/01 points at nothing",
    ),
    (
        {"A": {"$ref": "other.yaml#/A"}},
        f"E022 {P}/A/$ref the reference other.yaml#/A leads out of this document",
    ),
    (
        {"A": {"$ref": "https://x.example/s.json"}},
        f"E022 {P}/A/$ref the reference https://x.example/s.json leads out of this document",
    ),
    ({"A": {"$ref": "#a"}}, f"E023 {P}/A/$ref the reference #a is not a JSON pointer"),
    (
        {"A": {"properties": {"default": {"$ref": "#/x"}, "example": {"$ref": "#/y"}}}},
        f"E020 {P}/A/properties/default/$ref the reference #/x points at nothing",
    ),
    (
        {"A": {"$ref": f"#{P}/A"}},
        f"E021 {P}/A this refers to itself without end: {P}/A → {P}/A",
    ),
    (
        {"A": {"$ref": f"#{P}/B"}, "B": {"allOf": [{"type": "object"}, {"$ref": f"#{P}/A"}]}},
        f"E021 {P}/A this refers to itself without end: {P}/A → {P}/B → {P}/B/allOf/1 → {P}/A",
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("named", "expected"), BAD_REFERENCES)
def test_references(version: str, named: dict[str, Any], expected: str) -> None:
    assert brief(document(version, **schemas(**named)))[0] == expected


def test_of_a_long_circle_some_is_shown() -> None:
    ring = {f"S{i}": {"$ref": f"#/components/schemas/S{(i + 1) % 900}"} for i in range(900)}
    (told,) = brief(document(**schemas(**ring)))
    assert told.endswith("/S3 → /components/schemas/S4 → 895 more → /components/schemas/S0")


def test_all_references_are_told_at_once() -> None:
    raw = document(**schemas(A={"$ref": "#/1"}, B={"$ref": "x"}, C={"$ref": "#c"}))
    assert [line[:4] for line in brief(raw)] == ["E020", "E022", "E023"]


@pytest.mark.parametrize(
    "named",
    [
        {"A": {"type": "object", "properties": {"$ref": {"type": "string"}}}},
        {"A": {"type": "object", "example": {"$ref": "#/x"}, "default": {"$ref": "#/x"}}},
        {"A": {"enum": [{"$ref": "#/x"}], "x-mine": {"$ref": "#/x"}}},
        {"A": {"type": "object", "properties": {"a": {"$ref": f"#{P}/A"}}}},
        {"A": {"type": "array", "items": {"$ref": f"#{P}/A"}}},
        {
            "A": {"type": "object", "properties": {"a b/c~d%": {}}},
            "B": {"$ref": f"#{P}/A/properties/a%20b~1c~0d%25"},
        },
        {"A": {"type": "object"}, "B": {"allOf": [{"$ref": f"#{P}/A"}], "required": ["free"]}},
        {"A": {}, "B": {"items": {"$ref": f"#{P}/A", "allOf": {"0": {}}}, "type": "array"}},
        {"A": {"discriminator": {"propertyName": "t", "mapping": {"b": "#/components/x"}}}},
    ],
)
def test_what_only_looks_like_a_fault(named: dict[str, Any]) -> None:
    validate(load_bytes(document("3.0.3", **schemas(**named)), "s.json"))


BAD_STRUCTURE = [
    ({"info": {"title": "T"}}, "E030 /info 'version' is required here"),
    (
        {"sevrers": []},
        "E030 /sevrers the key 'sevrers' is not allowed here; did you mean 'servers'?",
    ),
    (
        {"components": {"securitySchemes": {"a": {"type": "htp", "scheme": "basic"}}}},
        "E030 /components/securitySchemes/a/type 'htp' is not allowed here; did you mean 'http'?",
    ),
    (
        schemas(A={"type": "strin"}),
        f"E030 {P}/A/type 'strin' is not allowed here; did you mean 'string'?",
    ),
    (schemas(A={"required": "a"}), f"E030 {P}/A/required 'a' is not of type array"),
    (
        schemas(A={"type": "object", "properties": {"a": {"items": {"minLength": "3"}}}}),
        f"E030 {P}/A/properties/a/items/minLength '3' is not of type integer",
    ),
    (
        post({"type": "strin"}),
        "E030 /paths/~1a/post/requestBody/content/application~1json/schema/type "
        "'strin' is not allowed here; did you mean 'string'?",
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("parts", "expected"), BAD_STRUCTURE)
def test_structure_and_schemas(version: str, parts: dict[str, Any], expected: str) -> None:
    assert brief(document(version, **parts))[0] == expected


def test_keys_that_exclude_or_need_each_other() -> None:
    media = {"application/json": {"example": 1, "examples": {"a": {"value": 1}}}}
    answers = {"200": {"description": "", "content": media}}
    parts = {"paths": {"/a": {"get": {"responses": answers}}}}
    assert brief(document("3.0.3", **parts))[0].endswith(
        "'example' and 'examples' exclude each other"
    )
    bound = schemas(A={"type": "number", "exclusiveMaximum": True})
    assert brief(document("3.0.3", **bound))[0].endswith(
        "'maximum' is required beside 'exclusiveMaximum'"
    )


def test_a_fault_of_the_structure_is_one_fault() -> None:
    response = {"200": {"descriptio": ""}}
    raw = document("3.0.3", paths={"/a": {"get": {"responses": response}}})
    assert brief(raw) == [
        "E030 /paths/~1a/get/responses/200/descriptio "
        "the key 'descriptio' is not allowed here; did you mean 'description'?"
    ]


@pytest.mark.parametrize(
    ("scheme", "faults"),
    [
        (
            {"type": "oauth2", "flows": {"implict": {}}},
            ["flows/implict the key 'implict' is not allowed here; did you mean 'implicit'?"],
        ),
        ({"type": "apiKey", "in": "headr", "name": "x"}, ["in 'headr' is not allowed here; did"]),
        (
            {"type": "http", "scheme": "basic", "flows": {}, "nam": "x"},
            ["flows the key 'flows' is not allowed", "nam the key 'nam' is not allowed here"],
        ),
        (
            {"type": "openIdConnect", "openIdConnectUrl": 5, "nam": "x"},
            ["openIdConnectUrl 5 is not of type string", "nam the key 'nam' is not allowed here"],
        ),
    ],
)
def test_a_fault_in_a_key_is_no_fault_of_the_key(scheme: dict[str, Any], faults: list[str]) -> None:
    told = brief(document(components={"securitySchemes": {"K": scheme}}))
    assert len(told) == len(faults)
    for one, fault in zip(told, faults, strict=True):
        assert one.startswith(f"E030 /components/securitySchemes/K/{fault}")


def test_one_bad_schema_is_told_where_it_is_defined_and_once() -> None:
    shared = {"type": "string", "minLength": -1}
    raw = document(**schemas(A=shared), **post({"$ref": f"#{P}/A"}))
    assert brief(raw) == [f"E030 {P}/A/minLength -1 is less than the minimum, 0"]


def parameter(name: str, where: str = "path") -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "schema": {}}


@pytest.mark.parametrize("version", VERSIONS)
def test_operations(version: str) -> None:
    paths = {
        "/a/{user_id}": {
            "parameters": [parameter("userid")],
            "get": {"operationId": "x", "responses": OK},
        },
        "/b": {
            "get": {
                "operationId": "x",
                "responses": OK,
                "parameters": [parameter("q", "query"), {"$ref": "#/components/parameters/q"}],
            }
        },
    }
    raw = document(
        version, paths=paths, components={"parameters": {"q": {**parameter("q", "query")}}}
    )
    get = "/paths/~1a~1{user_id}"
    assert brief(raw) == [
        f"E033 {get}/get {{user_id}} in the path has no path parameter; did you mean 'userid'?",
        f"E033 {get}/parameters/0 the path parameter 'userid' is not in the path /a/{{user_id}}; "
        "did you mean 'user_id'?",
        "E032 /paths/~1b/get/parameters/1 the query parameter 'q' is here twice",
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_references_lead_to_what_stands_there(version: str) -> None:
    operation = {
        "parameters": [{"$ref": "#/components/schemas/A"}],
        "requestBody": {"$ref": "#/paths/~1a/post/responses/200"},
        "responses": {"200": {"$ref": "#/info/title"}, "400": {"description": ""}},
    }
    parts = {**schemas(A={}), "paths": {"/a": {"post": operation}}}
    assert brief(document(version, **parts)) == [
        "E024 /paths/~1a/post/requestBody/$ref the reference leads to /info/title, "
        "which is of another kind",
        "E024 /paths/~1a/post/responses/200/$ref the reference leads to /info/title, "
        "which is of another kind",
        "E024 /paths/~1a/post/parameters/0/$ref the reference leads to /components/schemas/A, "
        "which is of another kind",
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_schema_elsewhere_is_checked_where_a_reference_finds_it(version: str) -> None:
    named = {"A": {"items": {"$ref": "#/x-mine/a"}, "type": "array"}}
    raw = document(version, **schemas(**named), **{"x-mine": {"a": {"type": 1}}})
    assert brief(raw)[0].startswith("E030 /x-mine/a/type 1 is not ")
    raw = document(version, **schemas(A={"$ref": "#/info/title"}))
    assert brief(raw) == [
        "E030 /info/title 'T' is not of type "
        + ("object" if version == "3.0.3" else "object or boolean")
    ]


def test_shared_parameters_may_be_repeated_by_an_operation() -> None:
    item = {
        "parameters": [parameter("id")],
        "get": {"responses": OK, "parameters": [parameter("id")]},
    }
    validate(load_bytes(document(paths={"/a/{id}": item}), "s.json"))


def test_no_message_prints_a_whole_value() -> None:
    raw = document(info={"title": ["x" * 10_000], "version": {"y": "z" * 10_000}}, tags="t" * 9_999)
    assert all(len(line) < 200 for line in brief(raw))


def test_a_version_that_the_validator_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("openapi_spec_validator.schemas.schema_v31")
    monkeypatch.setattr("eventwright.validation.schemas._read", lambda package, path: None)
    assert brief(document("3.1.0")) == [
        "E012 /openapi the validator installed does not know this version of OpenAPI"
    ]


@pytest.mark.parametrize("asked", ["auto", "jsonschema-rs"])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_library_behind_is_the_same_whatever_is_installed(
    version: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it is where jsonschema-rs is installed; the one that is there knows no place of an error.
    monkeypatch.setattr(
        "openapi_spec_validator.schemas.backend.jsonschema_rs.HAS_JSONSCHEMA_RS", True
    )
    monkeypatch.setenv("OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND", asked)
    raw = document(version, info={"title": "T"}, **schemas(A={"type": "strnig"}))
    assert brief(raw) == [
        "E030 /info 'version' is required here",
        "E030 /components/schemas/A/type 'strnig' is not allowed here; did you mean 'string'?",
    ]


def test_faults_in_an_overlay_are_told_in_the_overlay(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(document())
    (tmp_path / "o.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n"
        "  - target: $\n    update:\n      components:\n        schemas:\n"
        "          A: {$ref: '#/components/schemas/B'}\n"
    )
    loaded = load_document(
        tmp_path / "s.json", shown="s.json", overlays=[(tmp_path / "o.yaml", "spec/o.yaml")]
    )
    with pytest.raises(DocumentError) as caught:
        validate(loaded)
    assert str(caught.value).startswith("spec/o.yaml:8:15: error[E020]: the reference")


def deep(innermost: str) -> bytes:
    schema: dict[str, Any] = {"type": innermost}
    for _ in range(85):
        schema = {"type": "object", "properties": {"a": schema}}
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "k"}}}
    return document(paths={"/a": {"post": operation}})


def test_a_fault_too_deep_for_the_validator_is_a_diagnostic() -> None:
    assert "nested too deeply" in "".join(brief(deep("strnig")))
    validate(load_bytes(deep("string"), "s.json"))


def test_a_valid_document_is_not_walked_by_the_thorough_validator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("the thorough validator was made for a valid document")

    monkeypatch.setattr("eventwright.validation.structure._crawled", refuse)
    for version in VERSIONS:
        # A number that no float holds is one that the quick one does not take.
        minimum = "0.12345678901234567890123"
        raw = document(version, **schemas(A={"type": "number", "minimum": 0.5}))
        validate(load_bytes(raw.replace(b"0.5", minimum.encode()), "s.json"))
