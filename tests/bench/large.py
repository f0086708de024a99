"""A large document: the flagship many times over, every copy with names of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_NAMED = re.compile(r'(#/components/schemas/\w+|"operationId": "\w+)"')
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


def _numbered(
    paths: dict[str, Any], schemas: dict[str, Any], number: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    both = {
        "paths": {f"{path}/{number}": item for path, item in paths.items()},
        "schemas": {f"{name}_{number}": schema for name, schema in schemas.items()},
    }
    text = _NAMED.sub(rf'\g<1>_{number}"', json.dumps(both))
    copy = json.loads(_LITERAL.sub(rf'\g<1> {number}"]', text))
    return copy["paths"], copy["schemas"]
