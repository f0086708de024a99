"""A write that dies at its every system call: the journal finishes it, or it never began.

strace kills the process on the way into the call, so nothing in Python has a say in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventwright.folder import output
from eventwright.quick.fingerprint import sha256
from unit.folder.output_folder import NEW, OLD, tree, without_lock, write

CALLS = (
    "mkdir openat open creat write pwrite64 fsync fdatasync ftruncate rename renameat renameat2 "
    "link linkat unlink unlinkat rmdir flock fcntl close read getdents64 fchmod chmod utimensat "
    "newfstatat fstat lstat stat statx lseek"
).split()
"""What may be called while a folder is written: what changes the disk, and what is around it."""

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace here"),
]


def traced(root: Path, *options: str) -> bool:
    """Write NEW in a process that strace watches; whether it came to the end."""
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go)
        os.read(ready, 1)
        write(root, NEW)
        os._exit(0)
    os.close(ready)
    tracer = subprocess.Popen(["strace", "-qq", *options, "-p", str(pid)])
    until = time.monotonic() + 30
    while "TracerPid:\t0" in Path(f"/proc/{pid}/status").read_text():
        if tracer.poll() is not None:  # the process died of the call that it waited in
            break
        assert time.monotonic() < until, "strace did not attach"
        time.sleep(0.001)
    os.close(go)
    status = os.waitpid(pid, 0)[1]
    tracer.wait()
    return status == 0


def calls(start: Path, where: Path) -> Counter[str]:
    """How often each system call is made by one write from beginning to end."""
    root = shutil.copytree(start, where / "counted")
    log = where / "log"
    assert traced(root, "-e", f"trace={','.join(CALLS)}", "-o", str(log))
    return Counter(re.findall(r"^(\w+)\(", log.read_text(), re.MULTILINE))


def crashed(start: Path, where: Path) -> Iterator[tuple[str, Path]]:
    """A copy of the folder for each call at which a write died, and which that was."""
    for name, count in sorted(calls(start, where).items()):
        for number in range(1, count + 1):
            root = shutil.copytree(start, where / f"{name}-{number}")
            inject = f"inject={name}:signal=KILL:when={number}"
            if not traced(root, "-e", f"trace={name}", "-e", inject, "-o", "/dev/null"):
                yield f"{name} {number}", root


@pytest.mark.parametrize("existing", [True, False])
def test_it_is_old_or_new_or_is_finished(tmp_path: Path, existing: bool) -> None:
    start = tmp_path / "begin"
    start.mkdir()
    if existing:
        write(start, OLD)
    died: list[str] = []
    for call, root in crashed(start, tmp_path):
        died.append(call)
        lock = output.read_lock(str(root), "gen/pkg") if (root / "gen/pkg").is_dir() else None
        own = {
            path: text
            for path, text in without_lock(tree(root / "gen/pkg")).items()
            if not path.startswith(".eventwright/")
        }
        if lock is not None and lock.files == {p: sha256(t.encode()) for p, t in own.items()}:
            assert own in (OLD, NEW), call
        for path, text in own.items():
            assert text in (OLD.get(path), NEW.get(path)), f"{call}: {path} is half-written"
        write(root, NEW)
        assert without_lock(tree(root / "gen/pkg")) == NEW, call
        shutil.rmtree(root)
    changing = [call for call in died if call.split()[0] in ("write", "fsync", "rename", "mkdir")]
    assert len(changing) > 12
    assert len(died) > 60
