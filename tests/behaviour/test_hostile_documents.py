"""Text of a document is data: whatever stands in it, no code comes out that was not there before.

Every string of a document, keys included, is replaced by hostile text. Then either the tool refuses
with a UserError, or what it writes parses, imports, stays in its files, and has a syntax tree whose
calls, names, attributes and imports are those that honest documents give.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from behaviour.hostile import HOSTILE, places_in, put_at
from behaviour.treeshapes import shapes_of, varying_files
from eventwright.diagnostics.diagnostic import UserError
from eventwright.project.pipeline import Generated
from keyword_schemas import keyword_document
from support import (
    FLAGSHIP_CONFIG,
    ROOT,
    event,
    event_document,
    flagship_document,
    generate_from,
    generate_package,
    load_module,
    write_package,
)


def _small() -> dict[str, Any]:
    """A document with text in every place that the generator reads."""
    item = {
        "type": "object",
        "title": "Item",
        "description": "An item.",
        "properties": {"sku": {"type": "string", "pattern": "^[a-z]+$", "example": "a"}},
        "required": ["sku"],
        "additionalProperties": {"type": "string", "enum": ["p", "q"]},
    }
    bought = event(
        "Things Bought",
        {
            "kind": {"const": "shop", "description": "Always so."},
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/item"}},
            "when": {"type": "string", "format": "date-time", "description": "When."},
            "state": {"type": ["string", "null"], "enum": ["new", "old", None], "default": "new"},
            "price": {
                "type": "object",
                "properties": {"amount": {"type": "number"}, "currency": {"const": "EUR"}},
                "required": ["currency"],
            },
            "any": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/loop"}]},
        },
        title="Bought",
        description="Someone bought things.\n\nMore than one.",
        patternProperties={"^x-": {"type": "integer"}},
        dependentRequired={"when": ["state"]},
        required=["kind"],
        deprecated=True,
        examples=[{"event": "Things Bought", "kind": "shop"}],
    )
    document = event_document(
        {
            "oneOf": [{"$ref": "#/components/schemas/bought"}, event("Thing Seen")],
            "discriminator": {
                "propertyName": "event",
                "mapping": {"Things Bought": "#/components/schemas/bought"},
            },
        },
        components={
            "bought": bought,
            "item": item,
            "loop": {"type": "array", "items": {"$ref": "#/components/schemas/loop"}},
        },
    )
    document["info"].update(description="All about it.", license={"name": "MIT"})
    document["servers"] = [
        {"url": "https://one.example/v1", "description": "One."},
        {
            "url": "https://{where}.example",
            "variables": {"where": {"default": "two", "enum": ["two", "three"]}},
        },
    ]
    document["tags"] = [{"name": "things", "description": "Things."}]
    document["x-extra"] = {"of": ["ours"]}
    document["components"]["securitySchemes"] = {
        "Basic-Auth": {"type": "http", "scheme": "basic", "description": "A key."},
        "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    document["security"] = [{"Basic-Auth": []}]
    post = document["paths"]["/events"]["post"]
    post.update(summary="Send.", description="Sends a thing.", tags=["things"])
    post["parameters"] = [
        {
            "name": "X-Strict-Mode",
            "in": "header",
            "description": "On or off.",
            "schema": {"type": "string", "enum": ["1"]},
        },
        {"name": "trace id", "in": "query", "schema": {"type": "string"}},
    ]
    post["responses"]["400"] = {
        "description": "Refused.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    return document


@functools.cache
def _honest() -> tuple[frozenset[str], frozenset[str]]:
    """Every shape that honest documents give, and which files there are."""
    small = _small()
    bought = {"schema": {"$ref": "#/components/schemas/bought"}}
    small["paths"]["/bought"] = {
        "post": {
            "operationId": "buy",
            "parameters": [{"name": "X-Trace", "in": "header", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": bought}},
            "responses": {
                "200": {"description": "Bought."},
                "201": {"description": "A picture.", "content": {"image/png": {}}},
                "202": {"description": "Words.", "content": {"text/plain": {}}},
            },
        }
    }
    picture = {"200": {"description": "A picture.", "content": {"image/png": {}}}}
    small["paths"]["/picture"] = {"get": {"operationId": "look", "responses": picture}}
    kinds = ("text/plain", "application/json", "image/png")
    documents = [small, *map(_with_body, kinds), _of_two_tags()]
    documents += [_with_form(), _with_batch()]
    documents += [keyword_document(version) for version in ("3.0.3", "3.1.0")]
    generated = [generate_from(flagship_document(), **FLAGSHIP_CONFIG)]
    generated += [generate_from(document) for document in documents]
    featured = [*documents[:5], _with_batch(), _with_batch("item")]
    generated += [generate_from(document, features=_FEATURES) for document in featured]
    shapes = [each for one in generated for found in shapes_of(one).values() for each in found]
    files = frozenset().union(*(each.files for each in generated))
    return frozenset(itertools.chain.from_iterable(shapes)), files


def _with_batch(item: str = "bought") -> dict[str, Any]:
    """A document with an operation for many events, or for many objects, and for one of them."""
    document = _small()
    one = {"$ref": f"#/components/schemas/{item}"}
    many = {"type": "array", "items": one}
    bodies = {"many": {"type": "object", "properties": {"many": many}}, "one": one}
    for name, body in bodies.items():
        document["paths"][f"/{name}"] = {
            "post": {
                "operationId": f"buy_{name}",
                "requestBody": {"content": {"application/json": {"schema": body}}},
                "responses": {"200": {"description": "Bought."}},
            }
        }
    return document


def _of_two_tags() -> dict[str, Any]:
    """A document whose events are told by two keys, one of them by a number."""
    document = _small()
    schemas = document["components"]["schemas"]
    schemas["seen"] = {
        "type": "object",
        "required": ["number"],
        "properties": {"number": {"const": 1}},
    }
    body = document["paths"]["/events"]["post"]["requestBody"]
    body["content"]["application/json"]["schema"] = {
        "oneOf": [{"$ref": "#/components/schemas/bought"}, {"$ref": "#/components/schemas/seen"}]
    }
    return document


def _with_body(media_type: str) -> dict[str, Any]:
    """A document whose body is no event."""
    document = _small()
    body = document["paths"]["/events"]["post"]["requestBody"]
    body["content"] = {media_type: {"schema": {"type": "array", "items": {}}}}
    return document


def _with_form() -> dict[str, Any]:
    """A document whose bodies are forms, with files, and of several media types."""
    document = _small()
    text = {"type": "string", "description": "A text."}
    several = {"text/plain": {"schema": text}, "image/png": {}}
    form = {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"const": "shop"},
            "note": text,
            "file": {"type": "string", "format": "binary"},
            "state": {"enum": ["new", "old"]},
        },
    }
    encoding = {
        "note": {"contentType": "text/html", "headers": {"X-Note": {"schema": text}}},
        "state": {"style": "form", "explode": False, "allowReserved": True},
    }
    contents = {
        "several": several,
        "form": {"application/x-www-form-urlencoded": {"schema": form, "encoding": encoding}},
        "files": {"multipart/form-data": {"schema": form, "encoding": encoding}},
    }
    for name, content in contents.items():
        document["paths"][f"/{name}"] = {
            "post": {
                "operationId": name,
                "requestBody": {"content": content},
                "responses": {"204": {"description": "Done."}},
            }
        }
    return document


_FORM = ("paths", "/files", "post", "requestBody", "content", "multipart/form-data")
_IN_FORM = (
    ((*_FORM, "schema", "properties", "kind", "const"), False),
    ((*_FORM, "schema", "properties", "state", "enum", 0), False),
    ((*_FORM, "schema", "properties", "note", "description"), False),
    ((*_FORM, "encoding", "note", "contentType"), False),
    ((*_FORM, "encoding", "note"), True),
    (("servers", 1, "variables", "where", "enum", 1), False),
    (("servers", 1, "variables", "where", "description"), False),
)


class Sandbox:
    """Imports what was generated, beside one copy of the runtime that never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        sys.path.insert(0, str(folder))
        write_package(generate_from(_small()).files, folder / "hostile")
        whole = ROOT / "templates" / "static" / "_runtime"
        shutil.copytree(whole, folder / "hostile" / "_runtime", dirs_exist_ok=True)
        self._modules = [path.stem for path in (folder / "hostile").glob("*.py")]
        for name in self._modules:
            importlib.import_module(f"hostile.{name}")

    def run(self, generated: Generated) -> None:
        package = f"hostile_{next(self._numbers)}"
        write_package(varying_files(generated), self._folder / package)
        importlib.invalidate_caches()
        for name in [name for name in sys.modules if name.startswith("hostile._runtime")]:
            sys.modules[package + name.removeprefix("hostile")] = sys.modules[name]
        for name in varying_files(generated):
            importlib.import_module(f"{package}.{name.removesuffix('.py')}")
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]

    def close(self) -> None:
        sys.path.remove(str(self._folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "hostile"]:
            del sys.modules[name]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()


def check(document: Any, sandbox: Sandbox, **config: Any) -> bool:
    """Whether the document was taken; fails where something came of it that should not."""
    try:
        generated = generate_from(document, **config)
    except UserError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert told.replace("\n", "").isprintable()
        return False
    honest, files = _honest()
    assert files >= varying_files(generated).keys()
    for path in generated.files.keys() - files:  # as it is, for what this document uses
        assert generated.files[path] == (ROOT / "templates" / "static" / path).read_text("utf-8")
    for path, text in varying_files(generated).items():
        assert all(c.isprintable() or c == "\n" for c in text), path
    for path, shapes in shapes_of(generated).items():
        new = {said for said, normal in shapes if not {said, normal} & honest}
        assert not new, (path, new)
    sandbox.run(generated)
    return True


_FEATURES = ("outbox", "send", "redis", "pytest")
PARTS = 24
_PLACES = list(places_in(_small()))


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(n, marks=pytest.mark.heavy) for n in range(1, PARTS))]
)
def test_every_place(sandbox: Sandbox, part: int) -> None:
    """Each place gets some of the texts, so that each text meets many places."""
    taken = []
    for index, (at, is_key) in list(enumerate(_PLACES))[part::PARTS]:
        text = HOSTILE[index * 7 % len(HOSTILE)]
        taken.append(check(put_at(_small(), at, is_key, text), sandbox))
    assert sum(taken) > len(taken) / 4  # most keys are OpenAPI's own, and cannot be replaced


@pytest.mark.heavy
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_every_place_and_text(sandbox: Sandbox, text: str) -> None:
    for at, is_key in _PLACES:
        check(put_at(_small(), at, is_key, text), sandbox)


@pytest.mark.heavy
def test_every_place_with_what_is_written_for_features(sandbox: Sandbox) -> None:
    for index, (at, is_key) in enumerate(_PLACES):
        text = HOSTILE[index * 11 % len(HOSTILE)]
        check(put_at(_small(), at, is_key, text), sandbox, features=_FEATURES)


_SCHEMA = ("components", "schemas", "bought")
_FREE = (
    (("info", "title"), False),
    ((*_SCHEMA, "description"), False),
    ((*_SCHEMA, "properties", "kind", "const"), False),
    ((*_SCHEMA, "properties", "when", "description"), False),
    ((*_SCHEMA, "properties", "state", "enum", 1), False),
    ((*_SCHEMA, "properties", "price", "properties", "amount"), True),
    ((*_SCHEMA, "properties", "price"), True),
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_free_text(sandbox: Sandbox, text: str) -> None:
    """Where OpenAPI allows any text, so does the tool."""
    document = _small()
    for at, is_key in _FREE:
        document = put_at(document, at, is_key, text)
    assert check(document, sandbox)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_forms(sandbox: Sandbox, text: str) -> None:
    document = _with_form()
    document["servers"][1]["variables"]["where"]["description"] = "Where."
    for at, is_key in _IN_FORM:
        document = put_at(document, at, is_key, text)
    assert check(document, sandbox)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_names_from_free_text(sandbox: Sandbox, text: str) -> None:
    document = put_at(_small(), (*_SCHEMA, "properties", "event", "enum", 0), False, text)
    del document["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]["discriminator"]
    assert check(document, sandbox)


def _words(value: Any, text: str) -> Any:
    """Every description, title and example replaced."""
    if isinstance(value, list):
        return [_words(item, text) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: text if key in ("description", "title") and isinstance(item, str) else item
        for key, item in ((key, _words(item, text)) for key, item in value.items())
    }


@pytest.mark.parametrize("text", HOSTILE[::12], ids=lambda text: ascii(text[:20]))
def test_words_of_the_flagship(sandbox: Sandbox, text: str) -> None:
    assert check(_words(flagship_document(), text), sandbox, **FLAGSHIP_CONFIG)


@pytest.mark.heavy
def test_every_place_of_the_flagship(sandbox: Sandbox) -> None:
    for index, (at, is_key) in enumerate(places_in(flagship_document())):
        text = HOSTILE[index % len(HOSTILE)]
        check(put_at(flagship_document(), at, is_key, text), sandbox, **FLAGSHIP_CONFIG)


def test_half_a_surrogate_pair_goes_out_as_it_stands(tmp_path: Path) -> None:
    """It is no character, and JSON has an escape for it all the same."""
    half = "\ud800"
    document = _small()
    for at, is_key in _FREE:
        document = put_at(document, at, is_key, half)
    schema = document["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"]
    arm = {"type": "object", "required": ["event"], "properties": {"event": {"const": half}}}
    schema["schema"] = arm
    folder = generate_package(document, tmp_path, flavours=["pydantic"])
    events = load_module(folder)
    made = events.parse_event({"event": half, half: half})
    assert made.to_json() == b'{"event":"\\ud800","\\ud800":"\\ud800"}'
    importlib.import_module(f"{folder.name}.pydantic_models")
