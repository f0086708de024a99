"""Text of a document is data: whatever stands in it, no code comes out that was not there before.

Every string of a document, keys included, is replaced by hostile text. Then either the tool refuses
with a UserError, or what it writes parses, imports, stays in its files, and has a syntax tree whose
calls, names, attributes and imports are those that honest documents give.
"""

from __future__ import annotations

import ast
import copy
import functools
import importlib
import itertools
import keyword
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics import UserError
from eventwright.model import Model
from eventwright.naming import constant_name
from eventwright.pipeline import Generated
from eventwright.reach import emitted
from keyword_schemas import keyword_document
from support import (
    FLAGSHIP_CONFIG,
    event,
    event_document,
    flagship_document,
    generate_from,
    write_package,
)

EVIL = "__import__('os').system('x')"
HOSTILE = (
    '"',
    "'''",
    '"""',
    f'"""\n{EVIL}\n"""',
    f"'''+{EVIL}+'''",
    f'")\n{EVIL}\n("',
    "\\",
    'ends with \\"',
    'quote at the end"',
    "\\N{BULLET} \\x41 \\u0041 \\",
    f"a\n    {EVIL}\n",
    f"a\r{EVIL}",
    f"a\x0c\x1c\x85\u2028{EVIL}\u2029",
    "{{ 7*7 }} {% raw %} {# #}",
    "{{ self.__init__.__globals__ }}",
    "{% include 'header.jinja' %}",
    "{x!r:>{y}} {",
    "}",
    f"{{{EVIL}}}",
    f"# {EVIL}",
    "]]></script><!-- -->",
    "class",
    "None",
    "__init__",
    "__class__",
    "__shape__",
    "mro",
    "self",
    "Builder",
    "t",
    "Event",
    "Any",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\windows\\x.py",
    "a/b~c%2e",
    "\x00",
    "\x1b[31mred\x07",
    "\u202eevil\u2066\u2069",
    "\uff49\uff4d\uff50\uff4f\uff52\uff54\u3000\uff4f\uff53",
    "\ufb01eld \xaa\xba \xb5 \u017f \u212a \u0130 \u0131 \u0345",
    "\u0430b\u0441",
    "名前 ñandú \U0001d41a\U0001f600",
    "\u0301combining",
    "1e999 0x_ 2fa",
    "",
    " ",
    "_",
    "-",
    "\ufeff",
    "\ud800",
    "x" * 3000,
    "- a\n  - b\n\n    code\n\n| a | b |\n",
    "true",
    "$ref",
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


# What honest documents give.


Shape = tuple[str, str]
"""What a node says: as it is, and with the document's own identifiers as ID."""


class Reader(ast.NodeVisitor):
    """Collects the shapes of a module's tree."""

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self.shapes: set[Shape] = set()

    def generic_visit(self, node: ast.AST) -> None:
        kind = type(node).__name__
        said = [kind, *self._identifiers(node)]
        if isinstance(node, ast.Call):
            said.append(f"call {self._path(node.func)}")
        if isinstance(node, ast.Attribute):
            said.append(self._path(node))
        if isinstance(node, ast.ImportFrom):
            said.append(f"from {'.' * node.level}{node.module}")
        self.shapes.update((each, self._normal(each)) for each in said)
        super().generic_visit(node)

    def _identifiers(self, node: ast.AST) -> Iterator[str]:
        for name in ("id", "attr", "arg", "name", "asname"):
            if isinstance(getattr(node, name, None), str):
                yield f"{type(node).__name__}.{name} {getattr(node, name)}"

    def _path(self, node: ast.AST) -> str:
        if isinstance(node, ast.Attribute):
            return f"{self._path(node.value)} . {node.attr}"
        return node.id if isinstance(node, ast.Name) else type(node).__name__

    def _normal(self, said: str) -> str:
        return " ".join("ID" if word in self._names else word for word in said.split(" "))


def _document_names(model: Model) -> set[str]:
    """The identifiers that come from a document, with what the generated code puts before them."""
    objects = [model.objects[key] for key in emitted(model)]
    operations = (*model.operations, *model.webhooks)
    plain = {item.name for item in objects}
    plain |= {field.name for item in objects for field in item.fields}
    plain |= {operation.name for operation in operations}
    plain |= {p.name for operation in operations for p in operation.parameters}
    plain |= {server.name for server in model.servers}
    assert all(_is_plain(name) for name in plain - {""}), plain
    return plain


def _is_plain(name: str) -> bool:
    folded = unicodedata.normalize("NFKC", name)
    private = name.startswith("_") or keyword.iskeyword(name)
    return name.isidentifier() and folded == name and not private


def _varying(generated: Generated) -> dict[str, str]:
    return {
        path: text
        for path, text in generated.files.items()
        if path.endswith(".py") and not path.startswith(("_runtime/", "transports/"))
    }


def _shapes(generated: Generated) -> dict[str, set[Shape]]:
    shapes: dict[str, set[Shape]] = {}
    names = _document_names(generated.model)
    for path, text in _varying(generated).items():
        tree = ast.parse(text)
        reader = Reader({name for name in _identifiers(tree) if _derives(name, names)})
        reader.visit(tree)
        shapes[path] = reader.shapes
    return shapes


def _identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in ("id", "attr", "arg", "name", "asname"):
            if isinstance(getattr(node, name, None), str):
                yield getattr(node, name)


def _derives(name: str, names: set[str]) -> bool:
    """Whether an identifier is one of the document's or made of one: `_DEVICE_set_token`."""
    shape, setter, attribute = name.partition("_set_")
    if setter and shape.isupper():
        return _derives(shape, names) and attribute in {*names, "extra"}
    if (
        name in names
        or name.removeprefix("_switch_") in names
        or (name[:1] == "_" and name[1:] in names)
    ):
        return True
    parts = name.removeprefix("_RECURSIVE_")
    for suffix in ("_BODY", "_BODIES", "_PARAMETERS"):
        parts = parts.removesuffix(suffix)
    return name.isupper() and (parts != name or _folded(parts) in map(_folded, names))


def _folded(name: str) -> str:
    # Through the capitals: dotless i, for one, has the capital of i.
    return constant_name(name).replace("_", "").casefold()


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
            "responses": {"200": {"description": "Bought."}},
        }
    }
    documents = [small, _with_body("text/plain"), _with_body("application/json")]
    documents += [keyword_document(version) for version in ("3.0.3", "3.1.0")]
    generated = [generate_from(flagship_document(), **FLAGSHIP_CONFIG)]
    generated += [generate_from(document) for document in documents]
    shapes = [each for one in generated for found in _shapes(one).values() for each in found]
    files = frozenset().union(*(each.files for each in generated))
    return frozenset(itertools.chain.from_iterable(shapes)), files


def _with_body(media_type: str) -> dict[str, Any]:
    """A document whose body is no event."""
    document = _small()
    body = document["paths"]["/events"]["post"]["requestBody"]
    body["content"] = {media_type: {"schema": {"type": "array", "items": {}}}}
    return document


# One hostile document at a time.


class Sandbox:
    """Imports what was generated, beside one copy of the runtime that never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        sys.path.insert(0, str(folder))
        write_package(generate_from(_small()).files, folder / "hostile")
        self._modules = [path.stem for path in (folder / "hostile").glob("*.py")]
        for name in self._modules:
            importlib.import_module(f"hostile.{name}")

    def run(self, generated: Generated) -> None:
        package = f"hostile_{next(self._numbers)}"
        write_package(_varying(generated), self._folder / package)
        importlib.invalidate_caches()
        for name in [name for name in sys.modules if name.startswith("hostile._runtime")]:
            sys.modules[package + name.removeprefix("hostile")] = sys.modules[name]
        for name in _varying(generated):
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
    assert files == generated.files.keys()
    for path, text in _varying(generated).items():
        assert all(c.isprintable() or c == "\n" for c in text), path
    for path, shapes in _shapes(generated).items():
        new = {said for said, normal in shapes if not {said, normal} & honest}
        assert not new, (path, new)
    sandbox.run(generated)
    return True


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Every string, and every key (True)."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key), True
            yield from _places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*at, index))
    elif isinstance(value, str):
        yield at, False


def _put(document: Any, at: tuple[Any, ...], is_key: bool, text: str) -> Any:
    changed = copy.deepcopy(document)
    holder = functools.reduce(lambda value, step: value[step], at[:-1], changed)
    if not is_key:
        holder[at[-1]] = text
        return changed
    items = [(text if key == at[-1] else key, item) for key, item in holder.items()]
    holder.clear()
    holder.update(items)
    return _renamed(changed, at[-1], text) if at[:-1] == ("components", "schemas") else changed


def _renamed(value: Any, old: str, new: str) -> Any:
    """References follow a component that is called something else."""
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    escaped = new.replace("~", "~0").replace("/", "~1").replace("%", "%25")
    return f"#/components/schemas/{escaped}" if value == f"#/components/schemas/{old}" else value


_PLACES = list(_places(_small()))


@pytest.mark.parametrize("part", range(8))
def test_every_place(sandbox: Sandbox, part: int) -> None:
    """Each place gets some of the texts, so that each text meets many places."""
    taken = []
    for index, (at, is_key) in list(enumerate(_PLACES))[part::8]:
        text = HOSTILE[index * 7 % len(HOSTILE)]
        taken.append(check(_put(_small(), at, is_key, text), sandbox))
    assert sum(taken) > len(taken) / 4  # most keys are OpenAPI's own, and cannot be replaced


@pytest.mark.heavy
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_every_place_and_text(sandbox: Sandbox, text: str) -> None:
    for at, is_key in _PLACES:
        check(_put(_small(), at, is_key, text), sandbox)


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
    """Where OpenAPI allows any text, so does the tool.

    It refuses half a surrogate pair, and a key that would be one attribute with another of the
    same object: `event` and `any` are there already.
    """
    document = _small()
    for at, is_key in _FREE:
        document = _put(document, at, is_key, text)
    assert check(document, sandbox) == (text not in ("\ud800", "Event", "Any"))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_names_from_free_text(sandbox: Sandbox, text: str) -> None:
    document = _put(_small(), (*_SCHEMA, "properties", "event", "enum", 0), False, text)
    del document["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]["discriminator"]
    assert check(document, sandbox) == (text != "\ud800")


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
    for index, (at, is_key) in enumerate(_places(flagship_document())):
        text = HOSTILE[index % len(HOSTILE)]
        check(_put(flagship_document(), at, is_key, text), sandbox, **FLAGSHIP_CONFIG)
