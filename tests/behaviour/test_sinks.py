"""Adapters for engines: what is imported, what is said where a library is missing, and types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from behaviour.test_type_checkers import CHECKERS
from support import FLAGSHIP_CONFIG, ROOT, flagship_document, generate_from, write_package


def python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "generated")},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("library", "adapter"), [("redis", "RedisStream"), ("celery", "CeleryTask")]
)
def test_a_library_that_is_missing(library: str, adapter: str) -> None:
    blocked = f"import sys; sys.modules[{library!r}] = None; "
    said = python(f"{blocked}import customerio_events.sinks.{library}")
    expected = f"ImportError: {adapter} needs the library {library}: pip install {library}"
    assert said.splitlines()[-1] == expected


def test_nothing_is_imported_that_is_not_asked_for() -> None:
    """The outbox loads no relay, the relay no engine, PostgreSQL no driver."""
    said = python(
        "import sys\n"
        "import customerio_events.outbox\n"
        "print('customerio_events.relay' in sys.modules)\n"
        "import customerio_events.sinks.postgresql\n"
        "print({'redis', 'celery', 'psycopg', 'psycopg2', 'pg8000'} & sys.modules.keys())\n"
    )
    assert said == "False\nset()\n"


RIGHT = """
import redis
import psycopg
from celery import Celery

from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Failure, Relay
from customerio_events.relay import Sink
from customerio_events.sinks.celery import CeleryTask
from customerio_events.sinks.postgresql import Connection, PostgresTable
from customerio_events.sinks.redis import RedisStream

client = Client(api_key="key")
event = UserSuppressed(user_id="42")


def alert(failure: Failure) -> None:
    print(failure.reason)


stream = Relay(RedisStream(redis.Redis(), "events"), client=client, on_failure=alert)
stream.put(event)
stream.put(event, key="", label="a", operation="track", strict_mode=True)
tasks = Relay(CeleryTask(Celery("acme"), queue="events"), client=client)
tasks.put(event)
table = Relay(PostgresTable(connect=lambda: psycopg.connect("")), client=client)
with psycopg.connect("") as connection:
    table.put(event, connection)
    table.put(event, connection, key="a")
table.run()
table.stop()


def own(sink: Sink[int]) -> None:
    Relay(sink, client=client).put(event, 1)


def any_table(relay: Relay[Connection], connection: psycopg.Connection) -> None:
    relay.put(event, connection)
"""
WRONG = """
import redis
from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Relay
from customerio_events.sinks.postgresql import PostgresTable
from customerio_events.sinks.redis import RedisStream

client = Client(api_key="key")
event = UserSuppressed(user_id="42")
Relay(PostgresTable(), client=client).put(event)
Relay(PostgresTable(), client=client).put(event, "a")
Relay(RedisStream(redis.Redis(), "a"), client=client).put(event, 1)
Relay(RedisStream(redis.Redis(), "a"), client=client).put("a")
Relay("a", client=client)
RedisStream("a", "b")
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sinks")
    features = ["redis", "postgresql", "celery"]
    files = generate_from(flagship_document(), features=features, **FLAGSHIP_CONFIG).files
    write_package(files, folder / "customerio_events")
    return folder


@pytest.mark.parametrize("checker", CHECKERS)
def test_types(package: Path, checker: object) -> None:
    assert callable(checker)
    right, wrong = package / "right.py", package / "wrong.py"
    right.write_text(RIGHT, "utf-8")
    wrong.write_text(WRONG, "utf-8")
    errors = checker([right, wrong], package)
    untyped = {line: text for (name, line), text in errors.items() if name == "right.py"}
    assert all("celery" in text.lower() for text in untyped.values()), untyped
    first = WRONG.splitlines().index("Relay(PostgresTable(), client=client).put(event)") + 1
    lines = {line for name, line in errors if name == "wrong.py"}
    assert lines == set(range(first, first + 6))
