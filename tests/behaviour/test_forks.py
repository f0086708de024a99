"""After a fork parent and child, and the child's child, each have connections of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from behaviour.faultserver import Certificate, EchoServer
from behaviour.runtime import NAME, folder

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")

PROGRAM = f"""
import asyncio, json, os, ssl, sys, threading, time
from {NAME}._runtime.client.async_client import AsyncBaseClient
from {NAME}._runtime.client.client import BaseClient
from {NAME}._runtime.calls.requests import Endpoint
from {NAME}._runtime.client.retries import RetryPolicy

URL, CA = sys.argv[1:]
ECHO = Endpoint(name="t", method="POST", path="/", statuses=("200",))
OPTIONS = dict(trust_env=False, timeout=15.0, retries=RetryPolicy.none())
if CA:
    OPTIONS["ssl_context"] = ssl.create_default_context(cafile=CA)

def call(client, tag):
    assert client._call(ECHO, body=json.dumps(tag).encode()).data == tag

async def acall(client, tag):
    assert (await client._call(ECHO, body=json.dumps(tag).encode())).data == tag

def together(count, act):
    failures, barrier = [], threading.Barrier(count)
    def run(number):
        barrier.wait()
        try:
            act(number)
        except BaseException as error:
            failures.append(error)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not failures, failures

def in_child(act):
    child = os.fork()
    if child:
        return child
    try:
        act()
        os._exit(0)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
    os._exit(1)

def ended(child):
    assert os.waitpid(child, 0)[1] == 0
"""


def run(server: EchoServer, program: str, ca: str = "") -> dict[str, set[int]]:
    """Run it; the connections that each tag, a letter and what follows, came on."""
    command = [sys.executable, "-c", PROGRAM + program, server.url, ca]
    done = subprocess.run(command, cwd=folder(), timeout=50, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    used: defaultdict[str, set[int]] = defaultdict(set)
    for seen in server.seen:
        used[seen.body.decode().strip('"')[0]].add(seen.connection)
    return used


def test_threads_of_a_child_never_meet_the_parents_connections() -> None:
    with EchoServer(delay=0.02) as server:
        used = run(
            server,
            """
client = BaseClient(URL, **OPTIONS)
together(24, lambda n: call(client, f"p{n}"))
for turn in range(12):
    child = in_child(lambda: together(16, lambda n: call(client, f"c{turn}-{n}")))
    together(8, lambda n: call(client, f"p{turn}-{n}"))
    ended(child)
""",
        )
    assert len(used["p"]) >= 20
    assert not used["p"] & used["c"]
    assert len(server.seen) == 24 + 12 * 24


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_the_parent_keeps_its_connection_and_its_session(tls: bool, tmp_path: Path) -> None:
    certificate = Certificate(tmp_path) if tls else None
    with EchoServer(tls=certificate.server if certificate else None) as server:
        used = run(
            server,
            """
client = BaseClient(URL, **OPTIONS)
call(client, "p")
def generations():
    call(client, "c")
    ended(in_child(lambda: (call(client, "g"), client.close())))
    call(client, "c")
    client.close()
ended(in_child(generations))
ended(in_child(client.close))
call(client, "p")
client.close()
""",
            str(tmp_path / "cert.pem") if tls else "",
        )
    assert [len(used[who]) for who in "pcg"] == [1, 1, 1]
    assert len(set.union(*used.values())) == 3


def test_fork_in_the_midst_of_calls_and_pauses() -> None:
    """Whatever another thread holds at that moment, the child has no need of it."""
    with EchoServer(delay=0.05, refuse_first=1) as server:
        used = run(
            server,
            """
OPTIONS["retries"] = RetryPolicy(base=0, retry_after_cap=0.1)
client = BaseClient(URL, **OPTIONS)
busy = [threading.Thread(target=call, args=(client, f"p{n}")) for n in range(4)]
for thread in busy: thread.start()
for turn in range(8):
    ended(in_child(lambda: (call(client, f"c{turn}"), client.close())))
for thread in busy: thread.join()
""",
        )
    assert not used["p"] & used["c"]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_async_client_in_a_child(tls: bool, tmp_path: Path) -> None:
    """The parent's loop goes on on its connection, which the child neither uses nor closes."""
    certificate = Certificate(tmp_path) if tls else None
    with EchoServer(tls=certificate.server if certificate else None) as server:
        used = run(
            server,
            """
client = AsyncBaseClient(URL, **OPTIONS)
async def child(tag):
    await acall(client, tag)
    await acall(client, tag)
    if tag == "c":
        grandchild = await asyncio.to_thread(in_child, lambda: asyncio.run(child("g")))
        ended(grandchild)
        await acall(client, tag)
    await client.aclose()
async def main():
    await asyncio.gather(*(acall(client, f"p{n}") for n in range(5)))
    for _ in range(3):
        ended(await asyncio.to_thread(in_child, lambda: asyncio.run(child("c"))))
        await acall(client, "p")
    await asyncio.sleep(0)
    ended(await asyncio.to_thread(in_child, lambda: asyncio.run(client.aclose())))
    await acall(client, "p")
    await client.aclose()
asyncio.run(main())
""",
            str(tmp_path / "cert.pem") if tls else "",
        )
    assert len(used["p"]) == 5
    assert len(used["c"]) == len(used["g"]) == 3
    assert len(set.union(*used.values())) == 11


def test_parents_connections_are_closed_in_the_child() -> None:
    """Else the server would not see the end of one that the parent closes."""
    with EchoServer() as server:
        program = """
client = BaseClient(URL, **OPTIONS)
call(client, "p")
read, write = os.pipe()
child = in_child(lambda: (call(client, "c"), os.write(write, b"."), time.sleep(30)))
os.read(read, 1)
client.close()
print("closed", flush=True)
sys.stdin.read()
os.kill(child, 9)
os.waitpid(child, 0)
"""
        command = [sys.executable, "-c", PROGRAM + program, server.url, ""]
        with subprocess.Popen(
            command, cwd=folder(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            assert running.stdout.readline() == b"closed\n"
            until = time.monotonic() + 10
            while server.connections > 1 and time.monotonic() < until:
                time.sleep(0.01)
            assert server.connections == 1
            running.communicate()
