"""Compiled templates are kept, and never trusted for another source."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from eventwright.emit.compiled import Compiled


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


def rendered(folder: Path) -> str:
    loader = jinja2.FileSystemLoader(folder)
    environment = jinja2.Environment(loader=loader, bytecode_cache=Compiled())
    return environment.get_template("a.py.jinja").render(x=1)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("__pycache__/*"))


def test_the_second_process_does_not_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py.jinja").write_text("{{ x }}")
    assert rendered(tmp_path) == "1"
    assert len(kept(tmp_path)) == 1
    assert all(path.suffix == ".pyc" for path in kept(tmp_path))
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert rendered(tmp_path) == "1"


def test_another_source_is_compiled(tmp_path: Path) -> None:
    template = tmp_path / "a.py.jinja"
    for text in ("{{ x }}", "{{ x }}!"):
        template.write_text(text)
        assert rendered(tmp_path) == text.replace("{{ x }}", "1")
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize("content", [b"", b"j2", b"x" * 99])
def test_a_damaged_file_is_compiled_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.py.jinja").write_text("{{ x }}")
    rendered(tmp_path)
    (path,) = kept(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(content or whole[:-20])
    assert rendered(tmp_path) == "1"
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.py.jinja").write_text("{{ x }}")
    (tmp_path / "__pycache__").write_text("in the way")
    assert rendered(tmp_path) == "1"


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "a.py.jinja").write_text("{{ x }}")
    assert rendered(tmp_path) == "1"
    assert kept(tmp_path) == []
