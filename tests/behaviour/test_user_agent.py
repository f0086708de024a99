"""What clients say of themselves: the package, and the version of its document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from support import event, event_document, generate_from, load_module, write_package


def _agent(folder: Path, name: str, version: str, **options: Any) -> str:
    data = event_document(event("A"))
    data["info"]["version"] = version
    write_package(generate_from(data).files, folder / name)
    load_module(folder / name)
    package = sys.modules[name]
    with FaultServer(reply()) as server:
        with package.Client(server=server.url, trust_env=False, **options) as client:
            client.send(package.A())
        assert len(server.seen) == 1
        return str(server.seen[0].headers["user-agent"])


@pytest.mark.parametrize(
    ("version", "agent"),
    [
        ("1.0.0", "/1.0.0"),
        ("2024-05-01+build.7", "/2024-05-01+build.7"),
        ("v1 (beta)", "/v1-beta"),
        ("1.0\r\nX-Injected: 1", "/1.0-X-Injected-1"),
        ('1"\\\'""" \u2028\u0661', "/1-'"),
        ("\u4e2d\u6587", ""),
        ("", ""),
        ("9" * 500, "/" + "9" * 64),
    ],
)
def test_the_version_of_the_document(tmp_path: Path, version: str, agent: str) -> None:
    name = f"agent_{len(sys.modules)}"
    assert _agent(tmp_path, name, version) == f"{name}{agent} (eventwright)"


def test_one_of_the_caller(tmp_path: Path) -> None:
    agent = _agent(tmp_path, "agent_of_mine", "1", headers={"user-agent": "mine/2"})
    assert agent == "mine/2"


def test_a_package_with_a_name_that_no_header_can_have(tmp_path: Path) -> None:
    assert _agent(tmp_path, "\u4e2d_events", "1") == "__events/1 (eventwright)"
