"""Parameters as the tables of OpenAPI and RFC 6570 have them, to the byte, seen by a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from behaviour.runtime import load
from behaviour.stress import STRINGS, document, operation, parameter
from support import generate_package, load_module

TEXT = {"type": "string"}
COLORS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}
OBJECT = {"type": "object", "additionalProperties": {"type": "integer"}}
SCHEMAS: dict[str, tuple[Any, Any]] = {
    "empty": (TEXT, ""),
    "string": (TEXT, "blue"),
    "array": (STRINGS, COLORS),
    "object": (OBJECT, RGB),
}
"""The columns of the table (OpenAPI 3.1.1, 4.8.12.3): schema and value of `color`."""
TABLE: list[tuple[str, str, bool, dict[str, str]]] = [
    (
        "path",
        "matrix",
        False,
        {
            "empty": ";color",
            "string": ";color=blue",
            "array": ";color=blue,black,brown",
            "object": ";color=R,100,G,200,B,150",
        },
    ),
    (
        "path",
        "matrix",
        True,
        {
            "empty": ";color",
            "string": ";color=blue",
            "array": ";color=blue;color=black;color=brown",
            "object": ";R=100;G=200;B=150",
        },
    ),
    (
        "path",
        "label",
        False,
        {"string": ".blue", "array": ".blue,black,brown", "object": ".R,100,G,200,B,150"},
    ),
    (
        "path",
        "label",
        True,
        {"string": ".blue", "array": ".blue.black.brown", "object": ".R=100.G=200.B=150"},
    ),
    (
        "path",
        "simple",
        False,
        {"string": "blue", "array": "blue,black,brown", "object": "R,100,G,200,B,150"},
    ),
    (
        "path",
        "simple",
        True,
        {"string": "blue", "array": "blue,black,brown", "object": "R=100,G=200,B=150"},
    ),
    (
        "query",
        "form",
        False,
        {
            "empty": "color=",
            "string": "color=blue",
            "array": "color=blue,black,brown",
            "object": "color=R,100,G,200,B,150",
        },
    ),
    (
        "query",
        "form",
        True,
        {
            "empty": "color=",
            "string": "color=blue",
            "array": "color=blue&color=black&color=brown",
            "object": "R=100&G=200&B=150",
        },
    ),
    (
        "query",
        "spaceDelimited",
        False,
        {"array": "color=blue%20black%20brown", "object": "color=R%20100%20G%20200%20B%20150"},
    ),
    (
        "query",
        "pipeDelimited",
        False,
        {"array": "color=blue%7Cblack%7Cbrown", "object": "color=R%7C100%7CG%7C200%7CB%7C150"},
    ),
    (
        "query",
        "deepObject",
        True,
        {
            "array": "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
            "object": "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        },
    ),
    (
        "header",
        "simple",
        False,
        {"empty": "", "string": "blue", "array": "blue,black,brown", "object": "R,100,G,200,B,150"},
    ),
    (
        "header",
        "simple",
        True,
        {"string": "blue", "array": "blue,black,brown", "object": "R=100,G=200,B=150"},
    ),
    (
        "cookie",
        "form",
        False,
        {
            "empty": "color=",
            "string": "color=blue",
            "array": "color=blue,black,brown",
            "object": "color=R,100,G,200,B,150",
        },
    ),
    (
        "cookie",
        "form",
        True,
        {
            "string": "color=blue",
            "array": "color=blue&color=black&color=brown",
            "object": "R=100&G=200&B=150",
        },
    ),
]
CASES = [
    (place, style, explode, column, expected)
    for place, style, explode, row in TABLE
    for column, expected in row.items()
]


def _name(place: str, style: str, explode: bool, column: str) -> str:
    return f"{place}_{style.lower()}_{'exploded' if explode else 'joined'}_{column}"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    paths: dict[str, Any] = {}
    for place, style, explode, column, _ in CASES:
        item = parameter("color", place, SCHEMAS[column][0], style=style, explode=explode)
        name = _name(place, style, explode, column)
        path = f"/{name}/{{color}}" if place == "path" else f"/{name}"
        paths[path] = {"get": operation(name, item)}
    nested = {"type": "object", "properties": {"tags": STRINGS, "at": OBJECT}}
    paths["/nested"] = {
        "get": operation("nested", parameter("f", "query", nested, style="deepObject"))
    }
    either = {"anyOf": [{"type": "integer"}, OBJECT]}
    paths["/either"] = {
        "get": operation("either", parameter("f", "query", either, style="deepObject"))
    }
    return load_module(
        generate_package(document(paths), tmp_path_factory.mktemp("styles")), "client"
    )


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(204)) as running:
        yield running


@pytest.mark.parametrize(("place", "style", "explode", "column", "expected"), CASES)
def test_the_table(
    module: ModuleType,
    server: FaultServer,
    place: str,
    style: str,
    explode: bool,
    column: str,
    expected: str,
) -> None:
    name = _name(place, style, explode, column)
    with module.Client(server=server.url, trust_env=False) as client:
        getattr(client, name)(color=SCHEMAS[column][1])
    (seen,) = server.seen
    found = {
        "path": seen.target.removeprefix(f"/{name}/"),
        "query": seen.target.removeprefix(f"/{name}?"),
        "header": seen.headers.get("color"),
        "cookie": seen.headers.get("cookie"),
    }
    assert found[place] == expected


def test_deep_objects_of_any_depth(module: ModuleType, server: FaultServer) -> None:
    with module.Client(server=server.url, trust_env=False) as client:
        client.nested(f={"tags": ["a", "b"], "at": {"x": 1}})
        client.either(f=3)
        client.either(f={"gt": 3})
    assert [seen.target for seen in server.seen] == [
        "/nested?f%5Btags%5D%5B0%5D=a&f%5Btags%5D%5B1%5D=b&f%5Bat%5D%5Bx%5D=1",
        "/either?f=3",
        "/either?f%5Bgt%5D=3",
    ]


def test_openapi_3_2(tmp_path: Path) -> None:
    lists = {"type": "object", "properties": {"x": TEXT, "y": STRINGS}}
    whole = {"name": "q", "in": "querystring"}
    form = {**whole, "content": {"application/x-www-form-urlencoded": {"schema": lists}}}
    json = {**whole, "content": {"application/json": {"schema": lists}}}
    text = {**whole, "content": {"text/plain": {"schema": TEXT}}}
    cookie = parameter("c", "cookie", STRINGS, style="cookie")
    kept = parameter("p", "path", TEXT, allowReserved=True)
    lines = {"required": True, "content": {"application/jsonl": {"itemSchema": lists}}}
    paths: dict[str, Any] = {
        "/a": {"get": operation("a", form, cookie), "query": operation("b", requestBody=lines)},
        "/c/{p}": {"get": operation("c", kept, json), "post": operation("d", kept, text)},
    }
    data = {**document(paths), "openapi": "3.2.0"}
    client = load_module(generate_package(data, tmp_path), "testing").RecordingClient()
    client.a(q={"x": "1 2", "y": ["a", "b"]}, c=["u", "v"])
    client.b([{"x": "1"}, {"x": "2"}])
    client.c("a:b/c", q={"x": "1"})
    client.d("d", q="a b")
    first, second, third, fourth = client.requests
    assert (first.target, first.headers["cookie"]) == ("/a?x=1%202&y=a&y=b", "c=u; c=v")
    assert (second.method, second.body) == ("QUERY", b'{"x":"1"}\n{"x":"2"}\n')
    assert third.target == "/c/a:b%2Fc?%7B%22x%22%3A%221%22%7D"
    assert fourth.target == "/c/d?a%20b"


def test_what_the_runtime_has_for_openapi_3_2() -> None:
    """The style `cookie`, the location `querystring`, and reserved characters in a path."""
    p, t = load("_runtime.bodies.parameters"), load("_runtime.kinds")
    anything = t.AnyValue()

    def sent(*given: Any, **named: Any) -> Any:
        *declared, value = given
        return p.encoded((p.Parameter(*declared[:2], anything, *declared[2:], **named),), value)

    assert sent("cookie", "c", "cookie", COLORS, explode=True).headers == {
        "Cookie": "c=blue; c=black; c=brown"
    }
    assert sent("cookie", "c", "cookie", COLORS).headers == {"Cookie": "c=blue,black,brown"}
    assert sent("cookie", "c", "cookie", RGB, explode=True).headers == {
        "Cookie": "R=100; G=200; B=150"
    }
    assert sent("cookie", "c", "cookie", "a%=/b").headers == {"Cookie": "c=a%=/b"}
    with pytest.raises(ValueError, match="stand in a cookie"):
        sent("cookie", "c", "cookie", "a;b")
    whole = sent("querystring", "q", "form", {"a": "x y", "b": [1, 2]})
    assert whole.target("/p") == "/p?a=x%20y&b=1&b=2"
    assert sent("querystring", "q", "content", {"a": 1}).target("/p") == "/p?%7B%22a%22%3A1%7D"
    assert sent("querystring", "q", "text", "a b=c").target("/p") == "/p?a%20b%3Dc"
    kept = sent("path", "a", "simple", "a:b/c?d", reserved=True)
    assert kept.target("/{a}") == "/a:b%2Fc%3Fd"


@pytest.mark.parametrize("many", [False, True])
def test_schemas_of_one_parameter_may_overlap(tmp_path: Path, many: bool) -> None:
    either = {"oneOf": [{"type": "string", "format": "uuid"}, TEXT, TEXT]}
    schema = {"type": "array", "items": either} if many else either
    data = document({"/a/{id}": {"get": operation("a", parameter("id", "path", schema))}})
    package = generate_package(data, tmp_path)
    value = "0b4f3c1e-6a55-4f0e-9d0a-8f1f6c1f2b3d"
    client = load_module(package, "testing").RecordingClient()
    client.a([value] if many else value)
    assert client.requests[0].target.endswith(f"/a/{value}")
    with pytest.raises(ValueError, match="invalid parameters: "):
        client.a([1] if many else 1)


def test_a_list_in_an_object_repeats_its_key(tmp_path: Path) -> None:
    """As Spring's `Pageable` is written; other styles have no form for it."""
    schema = {"type": "object", "properties": {"page": {"type": "integer"}, "sort": STRINGS}}
    exploded = parameter("pageable", "query", schema)
    data = document({"/a": {"get": operation("a", exploded)}})
    client = load_module(generate_package(data, tmp_path), "testing").RecordingClient()
    client.a(pageable={"page": 0, "sort": ["a,asc", "b"]})
    client.a(pageable={"sort": []})
    first, second = client.requests
    assert first.target == "/a?page=0&sort=a%2Casc&sort=b"
    assert second.target == "/a"


def test_what_can_have_one_value_only_has_it(tmp_path: Path) -> None:
    def only(name: str, place: str, value: Any, required: bool = True) -> Any:
        return parameter(name, place, {"enum": [value]}, required=required)

    given = [only("Action", "query", "List"), only("X-Version", "header", 2)]
    given += [only("on", "query", True), only("q", "query", "x", required=False)]
    data = document({"/a": {"get": operation("a", *given)}})
    package = generate_package(data, tmp_path)
    client = load_module(package, "testing").RecordingClient()
    client.a()
    with pytest.raises(ValueError, match="invalid parameters"):
        client.a(action="Get")
    (sent,) = client.requests
    assert (sent.target, sent.headers["x-version"]) == ("/a?Action=List&on=true", "2")
    assert 'action: Literal["List"] = "List",' in (package / "client.py").read_text("utf-8")
