"""The program of somebody who calls an API that is more than events, to the byte."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from behaviour.faultserver import FaultServer, Seen, reply
from support import ROOT, generate_package, load_module

CASE = ROOT / "tests" / "cases" / "shop"
ID = "0b4f3c1e-6a55-4f0e-9d0a-8f1f6c1f2b3d"
ORDER = {
    "id": ID,
    "status": "open",
    "createdAt": "2026-11-27T10:00:00Z",
    "lines": [{"sku": "a", "quantity": 2}],
}
PICTURE = bytes(range(256))
ANSWERS = [
    reply(201, ORDER, headers={"Location": f"/orders/{ID}"}),
    reply(200, {"items": [ORDER, {**ORDER, "status": "paid"}], "next": "c 1"}),
    reply(200, {"items": [ORDER], "next": None}),
    reply(404, {"title": "none"}),
    reply(200, ORDER),
    reply(200, b"ok", headers={"Content-Type": "text/plain"}),
    reply(200, b"%PDF", headers={"Content-Type": "application/pdf"}),
    reply(204, b""),
    reply(200, {"access_token": "t"}),
]

SYNC = """
from pathlib import Path
from uuid import UUID

from shop import Client, Line, NewOrder, NotFound, Problem, UnprocessableContent


def main(url: str, folder: Path) -> list[object]:
    seen: list[object] = []
    with Client(token="secret", server=url, trust_env=False) as client:
        made = client.orders.create_order(NewOrder(lines=[Line(sku="a", quantity=2)]))
        seen += [made.status, made.headers["location"], made.data.created_at.year]
        for order in client.orders.list_orders(status=["open", "paid"], limit=50).items():
            seen.append(order.status)
        number = UUID("0b4f3c1e-6a55-4f0e-9d0a-8f1f6c1f2b3d")
        try:
            order = client.orders.get_order(number).data
        except NotFound as error:
            seen += [type(error).__name__, error.json["title"]]
        except UnprocessableContent as error:
            problem: Problem = error.data
            seen.append(problem.title)
        order = client.orders.get_order(number).data
        with open(folder / "me.png", "rb") as file:
            client.customers.put_avatar(7, file=file, caption="me")
        client.orders.get_orders_order_id_invoice_pdf(order.id).save(folder / "invoice.pdf")
        seen.append(client.orders.delete_order(order.id).data)
        token = client.token(grant_type="client_credentials")
        seen.append(token.data.access_token)
    return seen
"""
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
_AWAITED = re.compile(r"client\.(?:\w+\.)?\w+\((?:[^()]|\([^()]*(?:\([^()]*\))?[^()]*\))*\)")


def _async() -> str:
    """The same program, each call awaited."""
    text = SYNC.replace("import Client,", "import AsyncClient as Client,")
    text = text.replace("def main", "async def main").replace("with Client", "async with Client")
    text = text.replace("for order in client", "async for order in client")
    return _AWAITED.sub(lambda call: f"(await {call[0]})", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = yaml.safe_load((CASE / "openapi.yaml").read_bytes())
    (config,) = tomllib.loads((CASE / "eventwright.toml").read_text("utf-8"))["client"]
    made = tmp_path_factory.mktemp("shop")
    written = generate_package(data, made, **config | {"output": "shop"})
    written.rename(made / "shop")
    (made / "sync_program.py").write_text(SYNC, "utf-8")
    (made / "async_program.py").write_text(_async(), "utf-8")
    (made / "me.png").write_bytes(PICTURE)
    return made


@pytest.fixture(scope="module")
def package(folder: Path) -> ModuleType:
    load_module(folder / "shop", "client")
    return sys.modules["shop"]


def _requests(seen: list[Seen]) -> list[tuple[str, str, str, bytes]]:
    return [
        (each.method, each.target, each.headers.get("content-type", ""), each.body) for each in seen
    ]


@pytest.mark.parametrize("name", ["sync_program", "async_program"])
def test_the_program_runs(folder: Path, package: ModuleType, name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(compile((folder / f"{name}.py").read_text("utf-8"), name, "exec"), namespace)  # noqa: S102
    (folder / "invoice.pdf").unlink(missing_ok=True)
    with FaultServer(*ANSWERS) as server:
        found = namespace["main"](server.url, folder)
        found = asyncio.run(found) if name.startswith("async") else found
        sent = _requests(server.seen)
        keys = [each.headers.get("authorization") for each in server.seen]
    assert found == [
        *(201, f"/orders/{ID}", 2026),
        *("open", "paid", "open"),
        *("NotFound", "none"),
        *(None, "t"),
    ]
    assert (folder / "invoice.pdf").read_bytes() == b"%PDF"
    json = "application/json"
    kind = sent[5][2]
    boundary = kind.partition("boundary=")[2]
    assert re.fullmatch(r"multipart/form-data; boundary=[\w-]{16,70}", kind)
    assert sent == [
        ("POST", "/orders", json, b'{"lines":[{"sku":"a","quantity":2}]}'),
        ("GET", "/orders?status=open,paid&limit=50", "", b""),
        ("GET", "/orders?status=open,paid&limit=50&cursor=c%201", "", b""),
        ("GET", f"/orders/{ID}", "", b""),
        ("GET", f"/orders/{ID}", "", b""),
        ("PUT", "/customers/7/avatar", kind, _form(boundary)),
        ("GET", f"/orders/{ID}/invoice.pdf", "", b""),
        ("DELETE", f"/orders/{ID}", "", b""),
        (
            *("POST", "/token", "application/x-www-form-urlencoded"),
            b"grant_type=client_credentials",
        ),
    ]
    assert keys == [*["Bearer secret"] * 8, None]


def _form(boundary: str) -> bytes:
    mark = boundary.encode()
    return (
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="file"; filename="me.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PICTURE + b"\r\n"
        b"--" + mark + b'\r\nContent-Disposition: form-data; name="caption"\r\n\r\n'
        b"me\r\n--" + mark + b"--\r\n"
    )


def test_every_line_of_it_has_a_type(folder: Path) -> None:
    names = ["sync_program.py", "async_program.py"]
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ".mypy", *names]
    done = subprocess.run(mypy, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[-1][:8], done.returncode) == ("Success:", 0), done.stdout


def test_the_program_in_the_readme_runs_as_written(
    folder: Path, package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    [program] = [each for each in _PYTHON.findall(readme) if "from shop import" in each]
    monkeypatch.chdir(folder)
    with FaultServer(*ANSWERS[:1], *ANSWERS[2:3], *ANSWERS[4:7], ANSWERS[8]) as server:
        exec(program.replace('"…"', f'"secret", server="{server.url}"'), {})  # noqa: S102
    called = [(each.method, each.target.split("?")[0]) for each in server.seen]
    assert called == [
        ("POST", "/orders"),
        ("GET", "/orders"),
        ("GET", f"/orders/{ID}"),
        ("PUT", "/customers/7/avatar"),
        ("GET", f"/orders/{ID}/invoice.pdf"),
        ("POST", "/token"),
    ]
    assert (folder / "invoice.pdf").read_bytes() == b"%PDF"
