"""Operations with a header for an idempotency key: a new one for each call, none for an attempt."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from behaviour.runtime import load
from eventwright.diagnostics.diagnostic import DocumentError
from support import event, event_document, generate_from, generate_package, load_module

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TEXT: dict[str, Any] = {"type": "string"}


def _document(
    name: str = "Idempotency-Key", schema: Mapping[str, Any] = TEXT, **more: Any
) -> dict[str, Any]:
    data = event_document(event("A"))
    data["servers"] = [{"url": "https://a.example"}]
    parameter = {"name": name, "in": "header", "schema": schema, **more}
    data["paths"]["/events"]["post"]["parameters"] = [parameter]
    return data


def _package(folder: Path, data: dict[str, Any], **config: Any) -> ModuleType:
    made = generate_package(data, folder, **config)
    load_module(made, "testing")
    return sys.modules[made.name]


def _keys(package: ModuleType, header: str = "idempotency-key", **given: Any) -> list[str | None]:
    """Of three attempts of one call, and one of another."""
    again = package.RetryPolicy(base=0)
    with FaultServer(reply(503), reply(503), reply()) as server:
        with package.Client(server=server.url, trust_env=False, retries=again) as client:
            client.send(package.A(), **given)
            client.send(package.A(), **given)
        return [each.headers.get(header) for each in server.seen]


@pytest.mark.parametrize("name", ["Idempotency-Key", "X-Idempotency-Key", "idempotency-KEY"])
@pytest.mark.parametrize("more", [{}, {"required": True}])
def test_attempts_carry_one_key(tmp_path: Path, name: str, more: dict[str, Any]) -> None:
    package = _package(tmp_path, _document(name, **more))
    first, *again, other = _keys(package, name.lower())
    assert first is not None
    assert UUID.fullmatch(first)
    assert again == [first, first]
    assert other != first
    assert _keys(package, name.lower(), idempotency_key="mine") == ["mine"] * 4
    assert _keys(package, name.lower(), headers={name.upper(): "mine"}) == ["mine"] * 4


def test_async(tmp_path: Path) -> None:
    package = _package(tmp_path, _document())

    async def main(url: str) -> None:
        again = package.RetryPolicy(base=0)
        async with package.AsyncClient(server=url, trust_env=False, retries=again) as client:
            await client.send(package.A())

    with FaultServer(reply(503), reply()) as server:
        asyncio.run(main(server.url))
        assert len({each.headers["idempotency-key"] for each in server.seen}) == 1


def test_after_a_401_it_is_still_the_same_call(tmp_path: Path) -> None:
    data = _document()
    data["security"] = [{"t": []}]
    data["components"]["securitySchemes"] = {"t": {"type": "http", "scheme": "bearer"}}
    package = _package(tmp_path, data)
    tokens = iter(["one", "two"])
    with FaultServer(reply(401), reply()) as server:
        options = {"token": lambda: next(tokens), "server": server.url, "trust_env": False}
        with package.Client(**options) as client:
            client.send(package.A())
        assert [each.headers["authorization"] for each in server.seen] == [
            "Bearer one",
            "Bearer two",
        ]
        assert len({each.headers["idempotency-key"] for each in server.seen}) == 1


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"type": "string", "format": "uuid"}, True),
        ({"type": "string", "minLength": 8, "maxLength": 255}, True),
        ({"type": ["string", "null"]}, True),
        ({"type": "string", "pattern": "^[0-9a-f-]{36}$"}, True),
        ({}, True),
        ({"type": "string", "maxLength": 20}, False),
        ({"type": "string", "pattern": "^[0-9]+$"}, False),
        ({"type": "integer"}, False),
        ({"type": "string", "enum": ["a", "b"]}, False),
    ],
)
def test_where_the_document_takes_one(tmp_path: Path, schema: dict[str, Any], made: bool) -> None:
    keys = _keys(_package(tmp_path, _document(schema=schema)))
    assert (keys[0] is not None) is made


def test_one_that_is_configured(tmp_path: Path) -> None:
    config = {"operations": {"send": {"idempotency": "Request-Id"}}}
    package = _package(tmp_path, event_document(event("A")), **config)
    first, second, third, other = _keys(package, "request-id")
    assert first == second == third != other
    assert _keys(package, "request-id", headers={"request-ID": "mine"}) == ["mine"] * 4
    package = _package(tmp_path, _document("request-id"), **config)
    assert len(set(_keys(package, "request-id"))) == 2
    package = _package(tmp_path, _document(), operations={"send": {"idempotency": ""}})
    assert _keys(package) == [None] * 4


def test_groups_and_recording_clients(tmp_path: Path) -> None:
    data = _document()
    data["paths"]["/events"]["post"]["tags"] = ["one"]
    responses = {"200": {"description": "x"}}
    data["paths"]["/b"] = {"get": {"operationId": "b", "tags": ["two"], "responses": responses}}
    package = _package(tmp_path, data)
    with package.testing.RecordingClient() as client:
        client.one.send(package.A())
        client.two.b()
    one, two = client.requests
    assert UUID.fullmatch(one.headers["idempotency-key"])
    assert "idempotency-key" not in two.headers


@pytest.mark.parametrize(
    ("name", "schema", "said"),
    [
        ("Idempotency-Key", {"type": "string", "maxLength": 20}, "at most 20"),
        ("Content-Length", TEXT, "the client sets it itself"),
        ("Authorization", TEXT, "the client sets it itself"),
    ],
)
def test_one_that_cannot_have_a_key(name: str, schema: dict[str, Any], said: str) -> None:
    data = _document(schema=schema)
    with pytest.raises(DocumentError) as caught:
        generate_from(data, operations={"send": {"idempotency": name}})
    (problem,) = caught.value.diagnostics
    assert problem.code == "E320"
    assert said in problem.message
    assert problem.help


def test_keys_differ() -> None:
    uuid_text = load("_runtime.values.uuids").uuid_text
    found = {uuid_text() for _ in range(2000)}
    assert len(found) == 2000
    assert all(UUID.fullmatch(each) for each in found)
