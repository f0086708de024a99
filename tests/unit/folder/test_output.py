"""The output folder: what is compared, what is written, and where nothing ever is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eventwright.diagnostics.errors import CommandError
from eventwright.quick.answers import LOCK_NAME
from eventwright.quick.fingerprint import sha256
from unit.folder.output_folder import NEW, OLD, tree, without_lock, write


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path, OLD)
    return tmp_path / "gen" / "pkg"


def test_writes_everything_and_says_what(tmp_path: Path) -> None:
    assert write(tmp_path, OLD) == dict.fromkeys(OLD, "new")
    assert without_lock(tree(tmp_path / "gen/pkg")) == OLD


def test_many_files_are_written_as_few_are(tmp_path: Path) -> None:
    files = {f"m{number}.py": f"{number}\n" for number in range(150)}
    assert write(tmp_path, files) == dict.fromkeys(files, "new")
    assert without_lock(tree(tmp_path / "gen/pkg")) == files


def test_second_run_changes_only_what_differs(tmp_path: Path, package: Path) -> None:
    before = (package / "client.py").stat()
    kinds = write(tmp_path, NEW)
    assert kinds == {
        "__init__.py": "changed",
        "client.py": "unchanged",
        "added/deep/leaf.py": "new",
        "gone/leaf.py": "removed",
    }
    assert without_lock(tree(package)) == NEW
    assert not (package / "gone").exists()
    after = (package / "client.py").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_same_again_touches_nothing(tmp_path: Path, package: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in package.rglob("*")}
    write(tmp_path, OLD)
    assert {path: path.stat().st_mtime_ns for path in package.rglob("*")} == before


def test_foreign_files_survive(tmp_path: Path, package: Path) -> None:
    (package / "NOTES.md").write_text("mine")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert write(tmp_path, NEW)["NOTES.md"] == "foreign"
    assert (package / "NOTES.md").read_text() == "mine"
    assert (package / "__pycache__" / "x.pyc").exists()


@pytest.mark.parametrize("path", ["__init__.py", "client.py"])
def test_an_edited_file_stops_the_run(tmp_path: Path, package: Path, path: str) -> None:
    (package / path).write_text("my edit\n")
    before = tree(package)
    with pytest.raises(CommandError, match=f"{path}: edited by hand") as caught:
        write(tmp_path, NEW)
    assert caught.value.exit_code == 1
    assert "--force" in caught.value.help
    assert tree(package) == before
    assert write(tmp_path, NEW, force=True)[path] == "edited"
    assert without_lock(tree(package)) == NEW


def test_a_file_that_is_not_ours_stops_the_run(tmp_path: Path, package: Path) -> None:
    (package / "added/deep").mkdir(parents=True)
    (package / "added/deep/leaf.py").write_text("theirs\n")
    with pytest.raises(CommandError, match=r"leaf\.py: not written by eventwright"):
        write(tmp_path, NEW)
    assert without_lock(tree(package)) == {**OLD, "added/deep/leaf.py": "theirs\n"}


def test_without_a_lock_equal_files_are_adopted(tmp_path: Path, package: Path) -> None:
    (package / LOCK_NAME).unlink()
    assert set(write(tmp_path, OLD).values()) == {"unchanged"}
    assert (package / LOCK_NAME).exists()


def test_an_edited_orphan_stays(tmp_path: Path, package: Path) -> None:
    (package / "gone/leaf.py").write_text("edited\n")
    assert write(tmp_path, NEW)["gone/leaf.py"] == "kept"
    assert (package / "gone/leaf.py").read_text() == "edited\n"


@pytest.mark.parametrize(
    "path",
    [
        *("../x.py", "/x.py", "a/../../x.py", "a//b.py", "", ".", "a\\b.py", "c:x.py", "a/./b.py"),
        *(".eventwright/journal.json", "nul\0.py", "line\n.py"),
    ],
)
def test_unsafe_paths_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(CommandError, match="refusing to write"):
        write(tmp_path, {path: ""})
    assert list(tmp_path.iterdir()) == []


def test_paths_that_collide_without_case_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="where case does not count"):
        write(tmp_path, {"A.py": "", "a.py": ""})


@pytest.mark.parametrize("link", ["gen", "gen/pkg", "gen/pkg/gone", "gen/pkg/client.py"])
def test_never_through_a_link(tmp_path: Path, link: str) -> None:
    root = tmp_path / "root"
    write(root, OLD)
    outside = tmp_path / "outside"
    shutil.move(root / link, outside)
    (root / link).symlink_to(outside)
    before = tree(outside) if outside.is_dir() else outside.read_text()
    with pytest.raises(CommandError, match="symbolic link"):
        write(root, NEW, force=True)
    assert (tree(outside) if outside.is_dir() else outside.read_text()) == before


def test_a_stage_that_is_a_link_is_refused(tmp_path: Path, package: Path) -> None:
    (tmp_path / "precious").mkdir()
    (package / ".eventwright").symlink_to(tmp_path / "precious")
    with pytest.raises(CommandError, match="symbolic link"):
        write(tmp_path, NEW)
    assert (tmp_path / "precious").is_dir()


def test_a_lock_cannot_have_files_outside_deleted(tmp_path: Path, package: Path) -> None:
    victim = tmp_path / "gen" / "victim.py"
    victim.write_text("x")
    lock = package / LOCK_NAME
    lock.write_text(
        lock.read_text().replace('"gone/leaf.py": "', f'"../victim.py": "{sha256(b"x")}')
    )
    write(tmp_path, NEW, force=True)
    assert victim.exists()


def test_a_folder_in_the_way_is_an_error(tmp_path: Path, package: Path) -> None:
    (package / "client.py").unlink()
    (package / "client.py").mkdir()
    with pytest.raises(CommandError, match="not a regular file"):
        write(tmp_path, NEW, force=True)
