"""The fixtures that a package brings for tests of programs that use it, run by a real pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support import event, event_document, generate_package

ROOT = Path(__file__).parents[2]
PROGRAM = """
import asyncio
import pytest
from customerio_events import BadRequest, Client, UserSuppressed
from customerio_events.testing import answer
from acme.other import A

EVENT = UserSuppressed(user_id="42")

def program(client: Client) -> None:
    client.track(EVENT)

def test_one(customerio_events_client):
    program(customerio_events_client)
    assert [each.user_id for each in customerio_events_client.events] == ["42"]

def test_each_has_its_own(customerio_events_client):
    assert customerio_events_client.events == []

def test_async(customerio_events_async_client):
    asyncio.run(customerio_events_async_client.track(EVENT))
    assert len(customerio_events_async_client.events) == 1

class TestRefused:
    @pytest.fixture
    def customerio_events_options(self):
        return {"answers": [answer(400)], "strict_mode": True}

    def test_it(self, customerio_events_client):
        with pytest.raises(BadRequest):
            program(customerio_events_client)
        assert customerio_events_client.requests[0].headers["x-strict-mode"] == "1"

def test_another_package(other_client, customerio_events_client):
    assert type(other_client) is not type(customerio_events_client)
    other_client.send(A())
    assert len(other_client.events) == 1 and customerio_events_client.events == []
"""


def test_fixtures_of_two_packages(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    made = generate_package(event_document(event("A")), tmp_path, features=["pytest"])
    folder.mkdir()
    made.rename(folder / "other")
    plugins = '["customerio_events.pytest_plugin", "acme.other.pytest_plugin"]'
    (tmp_path / "conftest.py").write_text(f"pytest_plugins = {plugins}\n")
    (tmp_path / "test_program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{ROOT / 'generated'}:{tmp_path}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
