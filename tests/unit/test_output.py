"""The output folder: what is compared, what is written, and what no fault may do to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventwright import folderlock, journal, output
from eventwright.errors import CommandError
from eventwright.fingerprint import sha256
from eventwright.lock import Lock
from eventwright.quick import LOCK_NAME

OLD = {"__init__.py": "old = 1\n", "client.py": "same = 1\n", "gone/leaf.py": "leaf = 1\n"}
NEW = {"__init__.py": "new = 2\n", "client.py": "same = 1\n", "added/deep/leaf.py": "leaf = 2\n"}


def make_lock(files: dict[str, str]) -> Lock:
    return Lock(
        spec="spec.json",
        spec_sha256="1",
        config_sha256="2",
        generator="3",
        templates_sha256="4",
        tools={},
        files={path: sha256(text.encode()) for path, text in files.items()},
    )


def write(root: Path, files: dict[str, str], *, force: bool = False) -> dict[str, str]:
    changes = output.write(str(root), "gen/pkg", files, make_lock(files), force=force)
    return {change.path: change.kind for change in changes}


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_lock(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path != LOCK_NAME}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path, OLD)
    return tmp_path / "gen" / "pkg"


def test_writes_everything_and_says_what(tmp_path: Path) -> None:
    assert write(tmp_path, OLD) == dict.fromkeys(OLD, "new")
    assert without_lock(tree(tmp_path / "gen/pkg")) == OLD


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


# --- faults in real processes ---------------------------------------------------------------

CHILD = """
import resource, sys
sys.path[:0] = {path!r}
from test_output import NEW, write
from eventwright.errors import CommandError
from pathlib import Path
{prepare}
try:
    write(Path(sys.argv[1]), {files})
except CommandError as error:
    sys.exit(error.message)
"""


def child(root: Path, prepare: str = "", files: str = "NEW") -> list[str]:
    path = [str(Path(__file__).parent), *sys.path]
    program = CHILD.format(path=path, prepare=textwrap.dedent(prepare), files=files)
    return [sys.executable, "-c", program, str(root)]


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder that another user can reach, which tmp_path is not."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    write(root, OLD)
    yield root
    shutil.rmtree(root)


def test_a_read_only_folder_is_a_clear_error(shared: Path) -> None:
    (shared / "gen/pkg").chmod(0o555)
    before = tree(shared)
    plain_user = "import os; os.geteuid() == 0 and os.seteuid(65534)"
    done = subprocess.run(child(shared, plain_user), capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "cannot write to gen/pkg: Permission denied"
    assert tree(shared) == before


@pytest.mark.parametrize("existing", [True, False])
def test_a_full_disk_is_a_clear_error(tmp_path: Path, existing: bool) -> None:
    if existing:
        write(tmp_path, OLD)
    before = tree(tmp_path)
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    files = "{**NEW, 'large.py': 'x' * 6000}"
    done = subprocess.run(child(tmp_path, limit, files), capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "cannot write to gen/pkg: File too large"
    assert tree(tmp_path) == before
    assert (tmp_path / "gen").exists() == existing


KILLED = """
import os, signal
countdown, armed = 0, False
def fatal(real):
    def call(*args, **kwargs):
        global countdown
        countdown -= armed
        if armed and countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
for name in ("replace", "unlink", "link", "mkdir", "rmdir", "fsync", "open"):
    setattr(os, name, fatal(getattr(os, name)))
for countdown in range(1, 200):
    root = Path(sys.argv[1], str(countdown))
    write.__globals__["shutil"].copytree(Path(sys.argv[1], "start"), root)
    pid = os.fork()
    if pid == 0:
        armed = True
        write(root, NEW)
        os._exit(0)
    if os.waitpid(pid, 0)[1] == 0:
        sys.exit(0)
"""


def killed_at_every_step(start: Path, where: Path) -> list[Path]:
    """One copy of the folder for each system call that a run was killed before."""
    shutil.copytree(start, where / "start")
    program = [*child(where, KILLED)]
    subprocess.run(program, check=True)
    return sorted((p for p in where.iterdir() if p.name != "start"), key=lambda p: int(p.name))


def vouched(package: Path) -> bool:
    """Does the lock agree with every file?"""
    lock = output.read_lock(str(package.parent.parent), "gen/pkg") if package.is_dir() else None
    files = without_lock(tree(package)) if package.is_dir() else {}
    own = {path: text for path, text in files.items() if not path.startswith(".eventwright/")}
    return lock is not None and lock.files == {p: sha256(t.encode()) for p, t in own.items()}


@pytest.mark.parametrize("existing", [True, False])
def test_killed_at_any_point_it_is_old_or_new_and_a_rerun_heals(
    tmp_path: Path, existing: bool
) -> None:
    start = tmp_path / "begin"
    start.mkdir()
    if existing:
        write(start, OLD)
    (tmp_path / "kills").mkdir()
    roots = killed_at_every_step(start, tmp_path / "kills")
    assert len(roots) > 20
    seen = set()
    for root in roots:
        package = root / "gen/pkg"
        if vouched(package):
            own = {p: t for p, t in tree(package).items() if not p.startswith(".eventwright/")}
            assert without_lock(own) in (OLD, NEW)
            seen.add("old" if without_lock(own) == OLD else "new")
        else:
            seen.add("between")
        write(root, NEW)
        assert without_lock(tree(package)) == NEW
        assert vouched(package)
    assert seen == ({"old", "between", "new"} if existing else {"between", "new"})


def test_a_killed_run_is_finished_even_when_the_next_one_wants_something_else(
    tmp_path: Path,
) -> None:
    start = tmp_path / "begin"
    write(start, OLD)
    (tmp_path / "kills").mkdir()
    for root in killed_at_every_step(start, tmp_path / "kills"):
        other = {"__init__.py": "third = 3\n"}
        write(root, other)
        assert without_lock(tree(root / "gen/pkg")) == other


def test_two_runs_at_once_leave_one_of_both(tmp_path: Path) -> None:
    many = "{f'm{n}.py': sys.argv[2] for n in range(30)}"
    for _ in range(3):
        runs = [subprocess.Popen([*child(tmp_path, "", many), tag]) for tag in "abc"]
        assert [run.wait() for run in runs] == [0, 0, 0]
        assert len(set(without_lock(tree(tmp_path / "gen/pkg")).values())) == 1
        assert vouched(tmp_path / "gen/pkg")


def test_a_run_that_waits_too_long_says_so(tmp_path: Path) -> None:
    root = str(tmp_path)
    with folderlock.locked_folder(root, "pkg"):
        with (
            pytest.raises(CommandError, match="another eventwright is writing"),
            folderlock.locked_folder(root, "pkg", patience=0.05),
        ):
            raise AssertionError
        (tmp_path / "pkg" / "x").touch()
    with folderlock.locked_folder(root, "pkg", patience=0.05):
        assert journal.pending(str(tmp_path / "pkg")) == ()
