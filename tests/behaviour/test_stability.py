"""The output is a function of the document: it moves only where the document moves."""

from __future__ import annotations

import copy
import difflib
import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keyword_schemas import keyword_document
from support import FLAGSHIP_CONFIG, ROOT, event, event_document, flagship_document, generate_from

_PRINT_HASH = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from keyword_schemas import keyword_document
from support import FLAGSHIP_CONFIG, flagship_document, generate_from
for files in (
    generate_from(flagship_document(), **FLAGSHIP_CONFIG).files,
    generate_from(keyword_document("3.1.0")).files,
):
    for path, text in files.items():
        print(path, hashlib.sha256(text.encode()).hexdigest())
"""


def _hashes(seed: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": f"UTC{seed}"}
    command = [sys.executable, "-c", _PRINT_HASH, str(ROOT / "tests")]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.heavy
def test_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    first = _hashes("1", tmp_path)
    # Of a small package, and of one in modules.
    assert [first.count(f"\n{name} ") for name in ("events.py", "events/__init__.py")] == [1, 1]
    assert first == _hashes("4", ROOT)


def _events(document: Any, **config: Any) -> list[str]:
    return generate_from(document, **config).files["events.py"].splitlines()


@functools.cache
def _before() -> list[str]:
    return _events(flagship_document(), **FLAGSHIP_CONFIG)


def _changed(old: list[str], new: list[str]) -> list[str]:
    lines = difflib.unified_diff(old, new, lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def _schemas(document: Any) -> Any:
    return document["components"]["schemas"]


def _arms(document: Any) -> Any:
    body = document["paths"]["/track"]["post"]["requestBody"]["content"]["application/json"]
    return body["schema"]["oneOf"]


def _add_event(document: Any) -> None:
    schemas = _schemas(document)
    added = copy.deepcopy(schemas["object_deleted_event"])
    added["properties"]["event"]["enum"] = ["Aardvark Deleted"]
    schemas["aardvark_deleted_event"] = added
    _arms(document).insert(0, {"$ref": "#/components/schemas/aardvark_deleted_event"})


def _add_schemas(document: Any) -> None:
    for name in ("DeviceDeletedContext", "UserDeleted", "device", "Context", "properties"):
        _schemas(document)[name] = {"type": "object", "properties": {"a": {"type": "string"}}}


def _reorder_arms(document: Any) -> None:
    _arms(document).reverse()


def _reword(document: Any) -> None:
    for schema in _schemas(document).values():
        schema["title"] = schema["description"] = "Other words."


def _rename_components(document: Any) -> None:
    text = json.dumps(document)
    for name in ("user_deleted_event", "report_delivery_event", "context", "integrations"):
        text = text.replace(f'"{name}": {{"x-', f'"a_{name}": {{"x-')
        text = text.replace(f'"{name}": {{"title', f'"a_{name}": {{"title')
        text = text.replace(f'schemas/{name}"', f'schemas/a_{name}"')
    document.update(json.loads(text))


@pytest.mark.parametrize(
    "change", [_add_event, _add_schemas, _reorder_arms, _reword, _rename_components]
)
def test_no_class_is_renamed(change: Any) -> None:
    """Whatever else moves, each class keeps its name."""
    document = flagship_document()
    change(document)
    old = {line for line in _before() if "class " in line}
    new = {line for line in _events(document, **FLAGSHIP_CONFIG) if "class " in line}
    assert old <= new
    assert len(new - old) == (2 if change is _add_event else 0)


def test_the_order_of_keys_does_not_name_classes() -> None:
    document = flagship_document()
    document["components"]["schemas"] = dict(reversed(_schemas(document).items()))
    assert _events(document, **FLAGSHIP_CONFIG) == _before()


def _user_deleted(document: Any) -> Any:
    return _schemas(document)["user_deleted_event"]


def _add_field(document: Any) -> None:
    _user_deleted(document)["properties"]["reason"] = {"type": "string", "description": "Why."}


def _retype_field(document: Any) -> None:
    _user_deleted(document)["properties"]["userId"]["type"] = "integer"


def _require_field(document: Any) -> None:
    _user_deleted(document)["required"].append("timestamp")


def _describe_field(document: Any) -> None:
    _user_deleted(document)["properties"]["userId"]["description"] = "Who."


def _add_enum_value(document: Any) -> None:
    report = _schemas(document)["report_delivery_event"]["properties"]["properties"]
    report["properties"]["metric"]["enum"].append("bounced")


@pytest.mark.parametrize(
    ("change", "most"),
    [
        (_add_field, 24),
        (_retype_field, 14),
        (_require_field, 40),
        (_describe_field, 4),
        (_add_enum_value, 10),
    ],
)
def test_a_small_change_is_a_small_diff(change: Any, most: int) -> None:
    document = flagship_document()
    change(document)
    lines = _changed(_before(), _events(document, **FLAGSHIP_CONFIG))
    assert 0 < len(lines) <= most, "\n".join(lines)


def test_a_new_event_adds_and_changes_nothing() -> None:
    document = flagship_document()
    _add_event(document)
    lines = _changed(_before(), _events(document, **FLAGSHIP_CONFIG))
    removed = [line for line in lines if line.startswith("-")]
    assert len(removed) <= 10, "\n".join(removed)  # the union of events is written anew


def test_3_0_and_3_1_say_the_same() -> None:
    """Two spellings of one thing give the same code."""
    old = event_document(
        event("Made", {"a": {"type": "string", "nullable": True, "example": "x"}}),
        version="3.0.3",
    )
    new = event_document(event("Made", {"a": {"type": ["string", "null"], "examples": ["x"]}}))
    new["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]["event"] = {"const": "Made"}
    assert generate_from(old).files == generate_from(new).files


@pytest.mark.heavy
def test_no_trace_of_time_version_or_machine() -> None:
    for document in (flagship_document(), keyword_document("3.1.0")):
        for path, text in generate_from(document).files.items():
            assert str(ROOT) not in text, path
            assert os.path.expanduser("~") + "/" not in text, path
