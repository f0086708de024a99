"""Python's own types for texts: taken as arguments, and kept where the configuration says so."""

from __future__ import annotations

import copy
import pickle
import re
import sys
import uuid
from datetime import UTC, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from behaviour.told import problems
from support import event, event_document, generate_package, import_package, load_module

ID = "0B4F3c1e-6a55-4f0e-9d0a-8f1f6c1f2b3d"
KEYS = {
    "id": {"type": "string", "format": "uuid"},
    "at": {"type": "string", "format": "time"},
    "took": {"type": "string", "format": "duration"},
    "price": {"type": "string", "format": "decimal"},
    "raw": {"type": "string", "format": "byte"},
    "other": {"type": "string", "contentEncoding": "base64"},
    "uuid": {"type": "string", "format": "uuid", "maxLength": 36},
    "bytes": {"type": ["string", "null"], "format": "byte"},
}
OWN: dict[str, tuple[Any, str]] = {
    "id": (uuid.UUID(ID), ID.lower()),
    "at": (time(9, 30, tzinfo=UTC), "09:30:00Z"),
    "took": (timedelta(days=1, hours=2, seconds=5), "P1DT2H0M5S"),
    "price": (Decimal("1.50"), "1.50"),
    "raw": (b"\x00\xff", "AP8="),
    "other": (b"", ""),
}
TYPES = ("uuid", "time", "duration", "decimal", "byte")


def _document() -> dict[str, Any]:
    data = event_document(event("A", KEYS))
    answer = {"schema": {"type": "object", "required": ["id"], "properties": KEYS}}
    data["paths"]["/of/{id}"] = {
        "get": {
            "operationId": "get",
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": KEYS["id"]},
                {"name": "since", "in": "query", "schema": KEYS["took"]},
            ],
            "responses": {"200": {"description": "x", "content": {"application/json": answer}}},
        }
    }
    return data


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return import_package(_document(), tmp_path_factory.mktemp("text"))


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return import_package(_document(), tmp_path_factory.mktemp("native"), types=TYPES)


@pytest.mark.parametrize("key", OWN)
def test_a_value_is_taken_as_its_text(text: ModuleType, key: str) -> None:
    value, written = OWN[key]
    made = text.A(**{key: value})
    assert getattr(made, key) == written
    assert made.to_dict() == {"event": "A", key: written}
    assert text.A(**{key: written}) == made


def test_a_text_stays_as_it_is(text: ModuleType) -> None:
    made = text.A.from_dict({"event": "A", "id": ID, "price": "1e2"})
    assert made.to_dict() == {"event": "A", "id": ID, "price": "1e2"}


@pytest.mark.parametrize("key", OWN)
def test_an_attribute_is_the_value(native: ModuleType, key: str) -> None:
    value, written = OWN[key]
    for made in (
        native.A(**{key: value}),
        native.A(**{key: written}),
        native.A.from_dict({"event": "A", key: written}),
        native.A.from_json(f'{{"event": "A", "{key}": "{written}"}}'),
    ):
        assert (getattr(made, key), type(getattr(made, key))) == (value, type(value))
        assert made.to_dict() == {"event": "A", key: written}
        assert made.to_json() == f'{{"event":"A","{key}":"{written}"}}'.encode()
        for twin in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
            assert twin == made


@pytest.mark.parametrize("config", [(), TYPES], ids=["text", "native"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "no"),
        ("id", 7),
        ("at", time(9, 30)),
        ("at", time(9, 30, tzinfo=timezone(timedelta(seconds=30)))),
        ("took", timedelta(seconds=0.5)),
        ("took", timedelta(days=-1)),
        ("took", "1 day"),
        ("price", Decimal("NaN")),
        ("raw", "%%%"),
        ("raw", bytearray(b"a")),
    ],
)
def test_what_the_other_side_has_not_is_told(
    text: ModuleType, native: ModuleType, config: Any, key: str, value: Any
) -> None:
    module = native if config else text
    (problem,) = problems(module, module.A, **{key: value})
    assert problem.startswith(f"$.{key}: expected ")


@pytest.mark.parametrize(
    ("key", "value"),
    [("at", "23:59:60Z"), ("took", "P1Y"), ("took", "P9999999999D"), ("price", "a")],
)
def test_texts_that_python_has_no_value_for(
    text: ModuleType, native: ModuleType, key: str, value: str
) -> None:
    data = {"event": "A", key: value}
    assert text.A.from_dict(data).to_dict() == data
    if key == "at":  # a leap second is a time all the same
        return
    (problem,) = problems(native, native.A.from_dict, data)
    assert problem.startswith(f"$.{key}: expected ")


@pytest.mark.parametrize("types", [(), TYPES], ids=["text", "native"])
def test_parameters_and_answers(types: Any, tmp_path: Path) -> None:
    written = generate_package(_document(), tmp_path, types=types)
    load_module(written, "client")
    package = sys.modules[written.name]
    with (
        FaultServer(reply(200, {"id": ID, "raw": "AP8="})) as server,
        package.Client(server=server.url, trust_env=False) as client,
    ):
        for identity in (uuid.UUID(ID), ID.lower()):
            data = client.get(identity, since=timedelta(minutes=5)).data
            assert data.id == (uuid.UUID(ID) if types else ID)
            assert data.raw == (b"\x00\xff" if types else "AP8=")
        assert {each.target for each in server.seen} == {f"/of/{ID.lower()}?since=PT5M"}


def test_the_modules_are_there_where_they_are_used(tmp_path: Path) -> None:
    plain = generate_package(event_document(event("A")), tmp_path)
    assert not (plain / "_runtime" / "kinds" / "native.py").exists()
    text = (generate_package(_document(), tmp_path, types=["byte"]) / "events.py").read_text()
    assert "import builtins as _builtins\nimport datetime\nimport decimal as _decimal\n" in text
    assert re.search(r"\n    raw: Annotated\[\s*_builtins\.bytes \| None,", text)
    assert "        id: str | _uuid.UUID | None = None,\n" in text
