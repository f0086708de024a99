"""Each body goes out as what the document says, to the byte: seen by a real server."""

from __future__ import annotations

import asyncio
import importlib
import io
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.bodies import bodies_document, odd_document
from behaviour.faultserver import FaultServer, Seen, reply
from behaviour.test_type_checkers import CHECKERS, Errors
from support import generate_from, generate_package, load_module, write_package

URLENCODED = "application/x-www-form-urlencoded"
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return load_module(
        generate_package(bodies_document(), tmp_path_factory.mktemp("bodies")), "client"
    )


@pytest.fixture(scope="module")
def package(module: ModuleType) -> Callable[[str], Any]:
    """The other modules of the same package."""
    return lambda name: importlib.import_module(f"{module.__package__}.{name}")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(204)) as running:
        yield running


Call = Callable[..., Seen]


@pytest.fixture(params=["sync", "async", "recording"])
def call(
    request: pytest.FixtureRequest, package: Callable[[str], Any], server: FaultServer
) -> Call:
    """Calls a method; gives what arrived, or what the client that records would have sent."""
    options = {"server": server.url, "trust_env": False}

    def sync(method: str, *arguments: Any, **named: Any) -> Seen:
        with package("client").Client(**options) as client:
            getattr(client, method)(*arguments, **named)
        return server.seen[-1]

    def asynchronous(method: str, *arguments: Any, **named: Any) -> Seen:
        async def main() -> None:
            async with package("async_client").AsyncClient(**options) as client:
                await getattr(client, method)(*arguments, **named)

        asyncio.run(main())
        return server.seen[-1]

    def recording(method: str, *arguments: Any, **named: Any) -> Seen:
        client = package("testing").RecordingClient(server=server.url)
        getattr(client, method)(*arguments, **named)
        (sent,) = client.requests
        headers = {name.lower(): value for name, value in sent.headers.items()}
        body = sent.body
        assert body is None or isinstance(body, bytes)
        return Seen(sent.method, sent.target, headers, body or b"", 1)

    found: dict[str, Call] = {"sync": sync, "async": asynchronous, "recording": recording}
    return found[request.param]


def sent(seen: Seen) -> tuple[str, bytes]:
    return seen.headers.get("content-type", ""), seen.body


FORMS: list[tuple[str, dict[str, Any], str]] = [
    ("token", {"grant_type": "client_credentials"}, "kind=fixed&grant_type=client_credentials"),
    (
        "token",
        {"grant_type": "a b&c=ü+~", "on": True, "ratio": 0.5, "password": "*"},
        "kind=fixed&grant_type=a+b%26c%3D%C3%BC%2B~&on=true&ratio=0.5&password=%2A",
    ),
    (
        "token",
        {"grant_type": "x", "since": NOON, "tags": ["a", "b"], "address": {"city": "B"}},
        "kind=fixed&grant_type=x&since=2024-02-29T12%3A00%3A00Z&tags=a&tags=b"
        "&address=%7B%22city%22%3A%22B%22%7D",
    ),
    (
        "token",
        {"grant_type": "x", "lines": [{"sku": "a"}, {"sku": "b", "quantity": 2}]},
        "kind=fixed&grant_type=x&lines=%7B%22sku%22%3A%22a%22%7D"
        "&lines=%7B%22sku%22%3A%22b%22%2C%22quantity%22%3A2%7D",
    ),
    ("styled", {"flat": ["a", "b,c"]}, "flat=a,b%2Cc"),
    ("styled", {"spaced": ["a", "b"]}, "spaced=a%20b"),
    ("styled", {"piped": ["a", "b"]}, "piped=a%7Cb"),
    (
        "styled",
        {"deep": {"a": ["x", "y"], "b": {"city": "B", "zip": 1}}},
        "deep%5Ba%5D%5B0%5D=x&deep%5Ba%5D%5B1%5D=y&deep%5Bb%5D%5Bcity%5D=B&deep%5Bb%5D%5Bzip%5D=1",
    ),
    ("styled", {"expand": ["x"]}, "expand%5B0%5D=x"),
    ("styled", {"open": {"city": "B", "zip": 1}}, "city=B&zip=1"),
    ("styled", {"raw": "a/b?c&d e"}, "raw=a/b?c%26d%20e"),
    ("styled", {"json": ["a", "b"]}, "json=%5B%22a%22%2C%22b%22%5D"),
    ("perhaps", {"a": "1", "extra": {"b": [1, 2]}}, "a=1&b=1&b=2"),
]


@pytest.mark.parametrize(("method", "given", "expected"), FORMS)
def test_urlencoded(call: Call, method: str, given: dict[str, Any], expected: str) -> None:
    assert sent(call(method, **given)) == (URLENCODED, expected.encode())


def test_a_form_without_declared_fields_takes_a_mapping(call: Call) -> None:
    assert sent(call("mapped", {"a": "1", "b": "2 3"})) == (URLENCODED, b"a=1&b=2+3")


def test_a_body_that_may_be_left_out(call: Call) -> None:
    assert sent(call("perhaps")) == ("", b"")
    assert sent(call("optional")) == ("", b"")


def test_arguments_by_place_are_the_path_and_then_the_body(
    call: Call, package: Callable[[str], Any]
) -> None:
    line = package("events").Line(sku="a")
    assert call("both", "x", 1, line, q="z").target == "/both/x/1?q=z"
    assert call("both", b="x", a=1, body=line).target == "/both/x/1"


def test_fields_are_told_from_parameters(call: Call) -> None:
    seen = call("clash", "x", 1, a_body="2", timeout_body="3", c="q", c_body="f")
    assert (seen.target, seen.body) == ("/things/x/1?c=q", b"a=2&timeout=3&c=f")


def parts(seen: Seen) -> list[tuple[dict[str, str], bytes]]:
    """The parts of a multipart body, read as RFC 2046 has them."""
    kind, _, boundary = seen.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    mark = f"--{boundary}".encode()
    assert seen.body.startswith(mark + b"\r\n")
    assert seen.body.endswith(b"\r\n" + mark + b"--\r\n")
    found: list[tuple[dict[str, str], bytes]] = []
    for part in seen.body.removesuffix(mark + b"--\r\n").split(mark + b"\r\n")[1:]:
        head, _, content = part.removesuffix(b"\r\n").partition(b"\r\n\r\n")
        fields = (line.split(": ", 1) for line in head.decode().split("\r\n"))
        found.append(({name.lower(): value for name, value in fields}, content))
    return found


def part(name: str, content: bytes, *, file: str = "", kind: str = "", **rest: str) -> Any:
    said = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    headers = {"content-disposition": said, **({"content-type": kind} if kind else {})}
    return headers | {key.replace("_", "-"): value for key, value in rest.items()}, content


def test_multipart(call: Call, package: Callable[[str], Any], tmp_path: Path) -> None:
    path = tmp_path / "tick.png"
    path.write_bytes(b"png" * 100_000)
    file = package("_runtime.bodies.multipart").UploadFile
    with path.open("rb") as opened:
        opened.seek(3)
        seen = call(
            "upload",
            file=opened,
            caption="me \r\n ü",
            more=[b"a", file("text", name='q"\r\n.txt', headers={"X-A": "b"}), path],
            picture=file(b"gif", name="x.gif"),
            meta={"city": "B"},
            lines=[{"sku": "a"}],
            tags=["a", "b"],
            count=3,
            noted=file("<b>", headers={"X-Note": "n"}),
        )
    assert int(seen.headers.get("content-length", len(seen.body))) == len(seen.body)
    binary = "application/octet-stream"
    assert parts(seen) == [
        part("file", b"png" * 99_999, file="tick.png", kind="image/png"),
        part("caption", "me \r\n ü".encode()),
        part("more", b"a", file="more", kind=binary),
        part("more", b"text", file="q%22%0D%0A.txt", kind="text/plain", x_a="b"),
        part("more", b"png" * 100_000, file="tick.png", kind="image/png"),
        part("picture", b"gif", file="x.gif", kind="image/png"),
        part("meta", b'{"city":"B"}', kind="application/json"),
        part("lines", b'{"sku":"a"}', kind="application/json"),
        part("tags", b"a"),
        part("tags", b"b"),
        part("count", b"3"),
        part("noted", b"<b>", file="noted", kind="text/html", x_note="n"),
    ]


@pytest.mark.parametrize("client", ["client.Client", "async_client.AsyncClient"])
def test_a_form_with_files_is_sent_again(
    package: Callable[[str], Any], tmp_path: Path, client: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content" * 50_000)
    module, _, name = client.partition(".")
    retries = package("_runtime.client.retries").RetryPolicy(base=0)

    async def asynchronous(made: Any) -> None:
        async with made:
            await made.upload(file=path)

    with FaultServer(reply(503), reply(204)) as server:
        made = getattr(package(module), name)(server=server.url, retries=retries)
        if name == "Client":
            with made, path.open("rb") as opened:
                made.upload(file=opened)
        else:
            asyncio.run(asynchronous(made))
        first, second = server.seen
        assert first.body == second.body
        assert parts(first)[0][1] == path.read_bytes()


def test_multipart_of_a_mapping_takes_files_as_they_are(call: Call) -> None:
    seen = call("parts", {"a": 1, "f": b"x", "o": {"b": None}, "l": ["p", "q"]})
    assert parts(seen) == [
        part("a", b"1"),
        part("f", b"x", file="f", kind="application/octet-stream"),
        part("o", b'{"b":null}', kind="application/json"),
        part("l", b"p"),
        part("l", b"q"),
    ]


def test_a_form_of_two_media_types(call: Call) -> None:
    assert parts(call("either_form", a="1")) == [part("a", b"1")]
    assert sent(call("either_form", a="1", content_type=URLENCODED)) == (URLENCODED, b"a=1")


def test_bytes_text_and_json(call: Call, package: Callable[[str], Any], tmp_path: Path) -> None:
    line = package("events").Line(sku="a")
    path = tmp_path / "file"
    path.write_bytes(b"\x00\xff")
    assert sent(call("text", "ü")) == ("text/plain", "ü".encode())
    assert sent(call("latin", "ü")) == ("text/csv; charset=iso-8859-1", b"\xfc")
    for given in (b"\x00\xff", bytearray(b"\x00\xff"), path, io.BytesIO(b"\x00\xff")):
        assert sent(call("octets", given)) == ("application/octet-stream", b"\x00\xff")
    assert sent(call("xml", b"<a/>")) == ("application/xml", b"<a/>")
    assert sent(call("mixed", b"--")) == ("multipart/mixed", b"--")
    assert sent(call("image", b"x", content_type="image/webp")) == ("image/webp", b"x")
    assert sent(call("any", line)) == ("application/json", b'{"sku":"a"}')
    assert sent(call("patch", line)) == ("application/merge-patch+json", b'{"sku":"a"}')


def test_streams(call: Call) -> None:
    pieces = [b"a" * 70_000, b"", b"b"]
    seen = call("octets", (each for each in pieces))
    assert seen.body == b"".join(pieces)
    assert "content-length" not in seen.headers
    assert call("octets", pieces).body == b"".join(pieces)


def test_lines(call: Call, package: Callable[[str], Any]) -> None:
    line = package("events").Line
    expected = ("application/x-ndjson", b'{"sku":"a"}\n{"sku":"b"}\n')
    assert sent(call("lines", [line(sku="a"), {"sku": "b"}])) == expected
    assert sent(call("lines", (line(sku=sku) for sku in "ab"))) == expected
    assert sent(call("listed_lines", [line(sku="a")])) == ("application/jsonl", b'{"sku":"a"}\n')


def test_several_media_types_are_told_by_the_argument(
    call: Call, package: Callable[[str], Any]
) -> None:
    line = package("events").Line(sku="a")
    assert sent(call("choice", line)) == ("application/json", b'{"sku":"a"}')
    assert sent(call("choice", {"sku": "a"})) == ("application/json", b'{"sku":"a"}')
    assert sent(call("choice", b"<a/>")) == ("application/xml", b"<a/>")
    assert sent(call("choice", "a")) == ("text/plain", b"a")
    assert sent(call("choice", line, content_type=URLENCODED)) == (URLENCODED, b"sku=a")
    notes = [{"text": "t"}]
    assert sent(call("patches", notes))[0] == "application/json-patch+json"
    assert sent(call("patches", line))[0] == "application/merge-patch+json"
    assert sent(call("optional", b"x")) == ("application/octet-stream", b"x")


WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], type[Exception], str]] = [
    ("token", (), {"grant_type": None}, ValueError, "grant_type.*required"),
    ("token", (), {"grant_type": "x", "ratio": "1"}, ValueError, "ratio"),
    ("token", (), {"grant_type": "x", "lines": [{}]}, ValueError, "sku"),
    ("token", (), {"grant_type": "\ud800"}, ValueError, "grant_type"),
    ("perhaps", (), {"extra": {"b": 1}}, ValueError, "a: expected"),
    ("perhaps", (), {"a": "1", "extra": {"a": 2}}, ValueError, "without an argument"),
    ("mapped", ({"a": 1},), {}, ValueError, "a: expected"),
    ("mapped", ([],), {}, TypeError, "a mapping"),
    ("upload", (), {"file": "me.png"}, ValueError, "pathlib.Path"),
    ("upload", (), {"file": None}, ValueError, "required"),
    ("upload", (), {"file": b"", "more": b"x"}, ValueError, "a list"),
    ("text", (1,), {}, TypeError, "expected a str"),
    ("octets", ("text",), {}, TypeError, "expected bytes"),
    ("octets", (["text"],), {}, TypeError, "not of str"),
    ("octets", (io.StringIO("text"),), {}, TypeError, "binary mode"),
    ("octets", (Path("/nowhere/at/all"),), {}, OSError, "nowhere"),
    ("image", (b"x",), {"content_type": "text/plain"}, ValueError, "none of"),
    ("lines", ([{}],), {}, ValueError, "sku"),
    ("lines", ("text",), {}, TypeError, "iterable of items"),
    ("choice", (None,), {"content_type": "a/b"}, ValueError, "none of"),
]


@pytest.mark.parametrize(("method", "given", "named", "error", "said"), WRONG)
def test_what_does_not_fit_is_refused_before_the_network(
    call: Call,
    server: FaultServer,
    method: str,
    given: tuple[Any, ...],
    named: dict[str, Any],
    error: type[Exception],
    said: str,
) -> None:
    with pytest.raises(error, match=said):
        call(method, *given, **named)
    assert server.seen == []


async def _async_pieces() -> AsyncIterator[bytes]:
    for piece in (b"a", b"b"):
        await asyncio.sleep(0)
        yield piece


def test_async_iterables_are_for_async_clients(
    module: ModuleType, package: Callable[[str], Any], server: FaultServer
) -> None:
    async def lines() -> AsyncIterator[dict[str, str]]:
        yield {"sku": "a"}

    async def main() -> list[bytes]:
        async with package("async_client").AsyncClient(server=server.url) as client:
            await client.octets(_async_pieces())
            await client.lines(lines())
        client = package("testing").AsyncRecordingClient()
        await client.octets(_async_pieces())
        return [client.requests[0].body]

    assert asyncio.run(main()) == [b"ab"]
    assert [seen.body for seen in server.seen] == [b"ab", b'{"sku":"a"}\n']
    for kind in (module.Client, package("testing").RecordingClient):
        with kind(server=server.url) as client, pytest.raises(TypeError, match="async client"):
            client.octets(_async_pieces())
    assert len(server.seen) == 2


def test_the_boundary_can_be_fixed_for_tests(package: Callable[[str], Any]) -> None:
    client = package("testing").RecordingClient(boundary="b")
    client.either_form(a="1")
    (request,) = client.requests
    assert request.headers["content-type"] == "multipart/form-data; boundary=b"
    assert request.body == b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'


@pytest.mark.parametrize("check", CHECKERS)
def test_the_output_is_clean(check: Callable[..., Errors], tmp_path: Path) -> None:
    folder = tmp_path / "bodies"
    write_package(generate_from(bodies_document()).files, folder)
    odd = tmp_path / "odd"
    write_package(generate_from(odd_document()).files, odd)
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, "utf-8")
    assert check([folder, odd, program], tmp_path) == {}
    folders = [str(folder), str(odd)]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--quiet", *folders]
    assert subprocess.run(command, capture_output=True, text=True).stdout == ""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The client that records of the odd document."""
    written = generate_package(odd_document(), tmp_path_factory.mktemp("odd"))
    return load_module(written, "testing").RecordingClient


ODD: list[tuple[Callable[[Any], Any], str, bytes]] = [
    (lambda c: c.odd.file_names(extra={"b": 1}), "multipart/form-data; boundary=b", b""),
    (
        lambda c: c.even.recursive(n="a", child={"n": "b"}),
        URLENCODED,
        b"n=a&child=%7B%22n%22%3A%22b%22%7D",
    ),
    (lambda c: c.even.one_of_form({"sku": "a"}), URLENCODED, b"sku=a"),
    (lambda c: c.even.patterns(a="1", extra={"x-b": 2}), URLENCODED, b"a=1&x-b=2"),
    (lambda c: c.odd.typed_extra(extra={"b": 2}), URLENCODED, b"b=2"),
    (lambda c: c.odd.misspelt("a"), "application/json", b'"a"'),
    (lambda c: c.even.any_file(b"a"), "application/octet-stream", b"a"),
    (lambda c: c.odd.any_lines([1, {}]), "application/x-ndjson", b"1\n{}\n"),
    (lambda c: c.even.sequence(["a"]), "application/json-seq", b'\x1e"a"\n'),
    (lambda c: c.odd.constant(), URLENCODED, b"k=v"),
    (lambda c: c.odd.taken("a", "b", "t"), "text/plain", b"t"),
    (lambda c: c.even.extra("a", extra_body={"b": 1}), URLENCODED, b"b=1"),
]


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_bodies(odd: Any, number: int) -> None:
    call, media_type, expected = ODD[number]
    client = odd(boundary="b")
    call(client)
    (request,) = client.requests
    assert request.headers["content-type"] == media_type
    assert not expected or request.body == expected


_PROGRAM = """
import io
from collections.abc import AsyncIterator
from pathlib import Path

from bodies import AsyncClient, Client, Line, UploadFile


def program(client: Client) -> None:
    client.token(grant_type="a", scope=None, lines=[Line(sku="a"), {"sku": "b"}])
    client.upload(file=open("a", "rb"), more=[b"", Path("b"), io.BytesIO()], noted="x")
    client.upload(file=UploadFile(b"", name="a"), picture=Path("x"))
    client.octets(open("a", "rb"))
    client.octets(each for each in (b"a", b"b"))
    client.lines(Line(sku=each) for each in "ab")
    client.choice(Line(sku="a"), content_type="application/x-www-form-urlencoded")
    client.choice(b"")
    client.choice("text")
    client.both("b", 1, Line(sku="a"), q="q")


async def pieces() -> AsyncIterator[bytes]:
    yield b""


async def lines() -> AsyncIterator[Line]:
    yield Line(sku="a")


async def async_program(client: AsyncClient) -> None:
    await client.octets(pieces())
    await client.lines(lines())
"""
