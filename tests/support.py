"""What the tests share: documents, packages generated from them, and their import."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import json
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

from eventwright.config.config import ClientConfig, ClientKeys
from eventwright.document.load import load_bytes
from eventwright.project.pipeline import Generated, generate
from eventwright.validation.validate import validate

ROOT = Path(__file__).parent.parent
FLAGSHIP = ROOT / "spec" / "customerio-semantic-events.json"
FLAGSHIP_CONFIG: dict[str, Any] = {
    key: tomllib.loads((ROOT / "eventwright.toml").read_text("utf-8"))["client"][0][key]
    for key in ("names", "operations", "servers", "auth")
}
SHOWN = "spec/events.json"
_numbers = itertools.count()


@cache
def _flagship_text() -> str:
    return FLAGSHIP.read_text("utf-8")


def flagship_document() -> dict[str, Any]:
    """The flagship, fresh: the caller may change it."""
    document: dict[str, Any] = json.loads(_flagship_text())
    return document


def event_document(
    schema: Any, *, version: str = "3.1.0", components: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The smallest document whose one operation takes `schema` as JSON."""
    return {
        "openapi": version,
        "info": {"title": "Small", "version": "1"},
        "paths": {
            "/events": {
                "post": {
                    "operationId": "send",
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": schema}},
                    },
                    "responses": {"200": {"description": "Taken."}},
                }
            }
        },
        "components": {"schemas": dict(components or {})},
    }


def event(literal: str, properties: Mapping[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """The schema of an event told by `event`; `required` names what it needs beside that."""
    return {
        "type": "object",
        "properties": {"event": {"type": "string", "enum": [literal]}, **(properties or {})},
        **rest,
        "required": ["event", *rest.get("required", ())],
    }


def client_config(**config: Any) -> ClientConfig:
    """A configuration as eventwright.toml would give it."""
    keys = {"spec": SHOWN, "output": "generated/events", **config}
    return ClientConfig.of(TypeAdapter(ClientKeys).validate_python(keys, extra="forbid"))


def generate_from(data: Any, **config: Any) -> Generated:
    """Everything that `eventwright generate` does in memory. Raises UserError."""
    document = load_bytes(json.dumps(data).encode(), SHOWN)
    validate(document)
    return generate(document, client_config(**config))


def generate_package(data: Any, folder: Path, **config: Any) -> Path:
    """The generated package as a new folder inside `folder`."""
    package = folder / f"generated_{next(_numbers)}"
    write_package(generate_from(data, **config).files, package)
    return package


def write_package(files: Mapping[str, str], package: Path) -> None:
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


def import_package(data: Any, folder: Path, **config: Any) -> ModuleType:
    """The `events` module of a package generated here and imported under a fresh name."""
    package = generate_package(data, folder, **config)
    return load_module(package)


def load_module(package: Path, module: str = "events") -> ModuleType:
    """One module of a package folder, wherever that is."""
    name = package.name
    spec = importlib.util.spec_from_file_location(
        name, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None or name in sys.modules:
        raise ImportError(name)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    if (package / "__init__.py").exists():
        spec.loader.exec_module(loaded)
    return importlib.import_module(f"{name}.{module}")


def runtime(module: ModuleType, name: str) -> Any:
    """A module of the runtime that an `events` module came with."""
    package = module.__name__.rpartition(".events")[0]
    return importlib.import_module(f"{package}._runtime.{name}")
