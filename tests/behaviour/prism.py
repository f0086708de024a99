"""Prism as a server: a mock that validates every request against the very document."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
PRISM = TESTS / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"


def need_prism() -> str:
    """The path of Node; skips with a reason where the tools are missing, fails in CI."""
    node = shutil.which("node")
    if node and PRISM.exists():
        return node
    reason = "Prism is not installed: `npm ci --prefix tests` needs Node"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def prism(document: Path, log: Path) -> Iterator[str]:
    """The base URL of a running Prism that answers for `document`."""
    node, port = need_prism(), _free_port()
    arguments = [node, str(PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen([*arguments, str(document)], stdout=output, stderr=output)
        try:
            _wait_until_open(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"Prism did not start:\n{log.read_text('utf-8', 'replace')}")
