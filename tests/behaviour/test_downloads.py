"""Bodies that may be too large for memory: kept in a temporary file, then saved."""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from behaviour.faultserver import FaultServer, cut_body, raw, reply
from support import event_document, generate_package, load_module

PDF = {"Content-Type": "application/pdf"}
LARGE = os.urandom(3_000_000)


def _document() -> dict[str, Any]:
    data = event_document({"type": "string"})
    answers = {
        "200": {"description": "x", "content": {"application/pdf": {}}},
        "404": {"description": "x", "content": {"application/json": {"schema": {}}}},
    }
    data["paths"] = {"/pdf": {"get": {"operationId": "fetch", "responses": answers}}}
    return data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    written = generate_package(
        _document(), tmp_path_factory.mktemp("downloads"), transports=["httpx", "urllib3"]
    )
    load_module(written, "client")
    return sys.modules[written.name]


def _sync(package: ModuleType, url: str) -> Any:
    with package.Client(server=url, trust_env=False) as client:
        return client.fetch()


def _async(package: ModuleType, url: str) -> Any:
    async def main() -> Any:
        async with package.AsyncClient(server=url, trust_env=False) as client:
            return await client.fetch()

    return asyncio.run(main())


def _httpx(package: ModuleType, url: str) -> Any:
    transports = import_module(f"{package.__name__}.transports.httpx")
    with httpx.Client() as own:
        client = package.Client(server=url, transport=transports.HttpxTransport(own))
        return client.fetch()


CALLS: dict[str, Callable[[ModuleType, str], Any]] = {
    "sync": _sync,
    "async": _async,
    "httpx": _httpx,
}


@pytest.fixture(params=list(CALLS.values()), ids=list(CALLS))
def call(request: pytest.FixtureRequest) -> Any:
    return request.param


def _chunked(body: bytes) -> bytes:
    pieces = (body[at : at + 70_000] for at in range(0, len(body), 70_000))
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + chunks + b"0\r\n\r\n"


ANSWERS = {
    "short": (reply(200, b"%PDF", headers=PDF), b"%PDF"),
    "empty": (reply(200, b"", headers=PDF), b""),
    "with a length": (reply(200, LARGE, headers=PDF), LARGE),
    "in chunks": (raw(_chunked(LARGE)), LARGE),
    "until the end": (raw(b"HTTP/1.1 200 OK\r\n\r\n" + LARGE), LARGE),
}


@pytest.mark.parametrize(("answer", "body"), ANSWERS.values(), ids=ANSWERS)
def test_the_whole_body_is_saved(
    package: ModuleType, call: Any, answer: Any, body: bytes, tmp_path: Path
) -> None:
    with FaultServer(answer) as server:
        found = call(package, server.url)
    assert (found.status, found.body, found.problem) == (200, b"", "")
    target = tmp_path / "a.pdf"
    target.write_bytes(b"before")
    found.save(target)
    assert target.read_bytes() == body
    assert os.listdir(tmp_path) == ["a.pdf"]
    assert b"".join(found.pieces()) == found.data == body
    assert max((len(piece) for piece in found.pieces()), default=0) <= 65_536
    assert repr(found) == f"<Download 200, {len(body)} bytes>"
    with pytest.raises(TypeError):
        pickle.dumps(found)


def test_a_pipe_stays_one_and_gets_the_body(package: ModuleType, tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    with FaultServer(reply(200, LARGE, headers=PDF)) as server:
        found = _sync(package, server.url)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    found.save(pipe)
    reader.join(20)
    assert got == [LARGE]
    assert os.listdir(tmp_path) == ["pipe"]


@pytest.mark.parametrize("body", [LARGE, b"%"], ids=["long", "short"])
def test_what_did_not_come_whole_is_not_saved(
    package: ModuleType, call: Any, body: bytes, tmp_path: Path
) -> None:
    with FaultServer(cut_body(200, body)) as server:
        found = call(package, server.url)
        assert len(server.seen) == 1  # accepted is accepted
    assert (found.status, bool(found.problem)) == (200, True)
    for read in (lambda: found.save(tmp_path / "a"), found.pieces, lambda: found.data):
        with pytest.raises(package.ValidationError, match="the whole body"):
            read()
    assert os.listdir(tmp_path) == []


def test_an_error_is_an_error(package: ModuleType, call: Any) -> None:
    with FaultServer(reply(404, {"a": 1})) as server, pytest.raises(package.NotFound) as caught:
        call(package, server.url)
    assert caught.value.data == {"a": 1}


def test_a_file_that_cannot_be_written(package: ModuleType, tmp_path: Path) -> None:
    with FaultServer(reply(200, b"%", headers=PDF)) as server:
        found = _sync(package, server.url)
    with pytest.raises(FileNotFoundError):
        found.save(tmp_path / "none" / "a.pdf")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        found.save(tmp_path / "folder")
    assert os.listdir(tmp_path) == ["folder"]


def test_a_full_disk_is_told(
    package: ModuleType, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = sys.modules[f"{package.__name__}._runtime.calls.downloads"]

    class File(downloads.SpooledTemporaryFile):  # type: ignore[misc,name-defined]
        def write(self, piece: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(downloads, "SpooledTemporaryFile", File)
    with FaultServer(reply(200, LARGE, headers=PDF)) as server:
        found = call(package, server.url)
    assert "the body cannot be kept: No space left on device" in found.problem
    with pytest.raises(package.ValidationError):
        found.save("anywhere")


def test_memory_stays_small(package: ModuleType, tmp_path: Path) -> None:
    program = f"""
import resource, sys
sys.path.insert(0, {str(Path(str(package.__file__)).parent.parent)!r})
from {package.__name__} import Client
with Client(server=sys.argv[1], trust_env=False) as client:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client.fetch().save(sys.argv[2])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    body = bytes(40_000_000)
    with FaultServer(reply(200, body, headers=PDF)) as server:
        command = [sys.executable, "-c", program, server.url, str(tmp_path / "a")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (tmp_path / "a").stat().st_size == len(body)
    kilobytes = int(done.stdout) // (1024 if sys.platform == "darwin" else 1)
    assert kilobytes < 10_000
