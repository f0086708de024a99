"""A document of several files is read as one tree, and places are those of the files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document import assembly
from eventwright.document.load import Document, load_document
from eventwright.lower.document import lower
from eventwright.model.model import Model
from eventwright.validation.validate import validate
from support import client_config

INFO = {"title": "T", "version": "1"}
OK = {"200": {"description": "ok"}}


def entry(version: str = "3.0.3", **rest: Any) -> dict[str, Any]:
    return {"openapi": version, "info": INFO, "paths": {}, **rest}


def body(schema: Any) -> dict[str, Any]:
    """An operation that takes it."""
    return {
        "operationId": "send",
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": OK,
    }


def written(folder: Path, files: Mapping[str, Any]) -> Path:
    """Texts as they are, data as JSON; the first is the entry."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        path.write_text(text, "utf-8")
    return folder / next(iter(files))


def read(folder: Path, files: Mapping[str, Any]) -> Document:
    path = written(folder, files)
    document = load_document(path, shown=str(path.relative_to(folder)), root=folder)
    validate(document)
    return document


def model_of(document: Document) -> Model:
    return lower(document, client_config())


def classes(document: Document) -> set[str]:
    return {each.name for each in model_of(document).objects.values() if each.name}


def refused(folder: Path, files: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(DocumentError) as error:
        read(folder, files)
    return [(each.code, str(each.location), each.message) for each in error.value.diagnostics]


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties or {"id": {"type": "string"}}}


def test_json_and_yaml_files_whole_and_by_pointer(tmp_path: Path) -> None:
    order = "type: object\nproperties:\n  line: {$ref: 'more.json#/definitions/Line'}\n"
    files = {
        "spec/api.json": entry(paths={"/a": {"post": body({"$ref": "schemas/order.yaml"})}}),
        "spec/schemas/order.yaml": order,
        "spec/schemas/more.json": {"definitions": {"Line": thing()}},
    }
    document = read(tmp_path, files)
    assert classes(document) == {"Order", "Line"}
    assert list(document.files) == ["spec/schemas/more.json", "spec/schemas/order.yaml"]
    place = document.locate("/components/schemas/order/properties/line")
    assert (place.path, place.line) == ("spec/schemas/order.yaml", 3)


def test_every_kind_of_part_may_be_elsewhere(tmp_path: Path) -> None:
    operation = {
        "operationId": "getThing",
        "parameters": [{"$ref": "common.json#/parameters/Page"}],
        "requestBody": {"$ref": "common.json#/requestBodies/Thing"},
        "responses": {
            "200": {
                "description": "ok",
                "headers": {"X-Left": {"$ref": "common.json#/headers/Left"}},
                "content": {
                    "application/json": {
                        "schema": {"$ref": "common.json#/schemas/Thing"},
                        "examples": {"one": {"$ref": "common.json#/examples/One"}},
                    }
                },
                "links": {"next": {"$ref": "common.json#/links/Next"}},
            },
            "default": {"$ref": "common.json#/responses/Wrong"},
        },
        "callbacks": {"done": {"$ref": "common.json#/callbacks/Done"}},
    }
    common = {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "requestBodies": {
            "Thing": {"content": {"application/json": {"schema": {"$ref": "#/schemas/Thing"}}}}
        },
        "headers": {"Left": {"schema": {"type": "integer"}}},
        "schemas": {"Thing": thing(), "Problem": thing(title={"type": "string"})},
        "examples": {"One": {"value": {"$ref": "is data here"}}},
        "links": {"Next": {"operationId": "getThing"}},
        "responses": {
            "Wrong": {
                "description": "Wrong.",
                "content": {"application/json": {"schema": {"$ref": "#/schemas/Problem"}}},
            }
        },
        "callbacks": {"Done": {"{$request.body#/url}": {"post": {"responses": OK}}}},
        "security": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    }
    files = {
        "api.json": entry(
            paths={"/things": {"$ref": "things.json"}},
            components={"securitySchemes": {"key": {"$ref": "common.json#/security/key"}}},
        ),
        "things.json": {"get": operation},
        "common.json": common,
    }
    document = read(tmp_path, files)
    found = model_of(document)
    (operation_model,) = found.operations
    assert operation_model.id == "getThing"
    assert [each.wire for each in operation_model.parameters] == ["page"]
    assert {"Thing", "Problem"} <= classes(document)
    assert [scheme.wire for scheme in found.security_schemes] == ["X-Key"]
    components: Any = document.data["components"]
    assert components["examples"]["One"]["value"] == {"$ref": "is data here"}


def test_what_a_component_refers_to_has_the_components_name(tmp_path: Path) -> None:
    files = {
        "api.json": entry(
            paths={"/a": {"post": body({"$ref": "x.json"})}},
            components={"schemas": {"Order": {"$ref": "./x.json"}, "Same": {"$ref": "x.json"}}},
        ),
        "x.json": thing(next={"$ref": "#"}, same={"$ref": "api.json#/components/schemas/Order"}),
    }
    assert classes(read(tmp_path, files)) == {"Order"}


def test_maps_of_components_may_be_elsewhere(tmp_path: Path) -> None:
    files = {
        "api.json": entry(
            paths={"$ref": "paths/index.json"},
            components={"schemas": {"$ref": "schemas/index.json"}},
        ),
        "paths/index.json": {"/a": {"$ref": "a.json"}},
        "paths/a.json": {"post": body({"$ref": "../schemas/index.json#/Order"})},
        "schemas/index.json": {"Order": {"$ref": "order.json"}, "Line": {"$ref": "line.json"}},
        "schemas/order.json": thing(lines={"type": "array", "items": {"$ref": "line.json"}}),
        "schemas/line.json": thing(order={"$ref": "index.json#/Order"}),
    }
    assert classes(read(tmp_path, files)) == {"Order", "Line"}


def test_two_things_of_one_name_are_told_apart_by_where_they_are(tmp_path: Path) -> None:
    files = {
        "api.json": entry(
            paths={
                "/a": {"post": body({"$ref": "a/thing.json"})},
                "/b": {"post": {**body({"$ref": "b/thing.json"}), "operationId": "other"}},
            }
        ),
        "a/thing.json": thing(a={"type": "string"}),
        "b/thing.json": thing(b={"type": "string"}),
    }
    assert classes(read(tmp_path, files)) == {"Thing", "BThing"}


def test_discriminators_lead_to_files(tmp_path: Path) -> None:
    kinds = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    files = {
        "api.json": entry(paths={"/a": {"post": body({"$ref": "pets.json#/Pet"})}}),
        "pets.json": {
            "Pet": {
                "oneOf": [{"$ref": "cat.json"}, {"$ref": "#/Dog"}],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {"c": "cat.json", "d": "#/Dog"},
                },
            },
            "Dog": kinds,
        },
        "cat.json": kinds,
    }
    document = read(tmp_path, files)
    assert [event.literal for event in model_of(document).events] == ["c", "d"]


def test_anchors_and_ids(tmp_path: Path) -> None:
    files = {
        "api.json": entry("3.1.0", paths={"/a": {"post": body({"$ref": "x.json#line"})}}),
        "x.json": {
            "$id": "https://example.com/x",
            "$defs": {
                "Line": {**thing(), "$anchor": "line", "properties": {"o": {"$ref": "#other"}}},
                "Other": {**thing(), "$anchor": "other"},
                "Third": {"$ref": "https://example.com/x#other"},
            },
        },
    }
    assert classes(read(tmp_path, files)) == {"Line", "Other"}


def test_what_is_beside_a_path_item_is_kept_and_is_of_its_own_file(tmp_path: Path) -> None:
    own = {"name": "q", "in": "query", "schema": {"$ref": "#/components/schemas/Q"}}
    files = {
        "api.json": entry(
            paths={"/a": {"$ref": "sub/a.json", "parameters": [own]}},
            components={"schemas": {"Q": {"type": "string", "enum": ["a", "b"]}}},
        ),
        "sub/a.json": {"get": {"operationId": "a", "responses": OK}},
    }
    (operation,) = model_of(read(tmp_path, files)).operations
    assert [each.wire for each in operation.parameters] == ["q"]


def test_a_pointer_goes_through_references(tmp_path: Path) -> None:
    files = {
        "api.json": entry(paths={"/a": {"post": body({"$ref": "x.json#/Order/properties/line"})}}),
        "x.json": {"Order": {"$ref": "order.json"}},
        "order.json": thing(line=thing(sku={"type": "string"})),
    }
    read(tmp_path, files)


def test_a_reference_that_is_meant_for_the_entry_is_read_so_and_noted(tmp_path: Path) -> None:
    files = {
        "api.json": entry(
            paths={"/a": {"$ref": "a.json"}}, components={"schemas": {"Order": thing()}}
        ),
        "a.json": {"post": body({"$ref": "#/components/schemas/Order"})},
    }
    document = read(tmp_path, files)
    assert classes(document) == {"Order"}
    (note,) = document.notes
    assert (note.code, note.help) == ("N130", "write it as one: api.json#/components/schemas/Order")
    assert "N130" in [each.code for each in model_of(document).remarks]


def test_overlays_apply_to_the_whole(tmp_path: Path) -> None:
    files = {
        "api.json": entry(paths={"/a": {"$ref": "a.json"}}),
        "a.json": {"post": body(thing())},
        "over.json": {
            "overlay": "1.0.0",
            "info": INFO,
            "actions": [{"target": "$.paths['/a'].post", "update": {"operationId": "better"}}],
        },
    }
    path = written(tmp_path, files)
    overlays = [(tmp_path / "over.json", "over.json")]
    document = load_document(path, shown="api.json", overlays=overlays)
    assert [each.id for each in model_of(document).operations] == ["better"]


def test_faults_are_told_where_they_are(tmp_path: Path) -> None:
    files = {
        "spec/api.json": entry(paths={"/a": {"$ref": "a.yaml"}}),
        "spec/a.yaml": "post:\n  requestBody:\n    content:\n      application/json:\n"
        "        schema: {$ref: 'b.yaml#/Oder'}\n      a/b:\n        schema: {$ref: no.yaml}\n"
        "  responses:\n    200: {description: ok}\n",
        "spec/b.yaml": "Order: {type: object}\n",
    }
    assert refused(tmp_path, files) == [
        (
            "E020",
            "spec/a.yaml:5:18",
            "the reference b.yaml#/Oder points at nothing; did you mean 'Order'?",
        ),
        ("E027", "spec/a.yaml:7:18", "spec/no.yaml does not exist"),
    ]
    files["spec/a.yaml"] = "post:\n  responses:\n    200: {descripton: ok}\n"
    (first, *_) = refused(tmp_path, files)
    assert first[:2] == ("E030", "spec/a.yaml:3:11")


def test_a_file_that_is_malformed_is_told_as_such(tmp_path: Path) -> None:
    files = {"api.json": entry(paths={"/a": {"$ref": "a.json"}}), "a.json": '{"post": }'}
    ((code, place, _),) = refused(tmp_path, files)
    assert (code, place) == ("E006", "a.json:1:10")


@pytest.mark.parametrize(
    "ref",
    ["../outside.json", "sub/../../outside.json", "%2e%2e/outside.json", "link.json", "dir/x.json"],
)
def test_nothing_outside_the_root_is_read(tmp_path: Path, ref: str) -> None:
    root = tmp_path / "root"
    written(tmp_path, {"outside.json": {"get": {"responses": OK}}, "elsewhere/x.json": {}})
    files = {"api.json": entry(paths={"/a": {"$ref": ref}}), "sub/x.json": {}}
    written(root, files)
    os.symlink(tmp_path / "outside.json", root / "link.json")
    os.symlink(tmp_path / "elsewhere", root / "dir")
    ((code, _, message),) = refused(root, files)
    assert (code, message.rpartition(" leads ")[2]) == ("E027", "out of the project")


@pytest.mark.parametrize("ref", ["/etc/hostname", "C:\\x.json", "x\0.json", "pipe", "."])
def test_what_is_no_file_of_ours_is_refused(tmp_path: Path, ref: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    files = {"api.json": entry(paths={"/a": {"$ref": ref}})}
    ((code, _, _),) = refused(tmp_path, files)
    assert code in ("E027", "E022")


@pytest.mark.parametrize("ref", ["https://example.com/a.json", "//example.com/a", "file:///etc/x"])
def test_nothing_is_fetched_while_reading(tmp_path: Path, ref: str) -> None:
    files = {"api.json": entry(paths={"/a": {"$ref": ref}})}
    ((code, _, _),) = refused(tmp_path, files)
    assert code == "E022"


def test_a_path_item_that_holds_itself_ends(tmp_path: Path) -> None:
    callbacks = {"again": {"{$request.body#/url}": {"$ref": "a.json"}}}
    files = {
        "api.json": entry(paths={"/a": {"$ref": "a.json"}}),
        "a.json": {"get": {"operationId": "a", "responses": OK, "callbacks": callbacks}},
    }
    ((code, place, _),) = refused(tmp_path, files)
    assert (code, place.partition(":")[0]) == ("E021", "a.json")


def test_what_grows_without_bound_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "MAX_PLACED", 100)
    paths = {f"/a{number}": {"$ref": "a.json"} for number in range(50)}
    files = {"api.json": entry(paths=paths), "a.json": {"get": {"responses": OK}}}
    assert refused(tmp_path, files)[0][0] == "E027"


def test_a_document_of_one_file_is_not_looked_through(tmp_path: Path) -> None:
    document = read(tmp_path, {"api.json": entry(components={"schemas": {"A": thing()}})})
    assert document.files == {}


def test_what_calls_itself_so_is_no_file(tmp_path: Path) -> None:
    schemas = {
        "Order": {**thing(line={"$ref": "line"}, note={"$ref": "text.yaml"}), "$id": "order"},
        "Line": {**thing(), "$id": "line"},
    }
    api = entry(
        "3.2.0",
        paths={"/a": {"post": body({"$ref": "api.json#/components/schemas/Order"})}},
        components={"schemas": schemas},
        **{"$self": "https://example.org/v1/api.json"},
    )
    document = read(tmp_path, {"spec/openapi.json": api, "spec/text.yaml": "type: string\n"})
    assert classes(document) == {"Order", "Line"}
    assert list(document.files) == ["spec/text.yaml"]


def test_a_schema_of_another_file_may_have_schemas_with_names_of_their_own(tmp_path: Path) -> None:
    line = {**thing(), "$id": "line"}
    order = {**thing(line={"$ref": "line"}, id={"$ref": "line#/properties/id"})}
    files = {
        "api.json": entry("3.1.0", paths={"/a": {"post": body({"$ref": "order.json"})}}),
        "order.json": {**order, "$id": "https://example.org/order.json", "$defs": {"l": line}},
    }
    assert classes(read(tmp_path, files)) == {"Order", "L"}
