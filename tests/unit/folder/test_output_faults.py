"""Writing under real faults: full disks, read-only folders, killed and simultaneous processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventwright.diagnostics.errors import CommandError
from eventwright.folder import folderlock, journal, output
from eventwright.quick.fingerprint import sha256
from unit.folder.output_folder import NEW, OLD, tree, without_lock, write

CHILD = """
import resource, sys
sys.path[:0] = {path!r}
from unit.folder.output_folder import NEW, write
from eventwright.diagnostics.errors import CommandError
from pathlib import Path
{prepare}
try:
    write(Path(sys.argv[1]), {files})
except CommandError as error:
    sys.exit(error.message)
"""


def child(root: Path, prepare: str = "", files: str = "NEW") -> list[str]:
    program = CHILD.format(path=sys.path, prepare=textwrap.dedent(prepare), files=files)
    return [sys.executable, "-c", program, str(root)]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path, OLD)
    return tmp_path / "gen" / "pkg"


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
@pytest.mark.parametrize("others", [0, 150])
def test_a_full_disk_is_a_clear_error(tmp_path: Path, existing: bool, others: int) -> None:
    if existing:
        write(tmp_path, OLD)
    before = tree(tmp_path)
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (99_000, 99_000))"
    many = f"{{f'm{{number}}.py': 'x' for number in range({others})}}"
    files = f"{{**NEW, 'large.py': 'x' * 100_000, **{many}}}"
    done = subprocess.run(child(tmp_path, limit, files), capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "cannot write to gen/pkg: File too large"
    assert tree(tmp_path) == before
    assert (tmp_path / "gen").exists() == existing


KILLED = """
import os, shutil, signal
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
    shutil.copytree(Path(sys.argv[1], "start"), root)
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
