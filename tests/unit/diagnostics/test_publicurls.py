"""Nothing that is printed of a `source` shows a password or a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventwright.cli.main import run
from eventwright.diagnostics.publicurls import public

SHOWN = [
    ("no URL at all, a@b?c=d", "no URL at all, a@b?c=d"),
    ("https://a.example:8443/b/c.json", "https://a.example:8443/b/c.json"),
    ("https://a.example/@scope/c@1.json", "https://a.example/@scope/c@1.json"),
    ("https://a.example:80/@scope", "https://a.example:80/@scope"),
    ("https://me@a.example", "https://**@a.example"),
    ("HTTPS://me:pass@a.example/b", "HTTPS://*******@a.example/b"),
    ("https://me:p@ss@a.example/b", "https://*******@a.example/b"),
    ("https://me:p/s?s#@a.example/b", "https://*********@a.example/b"),
    ("https://a/b?key=abc&v=1&token", "https://a/b?key=***&v=*&*****"),
    ("//me:pass@a.example/b", "//*******@a.example/b"),
    ("'me:p/ass@a.example/b'", "'********@a.example/b'"),
    ("https://a/b?abcdef", "https://a/b?******"),
    ("https://a/b#token=abc", "https://a/b#token=***"),
    (
        'source = "https://me:pw@a" # and https://b?c=d',
        'source = "https://*****@a" # and https://b?c=*',
    ),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_what_may_be_shown(text: str, shown: str) -> None:
    assert public(text) == shown
    assert len(shown) == len(text)


SECRET = "hunter2secret"
SOURCES = [
    f"https://me:{SECRET}@a.invalid/spec.json",
    f"https://{SECRET}@a.invalid/spec.json",
    f"https://me:{SECRET[:7]}/{SECRET}@a.invalid/spec.json",
    f"https://me:{SECRET}[@a.invalid/spec.json",
    f"ftp://me:{SECRET}@a.invalid",
    f"//me:{SECRET}@a.invalid/spec.json",
    f"me:{SECRET}@a.invalid/spec.json",
    f"https://a.invalid/spec.json?token={SECRET}",
    f"https://a.invalid/spec.json?{SECRET}",
    f"https://a.invalid:x/spec.json?key={SECRET}",
]
COMMANDS = [
    ["pull", "--timeout", "3"],
    ["generate"],
    ["check", "--format", "json"],
]
CLIENT = """[[client]]
spec = "spec.json"
output = "acme"
source = "{}"
{}
"""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("source", SOURCES)
def test_no_diagnostic_shows_the_secret_of_a_source(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    source: str,
    command: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spec.json").write_text(json.dumps({"openapi": "3.1.0"}), "utf-8")
    other = "https://b.invalid/spec.json"
    second = CLIENT.format(other, "").replace("acme", "bcme")
    for text in (
        CLIENT.format(source, ""),
        CLIENT.format(source, "sourc = 1"),
        CLIENT.format(source, '"""'),
        CLIENT.format(source, "").replace("source =", "sorce ="),
        CLIENT.format(source, second),
    ):
        Path("eventwright.toml").write_text(text, "utf-8")
        assert run(command) not in (0, 70)
        output = "".join(capfd.readouterr())
        assert output
        assert SECRET not in output
