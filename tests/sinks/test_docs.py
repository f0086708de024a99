"""The programs of docs/sinks.md, run as they stand there against real engines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from customerio_events.sinks.postgresql import PostgresTable
from sinks import servers
from sinks.receiving import KEY, Receiver, Worker
from sinks.servers import PostgresServer, RabbitServer, RedisServer
from support import ROOT

pytestmark = pytest.mark.heavy
_PROGRAM = re.compile(r"```python\n(# (\w+\.py)\n.*?)```", re.S)


def chapter(name: str) -> str:
    text = (ROOT / "docs" / "sinks.md").read_text("utf-8")
    return text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def write(folder: Path, name: str) -> None:
    """The programs of a chapter; `deliver.py` is in the first."""
    first = [found for found in _PROGRAM.findall(chapter("PostgreSQL")) if found[1] == "deliver.py"]
    for text, path in [*first, *_PROGRAM.findall(chapter(name))]:
        (folder / path).write_text(text, "utf-8")


def deliver(folder: Path, name: str, worker: tuple[str, ...], **environment: str) -> None:
    """Put in by `application.py`, delivered by the worker."""
    write(folder, name)
    with Receiver() as receiver:
        paths = os.pathsep.join([str(folder), str(ROOT / "generated")])
        own = {"PYTHONPATH": paths, "CUSTOMERIO_KEY": KEY, "CUSTOMERIO_SERVER": receiver.url}
        command = [sys.executable, str(folder / "application.py")]
        subprocess.run(command, env={**os.environ, **own, **environment}, check=True)
        with Worker(*worker, **own, **environment) as running:
            receiver.wait(1)
            assert running.terminate() == 0
    assert set(receiver.delivered()) == {"42"}


def test_postgresql(tmp_path: Path) -> None:
    with servers.running(PostgresServer) as server:
        with server.connect() as connection:
            connection.execute("CREATE TABLE suppressed (person text)")
            connection.execute(PostgresTable("events_outbox").create_sql())
        worker = (str(tmp_path / "deliver.py"),)
        deliver(tmp_path, "PostgreSQL", worker, DATABASE_URL=server.dsn)
        (query,) = re.findall(r"```sql\n(.*?)```", chapter("PostgreSQL"), re.S)
        with server.connect() as connection:
            connection.execute(query)


def test_redis(tmp_path: Path) -> None:
    with servers.running(RedisServer) as server:
        worker = (str(tmp_path / "deliver.py"),)
        deliver(tmp_path, "Redis", worker, REDIS_URL=f"redis://127.0.0.1:{server.port}/0")


def test_celery(tmp_path: Path) -> None:
    (command,) = re.findall(r"```console\n(celery .*)\n```", chapter("Celery"))
    with servers.running(RabbitServer) as server:
        broker = f"amqp://guest:guest@127.0.0.1:{server.port}//"
        deliver(tmp_path, "Celery", ("-m", *command.split()), BROKER_URL=broker)
