"""What a run that did not end leaves behind, and what no journal may make the next one do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eventwright.diagnostics.errors import CommandError
from eventwright.folder import output
from eventwright.quick.answers import LOCK_NAME
from eventwright.quick.fingerprint import sha256
from unit.folder.output_folder import NEW, OLD, tree, without_lock, write


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path, OLD)
    return tmp_path / "gen" / "pkg"


def test_litter_of_a_run_killed_early_is_cleared(tmp_path: Path, package: Path) -> None:
    (package / ".eventwright").mkdir()
    (package / ".eventwright/new-0").write_text("half")
    write(tmp_path, OLD)
    assert not (package / ".eventwright").exists()


def test_an_edit_after_an_interrupted_run_is_not_lost(tmp_path: Path, package: Path) -> None:
    stage = package / ".eventwright"
    stage.mkdir()
    (stage / "new-0").write_text("new = 2\n")
    before, after = sha256(b"old = 1\n"), sha256(b"new = 2\n")
    step = f'{{"number": 0, "path": "__init__.py", "before": "{before}", "after": "{after}"}}'
    (stage / "journal.json").write_text(f"[{step}]")
    (package / "__init__.py").write_text("edited\n")
    with pytest.raises(CommandError, match=r"__init__\.py was edited since"):
        write(tmp_path, NEW)
    assert (package / "__init__.py").read_text() == "edited\n"


def test_a_run_killed_while_it_took_back_its_work_is_taken_back(
    tmp_path: Path, package: Path
) -> None:
    stage = package / ".eventwright"
    stage.mkdir()
    news = {"__init__.py": "new = 2\n", "client.py": "other = 2\n"}
    steps = [
        {"number": n, "path": path, "before": sha256(OLD[path].encode()), "after": sha256(b)}
        for n, (path, b) in enumerate((path, new.encode()) for path, new in news.items())
    ]
    (stage / "journal.json").write_text(json.dumps(steps))
    # The first is still new, its old version beside it; the second was put back already.
    (package / "__init__.py").rename(stage / "old-0")
    (package / "__init__.py").write_text("new = 2\n")
    assert output.heal(str(tmp_path), "gen/pkg")
    assert without_lock(tree(package)) == OLD


@pytest.mark.parametrize("text", ["[", "{", '[{"path": "../../x"}]', "[1]", "3"])
def test_a_damaged_journal_is_an_error(tmp_path: Path, package: Path, text: str) -> None:
    (package / ".eventwright").mkdir()
    (package / ".eventwright/journal.json").write_text(text)
    with pytest.raises(CommandError, match="cannot be finished"):
        write(tmp_path, NEW)


A, B = sha256(b"a"), sha256(b"b")
ODD_NUMBERS: list[object] = [True, -1, 1, 0.0, "0", None, [], "0/../.."]
GOOD = {"number": 0, "path": "stolen.txt", "before": "", "after": A}


@pytest.mark.parametrize(
    "steps",
    [
        *([{**GOOD, "number": number}] for number in ODD_NUMBERS),
        *([{**GOOD, "path": path}] for path in ("../x", ".eventwright/journal.json", 3, None, "")),
        *([{**GOOD, "after": after}] for after in ("", "x", A[1:], A.upper(), f"{A}\n", 1, None)),
        [{**GOOD, "before": "x"}],
        [{**GOOD, "before": A}],
        [GOOD, {**GOOD, "path": "other.txt"}],
        [GOOD, {**GOOD, "number": True, "path": "other.txt"}],
        [GOOD, {**GOOD, "number": 1}],
        [{**GOOD, "more": 1}],
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_a_journal_that_is_not_ours_touches_nothing(
    tmp_path: Path, package: Path, steps: object, force: bool
) -> None:
    stage = package / ".eventwright"
    stage.mkdir()
    (stage / "new-0").write_text("a")
    (stage / "new-1").write_text("a")
    (stage / "journal.json").write_text(json.dumps(steps))
    before = tree(tmp_path)
    with pytest.raises(CommandError, match="is not as eventwright writes it") as caught:
        write(tmp_path, NEW, force=force)
    assert caught.value.exit_code == 2
    assert tree(tmp_path) == before


def test_a_journal_cannot_have_files_outside_moved(tmp_path: Path, package: Path) -> None:
    secret = tmp_path / "outside" / "secret"
    secret.parent.mkdir()
    secret.write_text("a")
    (package / ".eventwright" / "new-0").mkdir(parents=True)
    number = "0/../../../../outside/secret"
    assert (package / ".eventwright" / f"new-{number}").exists()
    step = {**GOOD, "number": number}
    (package / ".eventwright/journal.json").write_text(json.dumps([step]))
    with pytest.raises(CommandError, match="cannot be finished"):
        output.heal(str(tmp_path), "gen/pkg", force=True)
    assert secret.read_text() == "a"
    assert not (package / "stolen.txt").exists()


@pytest.mark.parametrize("what", ["link", "folder", "other content", "nothing"])
def test_a_staged_file_that_is_not_ours_touches_nothing(
    tmp_path: Path, package: Path, what: str
) -> None:
    (tmp_path / "secret").write_text("b")
    stage = package / ".eventwright"
    stage.mkdir()
    (stage / "new-0").write_text("a")
    if what == "link":
        (stage / "new-1").symlink_to(tmp_path / "secret")
    elif what == "folder":
        (stage / "new-1").mkdir()
    elif what == "other content":
        (stage / "new-1").write_text("c")
    steps = [GOOD, {"number": 1, "path": "b.txt", "before": A, "after": B}]
    (stage / "journal.json").write_text(json.dumps(steps))
    before = tree(tmp_path)
    with pytest.raises(CommandError, match=r"cannot be finished|link|not a regular") as caught:
        output.heal(str(tmp_path), "gen/pkg", force=True)
    assert caught.value.exit_code == 2
    assert tree(tmp_path) == before


def test_a_backup_that_was_changed_is_not_put_back(tmp_path: Path, package: Path) -> None:
    stage = package / ".eventwright"
    stage.mkdir()
    (stage / "old-0").write_text("forged")
    old = sha256(OLD["__init__.py"].encode())
    step = {"number": 0, "path": "__init__.py", "before": old, "after": B}
    (stage / "journal.json").write_text(json.dumps([step]))
    (package / "__init__.py").write_text("edited")
    before = tree(tmp_path)
    with pytest.raises(CommandError, match="missing or were changed"):
        output.heal(str(tmp_path), "gen/pkg", force=True)
    assert tree(tmp_path) == before


def test_a_failing_rename_puts_everything_back(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = tree(package), os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith(LOCK_NAME):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(CommandError, match=r"cannot write to gen/pkg: No space left on device"):
        write(tmp_path, NEW)
    assert tree(package) == before
