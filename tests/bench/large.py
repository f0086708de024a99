"""A large document: the flagship many times over, every copy with names of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_NAMED = re.compile(r'(#/components/schemas/\w+|"operationId": "\w+)"')
_TITLE = re.compile(r'("title": "[^"]+)"')
_LITERAL = re.compile(r'("enum": \["[A-Z][A-Za-z ]+)"\]')


def write_pair(flagship: str, copies: int, folder: Path) -> int:
    """Write `old.json`, and `new.json` in which one event lost a value of an enum.

    Returns the size of `old.json` in bytes.
    """
    document = json.loads(flagship)
    paths, schemas = document["paths"], document["components"]["schemas"]
    document["paths"], document["components"]["schemas"] = {}, {}
    for number in range(copies):
        copy_paths, copy_schemas = _numbered(paths, schemas, number)
        document["paths"].update(copy_paths)
        document["components"]["schemas"].update(copy_schemas)
    old = json.dumps(document, indent=1)
    (folder / "old.json").write_text(old, encoding="utf-8")
    report = document["components"]["schemas"]["report_delivery_event_0"]
    report["properties"]["properties"]["properties"]["metric"]["enum"].remove("opened")
    (folder / "new.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return len(old)


def write_events(flagship: str, count: int, path: Path) -> None:
    """Write a document of one operation that takes that many events, each with names of its own."""
    document = json.loads(flagship)
    paths, schemas = document["paths"], document["components"]["schemas"]
    (operation,) = (item["post"] for item in paths.values())
    union = operation["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    arms: list[Any] = []
    document["components"]["schemas"] = {}
    for number in range(-(-count // len(union))):
        copy_paths, copy_schemas = _numbered(paths, schemas, number)
        (copy,) = (item["post"] for item in copy_paths.values())
        arms += copy["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
        document["components"]["schemas"].update(copy_schemas)
    union[:] = arms[:count]
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def _numbered(
    paths: dict[str, Any], schemas: dict[str, Any], number: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    both = {
        "paths": {f"{path}/{number}": item for path, item in paths.items()},
        "schemas": {f"{name}_{number}": schema for name, schema in schemas.items()},
    }
    text = _NAMED.sub(rf'\g<1>_{number}"', json.dumps(both))
    text = _TITLE.sub(rf'\g<1> {number}"', text)
    copy = json.loads(_LITERAL.sub(rf'\g<1> {number}"]', text))
    return copy["paths"], copy["schemas"]
