"""The quick way to read a configuration says what Pydantic says, or nothing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from eventwright.config.check import File
from eventwright.config.shaping import shaped

ALL = """
[[client]]
spec = "s.json"
output = "a"
source = "https://a.example/s.json"
source_private = true
overlays = ["o.yaml", "p.yaml"]
events = []
flavours = ["pydantic"]
features = ["outbox", "pytest"]
strict = true
[client.names]
"/a" = "B"
[client.operations.send]
name = "b"
[client.operations.other]
[client.auth.basic]
username = "key"
[client.silence]
N101 = ["/a", "/b"]
[[client]]
spec = "t.json"
output = "b"
[diff]
severity = {D101 = "off"}
stability = {beta = "info"}
sunset_notice = 30
ignore.tags = ["x"]
"""
LEAST = '[[client]]\nspec = "s"\noutput = "o"\n'
FAULTS = [
    "",
    "a = 1",
    "client = 1",
    "client = []\nx = 1",
    f"{LEAST}strict = 1",
    f"{LEAST}strict = 'true'",
    f"{LEAST}source = 1",
    f"{LEAST}source = 2026-01-01",
    f"{LEAST}flavours = ['attrs']",
    f"{LEAST}features = ['outbox', 'sent']",
    f"{LEAST}features = 'outbox'",
    f"{LEAST}events = ['a', 1]",
    f"{LEAST}events = 'a'",
    f"{LEAST}names = {{a = 1}}",
    f"{LEAST}auth = {{a = {{}}}}",
    f"{LEAST}operations = {{a = {{nmae = 'b'}}}}",
    f"{LEAST}specs = 'a'",
    f"{LEAST}[diff]\nsunset_notice = -1",
    f"{LEAST}[diff]\nsunset_notice = 30.0",
    f"{LEAST}[diff]\nsunset_notice = true",
    f"{LEAST}[diff]\nseverity = {{D101 = 'of'}}",
    f"{LEAST}[diff.ignore]\npaths = [[]]",
]


def by_pydantic(data: dict[str, Any]) -> File | None:
    try:
        return TypeAdapter(File).validate_python(data, extra="forbid")
    except ValidationError:
        return None


@pytest.mark.parametrize("text", [LEAST, ALL, f"{LEAST}[diff]\nsunset_notice = {2**70}"])
def test_what_is_well_formed(text: str) -> None:
    data = tomllib.loads(text)
    assert by_pydantic(data) is not None
    assert shaped(File, data) in (by_pydantic(data), None)
    assert repr(shaped(File, data)) in (repr(by_pydantic(data)), "None")


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_not(text: str) -> None:
    data = tomllib.loads(text)
    assert by_pydantic(data) is shaped(File, data) is None


def test_all_keys_are_read_without_pydantic() -> None:
    script = (
        "import sys, tomllib; from eventwright.config.check import File; "
        "from eventwright.config.shaping import shaped; "
        f"assert shaped(File, tomllib.loads({ALL!r})); assert 'pydantic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
