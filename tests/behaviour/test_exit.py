"""A call while the program ends succeeds, or ends in an error that says so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from behaviour.faultserver import FaultServer
from behaviour.runtime import NAME, folder

PROGRAM = f"""
import asyncio, atexit, sys, threading
from {NAME}._runtime.client.async_client import AsyncBaseClient
from {NAME}._runtime.client.client import BaseClient
from {NAME}._runtime.calls.requests import Endpoint
from {NAME}._runtime.http.messages import ClientError

URL = sys.argv[1]
ECHO = Endpoint(name="t", method="POST", path="/", statuses=("200",))
OPTIONS = dict(trust_env=False, timeout=10.0)
client = BaseClient(URL, **OPTIONS)

async def main():
    async with AsyncBaseClient(URL, **OPTIONS) as client:
        return await client._call(ECHO, body=b"x")

def told(act):
    try:
        print(act().status, flush=True)
    except ClientError as error:
        print(error, flush=True)

def sync(): told(lambda: client._call(ECHO, body=b"x"))
def async_(): told(lambda: asyncio.run(main()))

class Last:
    def __del__(self, sync=sync): sync()
"""
LATE = "threading.Thread(target=lambda: (threading.main_thread().join(), {}())).start()"
WAYS = {
    "sync, atexit": ("atexit.register(sync)", "200"),
    "sync, thread": (LATE.format("sync"), "200"),
    "sync, finalizer": ("last = Last()", "200"),
    "async, atexit": ("atexit.register(async_)", "the program is ending"),
    "async, thread": (LATE.format("async_"), "the program is ending"),
}


def run(way: str, url: str) -> str:
    command = [sys.executable, "-c", PROGRAM + way, url]
    done = subprocess.run(command, cwd=folder(), capture_output=True, text=True, timeout=30)
    # A client that tried several times says so, if it is only to stderr.
    lines = [line for line in done.stderr.splitlines() if "given up after 4 attempts" not in line]
    assert (done.returncode, lines) == (0, [])
    return done.stdout.strip()


@pytest.mark.parametrize(("way", "expected"), WAYS.values(), ids=WAYS)
def test_http(way: str, expected: str) -> None:
    """To a name, which an async client has looked up by a thread, and there are no more."""
    with FaultServer() as server:
        assert expected in run(way, server.url.replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize(("way", "expected"), WAYS.values(), ids=WAYS)
def test_https(way: str, expected: str) -> None:
    said = run(way, "https://127.0.0.1:9")
    assert said.startswith(("the program is ending", "cannot connect to 127.0.0.1"))
