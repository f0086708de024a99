"""What each test of the command line has."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulk.commandline import KEY, Command


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY, "the-key")
    return Command(capsys, tmp_path)
