"""Documents that are valid and seldom seen: every operation is a method that has its types."""

from __future__ import annotations

import importlib
import inspect
import re
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import generate_package, load_module

OK = {"200": {"description": "ok"}}
BRIEF = {"type": "object", "properties": {"a": {"type": "string"}}}


def document(paths: Any, version: str = "3.1.1", **rest: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": paths, **rest}


def answered(schema: Any) -> dict[str, Any]:
    """The answers of an operation that returns it."""
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def client(data: Any, folder: Path) -> ModuleType:
    return load_module(generate_package(data, folder), "client")


def methods(module: ModuleType) -> dict[str, Any]:
    """The operations of a client without groups, by their names."""
    inherited = dir(module.BaseClient)
    found = inspect.getmembers(module.Client, inspect.isfunction)
    return {name: each for name, each in found if name not in inherited}


@pytest.mark.parametrize("version", ["3.0.4", "3.1.1", "3.2.0"])
def test_what_stands_beside_the_reference_of_a_path_item_counts(
    version: str, tmp_path: Path
) -> None:
    parameter = {"in": "path", "required": True, "schema": {"type": "string"}}
    of = {"parameters": [{"name": "id", **parameter}], "get": {"operationId": "a", "responses": OK}}
    own = {
        "$ref": "#/paths/~1a~1{id}",
        "put": {"operationId": "b", "responses": OK},
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
    }
    module = client(document({"/a/{id}": of, "/b/{id}": own}, version), tmp_path)
    assert sorted(methods(module)) == ["a_a_id", "a_b_id", "b"]
    assert list(inspect.signature(module.Client.b).parameters)[1:3] == ["id", "q"]


def test_extensions_among_paths_are_none(tmp_path: Path) -> None:
    paths = {"x-owner": 1, "x-more": {"get": {"responses": OK}}, "/a": {"get": {"responses": OK}}}
    assert list(methods(client(document(paths), tmp_path))) == ["get_a"]


def test_methods_that_differ_in_case(tmp_path: Path) -> None:
    item = {"additionalOperations": {each: {"responses": OK} for each in ("COPY", "copy")}}
    found = methods(client(document({"/a": item}, "3.2.0"), tmp_path))
    assert len(found) == 2
    assert "copy_slash_a" in found


@pytest.mark.parametrize("version", ["3.1.1", "3.2.0"])
def test_what_only_the_first_schema_of_3_1_refuses(version: str, tmp_path: Path) -> None:
    link = {"operationId": "a", "server": {"url": "https://example.com"}}
    callback = {"x-note": 1, "{$url}": {"post": {"responses": OK}}}
    answers = {"200": {"description": "", "links": {"next": link}}}
    operation = {"operationId": "a", "responses": answers, "callbacks": {"done": callback}}
    assert list(methods(client(document({"/a": {"get": operation}}, version), tmp_path))) == ["a"]


def test_a_range_of_media_types_that_may_be_left_out(tmp_path: Path) -> None:
    body = {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
    put = {"operationId": "a", "requestBody": body, "responses": OK}
    method = client(document({"/a": {"put": put}}), tmp_path).Client.a
    hints = typing.get_type_hints(method)
    assert hints["content_type"] == str | None


def test_a_body_that_is_null(tmp_path: Path) -> None:
    body = {"content": {"application/json": {"schema": {"type": "null"}}}}
    put = {"operationId": "a", "requestBody": body, "responses": OK}
    method = client(document({"/a": {"put": put}}), tmp_path).Client.a
    assert typing.get_type_hints(method)["body"] is type(None)


def test_counts_may_be_written_as_fractions(tmp_path: Path) -> None:
    text = {"type": "string", "minLength": 1.0, "maxLength": 2.0}
    numbers = {
        "type": "array",
        "contains": {"type": "integer"},
        "maxContains": 1.0,
        "maxItems": 2.0,
    }
    schema = {"type": "object", "properties": {"text": text, "numbers": numbers}}
    package = generate_package(document({"/a": {"get": {"responses": answered(schema)}}}), tmp_path)
    written = (package / "events.py").read_text("utf-8")
    assert "max_length=2)" in written
    assert ".0" not in written


def test_listed_lists_and_objects_have_types(tmp_path: Path) -> None:
    schemas = {
        "Pair": {"const": [1, "a"]},
        "Point": {"const": {"x": 0}},
        "Mixed": {"enum": ["a", 1, [2], {"b": 3}]},
        "Held": {"type": "object", "properties": {"mixed": {"$ref": "#/components/schemas/Mixed"}}},
    }
    paths = {
        f"/{name}": {"get": {"responses": answered({"$ref": f"#/components/schemas/{name}"})}}
        for name in schemas
    }
    package = generate_package(document(paths, components={"schemas": schemas}), tmp_path)
    module = load_module(package, "client")
    hints = {name: typing.get_type_hints(each) for name, each in methods(module).items()}
    found = {name: str(each["return"]) for name, each in hints.items()}
    assert "Answer[collections.abc.Sequence[typing.Any]]" in found["get_pair"]
    assert "Answer[collections.abc.Mapping[str, typing.Any]]" in found["get_point"]
    assert "[typing.Any]]" not in found["get_mixed"].replace("Sequence[typing.Any]", "")
    events = importlib.import_module(f"{package.name}.events")
    assert events.MIXED_VALUES == ("a", 1, [2], {"b": 3})


def test_what_a_shared_body_holds_is_called_after_it(tmp_path: Path) -> None:
    content = {"application/json": {"schema": BRIEF}}
    body = {"$ref": "#/components/requestBodies/NewPet"}
    operations = {
        each: {"operationId": f"{each}Pet", "requestBody": body, "responses": OK}
        for each in ("put", "post")
    }
    bodies = {"requestBodies": {"NewPet": {"content": content}}}
    package = generate_package(document({"/a": operations}, components=bodies), tmp_path)
    assert "class NewPet(" in (package / "events.py").read_text("utf-8")


def test_no_tag_takes_the_place_of_the_runtime(tmp_path: Path) -> None:
    paths = {
        f"/{tag}": {"get": {"tags": [tag], "responses": OK}}
        for tag in ("_runtime", "pydantic", "a")
    }
    package = generate_package(document(paths), tmp_path)
    names = {each.name for each in (package / "operations").iterdir()}
    assert {"_of_runtime.py", "_of_pydantic.py", "_a.py"} < names
    assert callable(load_module(package, "client").Client.runtime.fget)


@pytest.mark.parametrize("names", [("one", "two"), ("two", "one")])
def test_what_stands_in_a_component_is_called_after_it(
    names: tuple[str, str], tmp_path: Path
) -> None:
    arms = [{"required": [key], **BRIEF, "properties": {key: BRIEF}} for key in ("p", "q")]
    shared: dict[str, Any] = {"Either": {"oneOf": arms}, "List": {"type": "array", "items": BRIEF}}
    paths = {
        f"/{name}/{key}": {"get": {"responses": answered({"$ref": f"#/components/schemas/{key}"})}}
        for name in names
        for key in shared
    }
    package = generate_package(document(paths, components={"schemas": shared}), tmp_path)
    written = (package / "events.py").read_text("utf-8")
    assert sorted(re.findall(r"class (\w+)\(", written)) == [
        "EitherP", "EitherPP", "EitherQ", "EitherQQ", "ListItem",
    ]  # fmt: skip
