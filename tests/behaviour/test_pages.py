"""A list that a server answers page by page, by each way that leads on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from eventwright.diagnostics.diagnostic import UserError
from support import event_document, generate_from, generate_package, load_module

TEXT = {"type": "string"}
THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
THINGS = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
PAGE = {
    "type": "object",
    "properties": {
        "found": {"type": "object", "properties": {"list": THINGS}},
        "meta": {"type": "object", "properties": {"next": {"type": ["string", "null"]}}},
        "first": THING,
    },
}
WAYS: dict[str, dict[str, Any]] = {
    "cursor": {"items": "/found/list", "next": "/meta/next", "parameter": "a b"},
    "url": {"items": "/found/list", "next": "/meta/next"},
    "link": {"items": "/found/list", "link": True},
    "offset": {"items": "/found/list", "counts": "items", "parameter": "offset"},
    "page": {"counts": "pages", "parameter": "page"},
}


def _document() -> dict[str, Any]:
    data = event_document({"type": "string"}, components={"Thing": THING})
    names = ("a b", "offset", "page", "q")
    parameters = [{"name": name, "in": "query", "schema": {}} for name in names]
    data["paths"] = {
        f"/{way}": {
            "get": {
                "operationId": way,
                "parameters": parameters,
                "responses": {
                    "200": {
                        "description": "x",
                        "content": {
                            "application/json": {"schema": THINGS if way == "page" else PAGE}
                        },
                    }
                },
            }
        }
        for way in WAYS
    }
    return data


def _config(ways: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"operations": {way: {"pages": said} for way, said in ways.items()}}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    written = generate_package(_document(), tmp_path_factory.mktemp("pages"), **_config(WAYS))
    load_module(written, "client")
    return sys.modules[written.name]


def _body(*ids: int, next: Any = None) -> Any:
    return {"found": {"list": [{"id": each} for each in ids]}, "meta": {"next": next}}


def _link(target: str, rel: str = 'rel="next"') -> dict[str, str]:
    return {"Link": f'<https://x/?page=0>; title="a, <b>"; rel=prev, <{target}>; {rel}'}


ANSWERS: dict[str, tuple[list[Any], list[str]]] = {
    "cursor": (
        [reply(200, _body(1, 2, next="c&d")), reply(200, _body(next="e")), reply(200, _body(3))],
        ["?q=1", "?q=1&a%20b=c%26d", "?q=1&a%20b=e"],
    ),
    "url": (
        [reply(200, _body(1, 2, next="https://evil.example/other?z=%20#x")), reply(200, _body(3))],
        ["?q=1", "?z=%20"],
    ),
    "link": (
        [
            reply(200, _body(1), headers=_link("/x?page=2")),
            reply(200, _body(2), headers=_link("?page=3", "rel=next")),
            reply(200, _body(3), headers=_link("/x?page=1", 'rel="first nextish"')),
        ],
        ["?q=1", "?page=2", "?page=3"],
    ),
    "offset": (
        [reply(200, _body(1, 2)), reply(200, _body(3)), reply(200, _body())],
        ["?q=1", "?q=1&offset=2", "?q=1&offset=3"],
    ),
    "page": (
        [reply(200, [{"id": 1}]), reply(200, [{"id": 2}, {"id": 3}]), reply(200, [])],
        ["?q=1", "?q=1&page=2", "?q=1&page=3"],
    ),
}


def _sync(package: ModuleType, url: str, way: str, **given: Any) -> list[Any]:
    with package.Client(server=url, trust_env=False) as client:
        return [item.id for item in getattr(client, way)(**given).items()]


def _async(package: ModuleType, url: str, way: str, **given: Any) -> list[Any]:
    async def main() -> list[Any]:
        async with package.AsyncClient(server=url, trust_env=False) as client:
            first = await getattr(client, way)(**given)
            return [item.id async for item in first.items()]

    return asyncio.run(main())


@pytest.mark.parametrize("listed", [_sync, _async])
@pytest.mark.parametrize("way", WAYS)
def test_all_items_of_all_pages(package: ModuleType, way: str, listed: Any) -> None:
    answers, asked = ANSWERS[way]
    with FaultServer(*answers) as server:
        assert listed(package, server.url, way, q=1) == [1, 2, 3]
        assert [each.target for each in server.seen] == [f"/{way}{query}" for query in asked]


def test_counting_goes_on_from_what_was_asked(package: ModuleType) -> None:
    with FaultServer(reply(200, _body(1, 2)), reply(200, _body())) as server:
        _sync(package, server.url, "offset", offset=40)
        assert server.seen[1].target == "/offset?offset=42"


def test_no_page_is_asked_for_before_it_is_needed(package: ModuleType) -> None:
    answers = ANSWERS["cursor"][0]
    with (
        FaultServer(*answers, *answers[1:]) as server,
        package.Client(server=server.url, trust_env=False) as client,
    ):
        first = client.cursor(q=1)
        assert (first.status, len(server.seen)) == (200, 1)
        assert [item.id for item in first.data.found.list] == [1, 2]
        items = first.items()
        assert [next(items).id, next(items).id, len(server.seen)] == [1, 2, 1]
        assert next(items).id == 3
        assert [len(page.data.found.list) for page in first.pages()] == [2, 0, 1]


@pytest.mark.parametrize("listed", [_sync, _async])
def test_a_server_that_leads_in_circles_is_left(package: ModuleType, listed: Any) -> None:
    one, two = reply(200, _body(1, next="a")), reply(200, _body(2, next="b"))
    with FaultServer(one, two, one, two, one) as server:
        with pytest.raises(package.ValidationError, match="another page"):
            listed(package, server.url, "cursor")
        assert len(server.seen) == 3


@pytest.mark.parametrize("url", ["/no/query", "/?a b", "/?a\r\nX: y", "/?é", 7])
def test_what_leads_nowhere_is_told(package: ModuleType, url: Any) -> None:
    with (
        FaultServer(reply(200, _body(1, next=url))) as server,
        pytest.raises(package.ValidationError),
    ):
        _sync(package, server.url, "url")


@pytest.mark.parametrize("way", WAYS)
def test_a_later_page_may_fail(package: ModuleType, way: str) -> None:
    with (
        FaultServer(ANSWERS[way][0][0], reply(404, {})) as server,
        pytest.raises(package.NotFound),
    ):
        _sync(package, server.url, way)


def test_the_types_of_pages_and_items(tmp_path: Path) -> None:
    text = (generate_package(_document(), tmp_path, **_config(WAYS)) / "client.py").read_text()
    assert "-> Pages[CursorAnswer200, Thing]:" in text
    assert "-> Pages[tuple[Thing, ...], Thing]:" in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"items": "/found/list"}, "exactly one of `next`, `link` and `counts`"),
        ({"link": True, "next": "/meta/next"}, "exactly one of"),
        ({"counts": "items"}, "`counts` needs the `parameter`"),
        ({"link": True, "parameter": "q"}, "the header `Link` has the whole query"),
        ({"link": True}, 'its answer has no list at ""'),
        ({"items": "/first", "link": True}, "its answer has no list at /first"),
        ({"items": "/found/list", "next": "/none"}, "its answer has nothing at /none"),
        (
            {"items": "/found/list", "next": "/meta/next", "parameter": "none"},
            "it has no query parameter none",
        ),
    ],
)
def test_what_cannot_be_is_told(said: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError) as caught:
        generate_from(_document(), **_config({"cursor": said}))
    assert "E305" in str(caught.value)
    assert f"cursor cannot be read page by page: {told}" in str(caught.value)
