"""The programs of docs/recipes.md, run as they stand there: real servers, real requests."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from delivery.receiver import Receiver, Reply, outbox
from sinks import servers
from support import ROOT

pytestmark = pytest.mark.heavy
_TEXT = (ROOT / "docs" / "recipes.md").read_text("utf-8")
_BIN = Path(sys.executable).parent


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with all of them."""
    for text, name in re.findall(r"```python\n(# (\w+\.py)\n.*?)```", _TEXT, re.S):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def environment(folder: Path, receiver: Receiver, **more: str) -> dict[str, str]:
    paths = os.pathsep.join([str(folder), str(ROOT / "generated")])
    own = {"PYTHONPATH": paths, "CUSTOMERIO_EVENTS_API_KEY": "key", "EVENTS_SERVER": receiver.url}
    return {**os.environ, **own, "EVENTS_FILE": str(folder / "events.db"), **more}


def commands(name: str) -> list[str]:
    """The command of the recipe that begins so, with the program of this environment."""
    (line,) = re.findall(rf"```console\n({name} .*)\n```", _TEXT)
    command, *rest = line.split()
    return [str(_BIN / command), *rest]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its children, ended by SIGTERM."""
    with subprocess.Popen(command, env=env, start_new_session=True) as process:
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def post(port: int, person: str, method: str) -> bool:
    """Whether the program has accepted it; waits for the program to listen."""
    url = f"http://127.0.0.1:{port}/suppress/{person}"
    for _ in range(200):
        try:
            request = urllib.request.Request(url, method=method)
            with urllib.request.urlopen(request, timeout=10) as answer:
                return bool(answer.status == 202)
        except ConnectionRefusedError:
            pass
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionRefusedError):
                return False
        time.sleep(0.1)
    raise TimeoutError(url)


def came(receiver: Receiver) -> Counter[str]:
    return Counter(event["userId"] for event in receiver.arrived.events)


def wait_for(receiver: Receiver, number: int) -> None:
    deadline = time.monotonic() + 20
    while len(came(receiver)) < number and time.monotonic() < deadline:
        time.sleep(0.05)


WEB = [("uvicorn", "POST", "--port"), ("gunicorn", "GET", "--bind")]


@pytest.mark.parametrize(("server", "method", "option"), WEB)
def test_web_servers(programs: Path, server: str, method: str, option: str) -> None:
    port = free_port()
    place = str(port) if option == "--port" else f"127.0.0.1:{port}"
    with Receiver() as receiver:
        env = environment(programs, receiver)
        with running([*commands(server), option, place], env):
            accepted = {f"u{n}" for n in range(150) if post(port, f"u{n}", method)}
            wait_for(receiver, 150)
    assert len(accepted) == 150
    assert came(receiver) == Counter(accepted)


@pytest.mark.parametrize(("server", "method", "option"), WEB)
def test_a_worker_of_a_web_server_is_killed(
    programs: Path, server: str, method: str, option: str
) -> None:
    port = free_port()
    place = str(port) if option == "--port" else f"127.0.0.1:{port}"
    accepted = set[str]()
    with Receiver(lambda number, event: Reply(seconds=0.01)) as receiver:
        env = environment(programs, receiver)
        with running([*commands(server), option, place], env) as process:
            for n in range(200):
                if post(port, f"u{n}", method):
                    accepted.add(f"u{n}")
                if n in (50, 120):
                    os.kill(_child(process.pid), signal.SIGKILL)
        with outbox(receiver, programs / "events.db") as box:
            assert box.flush(20)
    found = came(receiver)
    assert len(accepted) > 150
    assert not accepted - set(found), "lost"
    assert sum(found.values()) - len(found) <= 2 * 8


REPLACED = [
    ("uvicorn", "POST", "--port", ("--limit-max-requests", "40")),
    ("gunicorn", "GET", "--bind", ("--max-requests", "20", "--max-requests-jitter", "5")),
]


@pytest.mark.parametrize(("server", "method", "option", "limit"), REPLACED)
def test_workers_that_are_replaced_all_the_time(
    programs: Path, server: str, method: str, option: str, limit: tuple[str, ...]
) -> None:
    """Whichever of them delivers, another takes over; nothing is sent twice for that."""
    port = free_port()
    place = str(port) if option == "--port" else f"127.0.0.1:{port}"
    with Receiver() as receiver:
        env = environment(programs, receiver)
        with running([*commands(server), option, place, *limit], env):
            accepted = {f"u{n}" for n in range(100) if post(port, f"u{n}", method)}
        with outbox(receiver, programs / "events.db") as box:
            assert box.flush(20)
    found = came(receiver)
    assert len(accepted) > 70
    assert not accepted - set(found), "lost"
    assert set(found.values()) == {1}


def _child(process: int) -> int:
    """One of its worker processes."""
    listed = subprocess.run(["pgrep", "-P", str(process), "-f", "python"], capture_output=True)
    return int(listed.stdout.split()[-1])


def test_celery(programs: Path) -> None:
    with servers.running(servers.RedisServer) as broker, Receiver() as receiver:
        env = environment(programs, receiver, BROKER_URL=f"redis://127.0.0.1:{broker.port}/0")
        call = (
            "import tasks; [tasks.suppress.delay(f'u{n}') for n in range(60)]; tasks.box.close(0)"
        )
        subprocess.run([sys.executable, "-c", call], env=env, check=True, timeout=60)
        with running([*commands("celery"), "--loglevel", "ERROR"], env):
            wait_for(receiver, 60)
    assert came(receiver) == Counter(f"u{n}" for n in range(60))


def some_refused(number: int, event: dict[str, Any]) -> Reply:
    return Reply(400 if event["userId"].startswith("bad") else 200)


def job(programs: Path, receiver: Receiver, *people: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *commands("python")[1:2]],
        input="".join(f"{each}\n" for each in people),
        cwd=programs,
        env=environment(programs, receiver),
        timeout=60,
        capture_output=True,
        text=True,
    )


def test_a_job(programs: Path) -> None:
    with Receiver() as receiver:
        ran = job(programs, receiver, *(f"u{n}" for n in range(50)), "", "  ")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert came(receiver) == Counter(f"u{n}" for n in range(50))


def test_a_job_whose_events_are_refused(programs: Path) -> None:
    """Dead letters are no success, until somebody has dealt with them."""
    with Receiver(some_refused) as receiver:
        for number, people in enumerate((["a", "bad1", "b"], ["c"])):
            ran = job(programs, receiver, *people)
            assert ran.returncode == 1, number
            said = ran.stderr.splitlines()[-1]
            assert said.startswith("1 refused: python -m customerio_events outbox export")
        command = [*said.partition(": ")[2].split()[1:], "--yes"]
        command[command.index("export")] = "purge"
        env = environment(programs, receiver)
        subprocess.run([sys.executable, *command], env=env, check=True, capture_output=True)
        assert job(programs, receiver, "d").returncode == 0
    assert set(came(receiver)) == {"a", "b", "c", "d"}


def test_a_job_that_cannot_deliver(programs: Path) -> None:
    program = programs / "job.py"
    program.write_text(program.read_text().replace("timeout=60", "timeout=0.5"))
    with Receiver(lambda number, event: Reply(401)) as receiver:
        assert job(programs, receiver, "a").returncode == 3
        receiver.script = lambda number, event: Reply()
        assert job(programs, receiver, "b").returncode == 0
    assert came(receiver) == Counter(["a", "b"])


def handled(programs: Path, receiver: Receiver, *people: str) -> subprocess.CompletedProcess[str]:
    call = f"import handler; print(handler.handler({{'people': {list(people)}}}, None))"
    return subprocess.run(
        [sys.executable, "-c", call],
        env=environment(programs, receiver),
        capture_output=True,
        timeout=60,
        text=True,
    )


def test_a_handler(programs: Path) -> None:
    with Receiver() as receiver:
        ran = handled(programs, receiver, "a", "b")
    assert ran.stdout == "{'delivered': True}\n", ran.stderr
    assert came(receiver) == Counter(["a", "b"])


def test_a_handler_whose_events_are_refused(programs: Path) -> None:
    with Receiver(some_refused) as receiver:
        ran = handled(programs, receiver, "a", "bad1", "b", "bad2")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "ValueError: 2 of 4 refused, the first: 400 " in ran.stderr
    assert came(receiver) == Counter(["a", "b"])


def test_a_handler_that_cannot_deliver(programs: Path) -> None:
    program = programs / "handler.py"
    program.write_text(program.read_text().replace("timeout=20", "timeout=0.5"))
    with Receiver(lambda number, event: Reply(401)) as receiver:
        ran = handled(programs, receiver, "a")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "TimeoutError: not all was delivered" in ran.stderr


def test_their_types(programs: Path) -> None:
    names = ["fastapi_app.py", "job.py", "handler.py"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *names],
        cwd=programs,
        env={**os.environ, "MYPYPATH": str(ROOT / "generated")},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
