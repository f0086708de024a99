"""Operations with tags are methods of groups, in modules of their own that are loaded when used."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from support import event, event_document, generate_package, load_module

OK = {"200": {"description": "x"}}
STRICT = {"name": "X-Strict", "in": "header", "schema": {"type": "string", "enum": ["1"]}}


def _operation(identity: str, *tags: str, **more: Any) -> dict[str, Any]:
    return {"operationId": identity, "tags": [*tags], "responses": OK, **more}


def _document() -> dict[str, Any]:
    data = event_document(event("A"))
    data["servers"] = [{"url": "https://a.example"}]
    body = data["paths"]["/events"]["post"]["requestBody"]
    data["paths"] = {
        "/orders": {
            "get": _operation("orders/list", "Orders", "other", parameters=[STRICT]),
            "post": _operation("createOrder", "Orders", requestBody=body),
        },
        "/import": {"post": _operation("run", "import")},
        "/events": {"get": _operation("events_get", "events"), "put": _operation("set", "orders")},
        "/plain": {"get": _operation("plain"), "put": _operation("odd", "!!")},
    }
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_package(_document(), tmp_path_factory.mktemp("groups"))


@pytest.fixture(scope="module")
def package(folder: Path) -> ModuleType:
    load_module(folder, "testing")
    return sys.modules[folder.name]


def test_a_tag_is_a_group(package: ModuleType) -> None:
    with package.testing.RecordingClient(strict=True) as client:
        assert client.orders.list().status == 200
        client.orders.list(strict=False)
        client.orders.create_order(package.A())
        client.orders.set()  # another spelling of the same tag
        client.import_.run()
        client.events_.get()  # what the recording client has called `events` is its own
        client.plain()
        client.odd()
    sent = [(each.method, each.target) for each in client.requests]
    assert sent == [
        *[("GET", "/orders")] * 2,
        *[("POST", "/orders"), ("PUT", "/events"), ("POST", "/import"), ("GET", "/events")],
        *[("GET", "/plain"), ("PUT", "/plain")],
    ]
    assert [each.headers.get("x-strict") for each in client.requests[:2]] == ["1", None]
    assert client.events == [package.A()]


def test_the_same_async(package: ModuleType) -> None:
    async def main(url: str) -> None:
        async with package.AsyncClient(server=url, trust_env=False) as client:
            assert (await client.orders.list()).status == 200
            with pytest.raises(package.NotFound):
                await client.import_.run()

    with FaultServer(reply(), reply(404)) as server:
        asyncio.run(main(server.url))
        assert [each.target for each in server.seen] == ["/orders", "/import"]


def test_a_group_is_loaded_when_it_is_used(folder: Path) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(folder.parent)!r})
from {folder.name} import Client
def loaded(): return sorted(m.rpartition(".")[2] for m in sys.modules if ".operations." in m)
client = Client()
assert loaded() == [], loaded()
client.orders
assert loaded() == ["_orders"], loaded()
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_one_tag_tells_nothing_apart(tmp_path: Path) -> None:
    data = _document()
    data["paths"] = {"/orders": data["paths"]["/orders"], "/plain": data["paths"]["/plain"]}
    written = generate_package(data, tmp_path)
    assert not (written / "operations").exists()
    assert "def orders_list(" in (written / "client.py").read_text("utf-8")


def test_groups_can_be_left_out(tmp_path: Path) -> None:
    written = generate_package(_document(), tmp_path, groups=False)
    assert not (written / "operations").exists()
    assert "def orders_list(" in (written / "client.py").read_text("utf-8")


def test_a_name_without_its_group_is_not_taken_twice(tmp_path: Path) -> None:
    data = _document()
    data["paths"]["/orders"]["put"] = _operation("list", "Orders")
    data["paths"]["/orders"]["delete"] = _operation("orders_class", "Orders")
    text = (generate_package(data, tmp_path) / "operations" / "_orders.py").read_text("utf-8")
    for name in ("orders_list", "list", "orders_class", "create_order"):
        assert f"    def {name}(" in text
