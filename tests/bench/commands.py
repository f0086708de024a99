"""Whole processes: `check`, `generate` and `diff`, against the same jobs done by others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .large import write_pair
from .paired import Samples

OURS = Path(sys.executable).parent / "eventwright"
_PEER = peers.BIN / "datamodel-codegen"
_CLIENT_FLAGS = (
    "--input-file-type openapi --output models.py --output-model-type pydantic_v2.BaseModel"
    " --generate-client httpx2 --client-output client --client-package client"
    " --client-model-package models --disable-timestamp"
).split()
_TENTH = 63
"""Copies of the flagship, indented, that make 1.3 MB."""


_RELEASES = ("22.0.0", "23.0.1")
_RELEASED = "package/generated/api.github.com.json"
"""In `@octokit/openapi`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line, the folder it runs in, and what is removed there before each run."""

    line: tuple[str | Path, ...]
    folder: Path
    fresh: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)


def checks(scratch: Path) -> dict[str, Command]:
    """`check` where nothing changed, the same of datamodel-codegen, and Python doing nothing."""
    ours, theirs = _project(scratch / "check", flavours=True), _peer(scratch / "check-peer")
    once(_generate(ours))
    once(Command(line=theirs.line, folder=theirs.folder))
    return {
        "check python -c pass": Command(line=(sys.executable, "-c", "pass"), folder=ours),
        "check eventwright": Command(line=(OURS, "check"), folder=ours),
        "check datamodel-codegen": Command(line=(*theirs.line, "--check"), folder=theirs.folder),
    }


def generations(scratch: Path) -> dict[str, Command]:
    """Generating everything anew, nothing there before."""
    plain = _project(scratch / "generate", flavours=False)
    flavoured = _project(scratch / "generate-flavoured", flavours=True)
    theirs = _peer(scratch / "generate-peer")
    quick = _peer(scratch / "generate-peer-quick", "--formatters", "builtin")
    return {
        "generate eventwright": _generate(plain),
        "generate eventwright with pydantic": _generate(flavoured),
        "generate datamodel-codegen": theirs,
        "generate datamodel-codegen unformatted": quick,
    }


def diffs(scratch: Path) -> dict[str, Command]:
    """`diff` on a document of the flagship's size, of 1.3 MB and of 13 MB, and on two releases of
    a real one of 13 MB, where npm is there to fetch them.

    Nothing while there is no such command.
    """
    if not _knows_diff(scratch):
        return {}
    made = {
        f"diff {name}": _diff(scratch / f"diff-{copies}", copies)
        for name, copies in (("flagship", 1), ("1.3 MB", _TENTH), ("13 MB", 10 * _TENTH))
    }
    released = [path for version in _RELEASES if (path := _release(scratch, version))]
    if len(released) < len(_RELEASES):
        return made
    line: tuple[str | Path, ...] = (OURS, "diff", *released)
    return {**made, "diff released": Command(line=line, folder=scratch, codes=(0, 1))}


def take_turns(commands: Mapping[str, Command], rounds: int, *, warm: bool = True) -> Samples:
    """Run every command once a round, in an order that rotates; CPU of the whole process."""
    samples: Samples = {name: [] for name in commands}
    for command in commands.values() if warm else ():
        once(command)  # so that nobody pays for bytecode that is not cached yet
    names = list(commands)
    for number in range(rounds):
        shift = number % len(names) if names else 0
        for name in names[shift:] + names[:shift]:
            samples[name].append(once(commands[name]))
    return samples


def once(command: Command) -> float:
    """Run a command; the CPU nanoseconds it took, user and system.

    Raises:
        RuntimeError: it ended otherwise than expected.
    """
    for name in command.fresh:
        shutil.rmtree(command.folder / name, ignore_errors=True)
    line = [str(part) for part in command.line]
    said = command.folder / "said.txt"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    both = ((os.POSIX_SPAWN_OPEN, 1, said, flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2))
    here = Path.cwd()
    os.chdir(command.folder)
    try:
        child = os.posix_spawn(line[0], line, _environment(), file_actions=both)
    finally:
        os.chdir(here)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in command.codes:
        raise RuntimeError(f"{' '.join(line)} failed:\n{said.read_text(encoding='utf-8')}")
    return (usage.ru_utime + usage.ru_stime) * 1e9


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _project(folder: Path, *, flavours: bool) -> Path:
    """A copy of this repository's configuration and document."""
    (folder / "spec").mkdir(parents=True)
    shutil.copy(peers.SPEC, folder / "spec")
    text = (peers.ROOT / "eventwright.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if flavours or not line.startswith("flavours")]
    (folder / "eventwright.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _generate(folder: Path) -> Command:
    return Command(line=(OURS, "generate"), folder=folder, fresh=("generated",))


def _peer(folder: Path, *flags: str) -> Command:
    folder.mkdir()
    line: tuple[str | Path, ...] = (_PEER, "--input", peers.SPEC, *_CLIENT_FLAGS, *flags)
    return Command(line=line, folder=folder, fresh=("client",))


def _knows_diff(scratch: Path) -> bool:
    command = Command(line=(OURS, "diff", "--help"), folder=scratch)
    try:
        once(command)
    except RuntimeError:
        return False
    return True


def _diff(folder: Path, copies: int) -> Command:
    folder.mkdir()
    write_pair(peers.SPEC.read_text(encoding="utf-8"), copies, folder)
    return Command(line=(OURS, "diff", "old.json", "new.json"), folder=folder, codes=(0, 1))


def _release(scratch: Path, version: str) -> Path | None:
    """The document in a release of `@octokit/openapi`; None without npm, or where it has none."""
    folder = scratch / f"released-{version}"
    folder.mkdir()
    if shutil.which("npm") is None:
        return None
    command = ("npm", "pack", "--silent", f"@octokit/openapi@{version}")
    if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
        return None
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extract(_RELEASED, folder, filter="data")
    return folder / _RELEASED
