"""What OpenAPI 3.2 adds is read, validated and sent."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from copy import deepcopy
from types import ModuleType
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.drift.between import model_of
from eventwright.drift.compare import compare
from eventwright.drift.pairing.version import Version
from eventwright.validation.validate import validate
from support import generate_package

FORM = "application/x-www-form-urlencoded"
PET = {"$ref": "#/components/schemas/Pet"}
QUERY = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.2.0",
    "$self": "https://example.com/api.yaml",
    "info": {"title": "Three Two", "version": "1", "summary": "s"},
    "servers": [{"url": "https://api.example.com", "name": "main"}],
    "tags": [
        {"name": "pets", "summary": "Pets", "kind": "nav"},
        {"name": "small", "parent": "pets", "kind": "nav"},
    ],
    "paths": {
        "/pets/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "query": {
                "operationId": "ask",
                "requestBody": {"content": {"application/json": {"schema": QUERY}}},
                "responses": {"200": {"summary": "Found."}},
            },
            "additionalOperations": {
                "PURGE": {"operationId": "purge", "responses": {"204": {}}},
                "copy-to": {"operationId": "copy", "responses": {"204": {}}},
            },
            "get": {
                "operationId": "find",
                "parameters": [
                    {
                        "name": "q",
                        "in": "querystring",
                        "required": True,
                        "content": {FORM: {"schema": QUERY}},
                    },
                    {
                        "name": "theme",
                        "in": "cookie",
                        "style": "cookie",
                        "schema": {"type": "string"},
                    },
                ],
                "responses": {
                    "200": {
                        "content": {"text/event-stream": {"itemSchema": {"type": "object"}}},
                    },
                },
            },
        },
        "/pets": {
            "post": {
                "operationId": "send",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"$ref": "#/components/mediaTypes/Pet"},
                        "application/jsonl": {"itemSchema": PET},
                    },
                },
                "responses": {
                    "200": {
                        "description": "Taken.",
                        "content": {
                            "application/json": {
                                "schema": PET,
                                "examples": {
                                    "one": {"dataValue": {"kind": "cat"}, "serializedValue": "{}"}
                                },
                            }
                        },
                    }
                },
            }
        },
    },
    "components": {
        "mediaTypes": {"Pet": {"schema": PET}},
        "schemas": {
            "Pet": {
                "oneOf": [
                    {"$ref": "#/components/schemas/Cat"},
                    {"$ref": "#/components/schemas/Dog"},
                ],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {"cat": "#/components/schemas/Cat"},
                    "defaultMapping": "Dog",
                },
            },
            "Cat": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}},
                "xml": {"nodeType": "element"},
            },
            "Dog": {
                "type": "object",
                "properties": {"kind": {"type": "string"}, "bark": {"type": "string"}},
            },
        },
        "securitySchemes": {
            "device": {
                "type": "oauth2",
                "deprecated": True,
                "oauth2MetadataUrl": "https://example.com/.well-known",
                "flows": {
                    "deviceAuthorization": {
                        "deviceAuthorizationUrl": "https://example.com/d",
                        "tokenUrl": "https://example.com/t",
                        "scopes": {},
                    }
                },
            }
        },
    },
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("three_two")
    made = generate_package(DOCUMENT, folder)
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module(f"{made.name}.testing")
        return importlib.import_module(made.name)
    finally:
        sys.path.remove(str(folder))


def sent(package: ModuleType, *answers: Any) -> Any:
    testing: Any = importlib.import_module(f"{package.__name__}.testing")
    made = [testing.answer(status, json=body) for status, body in answers]
    return testing.RecordingClient(made or [testing.answer(200)])


def test_methods_of_any_name(package: ModuleType) -> None:
    client = sent(package, (200, {}), (204, None), (204, None))
    client.ask("7", package.Ask(a="x"))
    client.purge("7")
    client.copy("7")
    assert [(each.method, each.target) for each in client.requests] == [
        ("QUERY", "/pets/7"),
        ("PURGE", "/pets/7"),
        ("copy-to", "/pets/7"),
    ]
    assert json.loads(client.requests[0].body) == {"a": "x"}


def test_a_querystring_and_a_cookie_as_it_is(package: ModuleType) -> None:
    client = sent(package, (200, {}))
    client.find("7", q={"a": "x y", "b": 2}, theme="dark=1")
    (request,) = client.requests
    assert request.target == "/pets/7?a=x%20y&b=2"
    assert request.headers["cookie"] == "theme=dark=1"


@pytest.mark.parametrize(
    ("value", "name"),
    [({"kind": "cat", "lives": 9}, "Cat"), ({"kind": "wolf"}, "Dog"), ({"bark": "!"}, "Dog")],
)
def test_what_no_mapping_names_is_the_default(
    package: ModuleType, value: Mapping[str, Any], name: str
) -> None:
    client = sent(package, (200, value))
    whole = package.Cat if value.get("kind") == "cat" else package.Dog
    answer = client.send(whole.from_dict(value))
    assert json.loads(client.requests[0].body) == value
    assert type(answer.data).__name__ == name
    assert json.loads(answer.body) == value


def test_3_2_is_validated_as_such() -> None:
    older = deepcopy(DOCUMENT) | {"openapi": "3.1.1"}
    with pytest.raises(DocumentError) as refused:
        validate(load_bytes(json.dumps(older).encode(), "api.json"))
    assert "/paths/~1pets~1{id}/additionalOperations" in [
        each.location and each.location.pointer for each in refused.value.diagnostics
    ]
    wrong = deepcopy(DOCUMENT)
    wrong["paths"]["/pets/{id}"]["additionalOperations"] = {"GET /x HTTP/1.1\r\n": {}}
    with pytest.raises(DocumentError):
        validate(load_bytes(json.dumps(wrong).encode(), "api.json"))


def test_an_operation_of_another_method_is_checked_and_compared_too() -> None:
    path = "/pets/{id}"
    lost = deepcopy(DOCUMENT)
    del lost["paths"][path]["parameters"]
    with pytest.raises(DocumentError) as refused:
        validate(load_bytes(json.dumps(lost).encode(), "api.json"))
    assert len(refused.value.found) == 4
    without = deepcopy(DOCUMENT)
    del without["paths"][path]["additionalOperations"]["PURGE"]
    old, new = (load_bytes(json.dumps(each).encode(), "a.json") for each in (DOCUMENT, without))
    models = (
        Version(document=old, model=model_of(old)),
        Version(document=new, model=model_of(new)),
    )
    (finding,) = compare(models[0].model, models[1].model)
    assert finding.rule == "OPERATION_REMOVED"
