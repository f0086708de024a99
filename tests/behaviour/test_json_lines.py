"""Answers of one JSON text after the other are read one by one, each as its schema has it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, cut_body, reply
from support import event_document, generate_package, load_module

PART = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
REF = {"$ref": "#/components/schemas/Part"}
KINDS = ["application/x-ndjson", "application/jsonl", "application/json-seq; charset=utf-8"]


def _package(
    folder: Path, content: Any, more: Any = MappingProxyType({}), version: str = "3.1.0"
) -> ModuleType:
    data = event_document({"type": "object"}, version=version, components={"Part": PART})
    responses = {"200": {"description": "", "content": content}, **more}
    data["paths"]["/parts"] = {"get": {"operationId": "parts", "responses": responses}}
    package = generate_package(data, folder)
    load_module(package, "client")
    return sys.modules[package.name]


def _parts(module: ModuleType, answer: Any) -> Any:
    """The answer, in the sync client and in the async one."""

    async def other(url: str) -> Any:
        async with module.AsyncClient(server=url, trust_env=False) as client:
            return await client.parts()

    with FaultServer(answer, answer) as server:
        with module.Client(server=server.url, trust_env=False) as client:
            found = client.parts()
        twin = asyncio.run(other(server.url))
    assert type(twin) is type(found)
    assert list(twin.pieces()) == list(found.pieces())
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_items_are_read_one_by_one(kind: str, tmp_path: Path) -> None:
    module = _package(tmp_path, {kind: {"schema": REF}})
    body = b'\x1e{"size": 1}\n\r\n\x1e{"size": 2, "new": true}\r\n{"size": 3}'
    found = _parts(module, reply(200, body, headers={"Content-Type": kind}))
    assert isinstance(found, module.JsonLines)
    assert [each.size for each in found.items()] == [1, 2, 3]
    assert found.data[1] == module.Part.from_dict({"size": 2, "new": True})
    assert found.checked() == found.data
    code = Path(module.__path__[0], "client.py").read_text("utf-8")
    assert "-> JsonLines[Part]:" in code


def test_what_is_said_of_items(tmp_path: Path) -> None:
    """`itemSchema` is that of OpenAPI 3.2; a list is one of items, as in requests."""
    content = {"application/jsonl": {"itemSchema": REF}}
    listed = {"application/jsonl": {"schema": {"type": "array", "items": REF}}}
    for module in (_package(tmp_path, content, version="3.2.0"), _package(tmp_path, listed)):
        found = _parts(module, reply(200, b'{"size": 1}\n'))
        assert found.data == (module.Part(size=1),)


def test_more_than_memory_should_hold(tmp_path: Path) -> None:
    module = _package(tmp_path, {"application/jsonl": {"schema": REF}})
    body = b"".join(b'{"size": %d}\n' % number for number in range(400_000))
    found = _parts(module, reply(200, body))
    assert len(body) > 4_194_304
    assert found.body == b""
    assert sum(each.size for each in found.items()) == sum(range(400_000))


def test_what_does_not_fit_is_told_when_its_turn_comes(tmp_path: Path) -> None:
    module = _package(tmp_path, {"application/jsonl": {"schema": REF}})
    for line, said in (
        (b'{"size": "x"}', r"\$\[1\]\.size: expected an integer"),
        (b"{", r"\$\[1\]: expected JSON"),
        (b"[" * 100_000, r"\$\[1\]: expected JSON"),
    ):
        items = _parts(module, reply(200, b'{"size": 1}\n' + line + b"\n")).items()
        assert next(items).size == 1
        with pytest.raises(module.ValidationError, match=said):
            next(items)


def test_one_that_was_cut_off_is_not_given_out_as_whole(tmp_path: Path) -> None:
    module = _package(tmp_path, {"application/jsonl": {"schema": REF}})
    cut = cut_body(200, b'{"size": 1}\n')
    with FaultServer(cut) as server, module.Client(server=server.url) as client:
        found = client.parts()
    assert found.problem
    with pytest.raises(module.ValidationError, match="the whole body"):
        found.items()
    with pytest.raises(module.ValidationError, match="the whole body"):
        found.data  # noqa: B018


def test_a_status_that_nobody_foresaw(tmp_path: Path) -> None:
    module = _package(tmp_path, {"application/jsonl": {"schema": REF}})
    found = _parts(module, reply(202, b'{"size": "any"}\n[1]\n'))
    assert found.problem
    assert [*found.items()] == [{"size": "any"}, [1]] == [*found.data]
    assert [*_parts(module, reply(204)).items()] == []
    with pytest.raises(module.ValidationError, match="expected JSON"):
        _parts(module, reply(202, b"<html>")).data  # noqa: B018


def test_beside_other_answers(tmp_path: Path) -> None:
    """Where a success is JSON as well it is in memory; where one is a file, all are files."""
    lines = {"application/jsonl": {"schema": REF}}
    other = {"description": "", "content": {"application/json": {"schema": {"type": "integer"}}}}
    module = _package(tmp_path, lines, {"201": other})
    with (
        FaultServer(reply(200, b'{"size": 1}\n'), reply(201, 5)) as server,
        module.Client(server=server.url, trust_env=False) as client,
    ):
        assert client.parts().data == (module.Part(size=1),)
        assert client.parts().data == 5
    code = Path(module.__path__[0], "client.py").read_text("utf-8")
    assert "-> Answer[tuple[Part, ...] | int]:" in code
    pdf = {"description": "", "content": {"application/pdf": {}}}
    module = _package(tmp_path, lines, {"201": pdf})
    found = _parts(module, reply(200, json.dumps({"size": 1}).encode()))
    assert isinstance(found, module.Download)
    assert found.data == b'{"size": 1}'
