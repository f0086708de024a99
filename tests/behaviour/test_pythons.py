"""The generated package on every CPython found, from the oldest it supports."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from behaviour.faultserver import Certificate, FaultServer
from support import ROOT

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
REQUIRED = VERSIONS[:4]
PROGRAM = ROOT / "tests" / "typing" / "every_python.py"


def _candidates() -> Iterator[Path]:
    home = Path.home()
    for version in VERSIONS:
        found = shutil.which(f"python{version}")
        if found:
            yield Path(found)
    for folder in (home / ".pyenv" / "versions", home / ".local" / "share" / "uv" / "python"):
        yield from sorted(folder.glob("*/bin/python"))


@cache
def pythons() -> dict[str, Path]:
    """Version -> interpreter. Asked, not guessed: a shim may have nothing behind it."""
    found: dict[str, Path] = {}
    for path in _candidates():
        done = subprocess.run([str(path), "-VV"], capture_output=True, text=True)
        said = re.match(r"Python (3\.\d+)\.", done.stdout)
        if done.returncode == 0 and said and said[1] in VERSIONS:
            found.setdefault(said[1], path)
    return found


def wanted() -> list[str]:
    """Every one there is; in CI the required ones even if they are not there."""
    required = REQUIRED if os.environ.get("CI") == "true" else ()
    return [version for version in VERSIONS if version in pythons() or version in required]


@pytest.mark.parametrize("version", wanted())
def test_builders(version: str) -> None:
    assert version in pythons(), f"CI needs CPython {version}, and it is not on this machine"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated"), "PYTHONWARNINGS": "error"}
    command = [str(pythons()[version]), "-B", str(PROGRAM)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "fine\n"), done.stderr


CALL = """
import asyncio, ssl, sys
from customerio_events import AsyncClient, UserSuppressed

async def main(url, trusted):
    context = ssl.create_default_context(cafile=trusted)
    async with AsyncClient(
        api_key="x", server=url, ssl_context=context, trust_env=False, timeout=20
    ) as client:
        for _ in range(2):
            answer = await client.track(UserSuppressed(user_id="42"))
            print(answer.status, answer.body.decode())

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("length", ["", "Content-Length: 2\r\n"])
@pytest.mark.parametrize("version", wanted())
def test_tls_that_the_server_ends(version: str, length: str, tmp_path: Path) -> None:
    """It says so within TLS, which each version tells the program in a way of its own."""
    assert version in pythons(), f"CI needs CPython {version}, and it is not on this machine"
    certificate = Certificate(tmp_path)

    def end(sock: socket.socket, stop: threading.Event) -> bool:
        sock.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n{{}}".encode())
        assert isinstance(sock, ssl.SSLSocket)
        sock.unwrap()
        return False

    with FaultServer(end, tls=certificate.server) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "generated"),
            "PYTHONWARNINGS": "error",
        }
        command = [
            str(pythons()[version]),
            "-B",
            "-c",
            CALL,
            server.url,
            str(tmp_path / "cert.pem"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert (done.stdout, done.stderr) == ("200 {}\n" * 2, "")
