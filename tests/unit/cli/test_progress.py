"""A long run says what it is at, on a terminal and nowhere else."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import sys
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.cli.printing import progress
from support import flagship_document

CONFIG = '[[client]]\nspec = "s.json"\noutput = "out"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "s.json").write_text(json.dumps(flagship_document()), "utf-8")
    (tmp_path / "eventwright.toml").write_text(CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _said(monkeypatch: pytest.MonkeyPatch) -> bytes:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert cli.run(["generate", "--dry-run"]) == 0
        terminal.write("|")
        terminal.flush()
        text = b""
        while not text.endswith(b"|"):
            text += os.read(ours, 4096)
    os.close(ours)
    return text


def test_stages_follow_each_other_and_go_away(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    stages = _said(monkeypatch).decode().split("\r\x1b[K")
    assert stages == [
        "",
        "out: reading … 0 s",
        "out: making the model … 0 s",
        "out: writing 1 operations … 0 s",
        "writing files … 0 s",
        "|",
    ]
    assert "8 events" in capsys.readouterr().out


def test_what_is_over_soon_needs_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", 60)
    assert _said(monkeypatch) == b"|"


def test_a_dumb_terminal_gets_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    assert _said(monkeypatch) == b"|"


def test_a_pipe_gets_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    assert cli.run(["generate", "--dry-run"]) == 0
    assert stderr.getvalue() == ""


def test_an_error_takes_the_line_away(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "s.json").write_text("{", "utf-8")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert cli.run(["generate"]) == 2
        text = _read(ours, b"s.json:1:")
    os.close(ours)
    assert b"out: reading" in text
    assert text.rpartition(b"\r\x1b[K")[2].startswith(b"\x1b[1ms.json:1:")


def _read(terminal: int, last: bytes) -> bytes:
    """What a terminal shows until `last` is there, or nothing comes any more."""
    text = b""
    while last not in text and select.select([terminal], [], [], 10)[0]:
        text += os.read(terminal, 65536)
    return text
