"""A package contains the static modules that it reaches, and no others."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from eventwright.emit.vendoring import imported
from support import ROOT, event_document, flagship_document, generate_from, write_package

STATIC = ROOT / "templates" / "static"
MODULES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.py"))
PARAMETERS = "_runtime/bodies/parameters.py"
JSON_BODIES = "_runtime/bodies/json_bodies.py"
OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


def meant(path: str) -> Iterator[str]:
    """The static modules that a module imports, as Python's own parser reads them."""
    for node in ast.walk(ast.parse((STATIC / path).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = PurePosixPath(path).parents[node.level - 1]
            module = package.joinpath(*(node.module or "").split("."))
            names = [module / alias.name for alias in node.names]
            yield from (f"{place}.py" for place in (module, *names))
            yield f"{module}/__init__.py"


@pytest.mark.parametrize("path", MODULES)
def test_imports_are_read_as_python_reads_them(path: str) -> None:
    wanted = {name for name in meant(path) if (STATIC / name).exists()}
    found = set(imported(path, (STATIC / path).read_text("utf-8")))
    missing = wanted - found
    assert not missing
    packages = {name for name in found if name.endswith("__init__.py")}
    assert {name for name in found - packages if (STATIC / name).exists()} <= wanted


def files(document: Any, **config: Any) -> set[str]:
    return set(generate_from(document, **config).files)


def test_only_what_the_document_uses() -> None:
    small = event_document(OBJECT)
    assert not {PARAMETERS, JSON_BODIES} & files(small)
    operation = small["paths"]["/events"]["post"]
    operation["parameters"] = [{"name": "n", "in": "query", "schema": {"type": "string"}}]
    assert PARAMETERS in files(small)
    listed = event_document({"type": "array", "items": {"type": "string"}})
    assert JSON_BODIES in files(listed)


STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "modules"),
    [
        (STRING, ""),
        ({**STRING, "format": "date-time"}, ""),
        ({**STRING, "format": "date"}, "formats"),
        ({**STRING, "format": "password"}, ""),
        ({"type": "integer"}, ""),
        ({"type": "object"}, ""),
        ({**STRING, "minLength": 1}, "bounded"),
        ({"type": "integer", "format": "int32"}, "bounded"),
        ({"type": "object", "additionalProperties": STRING}, "bounded"),
        ({**STRING, "format": "uuid"}, "bounded formats native"),
        ({**STRING, "format": "ipv6"}, "bounded formats"),
        ({**STRING, "format": "email"}, "bounded formats hosts"),
        ({**STRING, "format": "uri"}, "bounded formats uris"),
        ({"type": ["string", "null"]}, "nesting"),
        ({"type": "array", "items": STRING}, "nesting"),
        ({"oneOf": [STRING, {"type": "integer"}]}, "unions"),
        ({"not": STRING}, "conditions"),
    ],
)
def test_a_kind_brings_its_own_module_alone(schema: Any, modules: str) -> None:
    document = event_document({"type": "object", "properties": {"a": schema}})
    always = {"__init__", "base", "objects", "scalars"}
    found = {PurePosixPath(path).stem for path in files(document) if "/kinds/" in path}
    assert found == always | set(modules.split())


def test_a_document_without_operations_sends_nothing() -> None:
    silent = {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "webhooks": {},
        "components": {"schemas": {}},
    }
    assert not {name for name in files(silent) if "/http/" in name or "/client/" in name}


@pytest.mark.parametrize("name", ["aiohttp", "httpx", "urllib3"])
def test_adapters_that_are_asked_for(name: str) -> None:
    assert not {path for path in files(flagship_document()) if "transports" in path}
    found = files(flagship_document(), transports=(name,))
    adapters = {path for path in found if path.startswith("transports/")}
    assert adapters == {f"transports/{part}.py" for part in ("__init__", "_foreign", name)}


def test_every_module_can_be_imported_alone(tmp_path: Path) -> None:
    """Nothing is missing, in whichever order a program imports them."""
    made = generate_from(flagship_document(), transports=("urllib3",)).files
    write_package(made, tmp_path / "flagship")
    modules = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in made
        if path.endswith(".py") and path != "__init__.py"
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {modules!r}:\n"
        "    for key in [key for key in sys.modules if key.startswith('flagship')]:\n"
        "        del sys.modules[key]\n"
        "    importlib.import_module('flagship.' + name)\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
