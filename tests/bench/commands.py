"""Whole processes, measured: CPU of everything they do, and the most memory they held."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .paired import Samples

OURS = Path(sys.executable).parent / "eventwright"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line, and how it is run.

    Attributes:
        folder: where it runs.
        fresh: what is removed there before each run.
        codes: the exit codes that count as success.
        path: where its Python finds modules.
    """

    line: tuple[str | Path, ...]
    folder: Path
    fresh: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)
    path: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one run took.

    Attributes:
        cpu: nanoseconds, user and system.
        peak: bytes of memory held at once; never less than this process itself holds.
    """

    cpu: float
    peak: float


def take_turns(commands: Mapping[str, Command], rounds: int, *, warm: bool = True) -> Samples:
    """Run every command once a round, in an order that rotates.

    The samples of memory are under `… peak`.
    """
    samples: Samples = {name: [] for name in commands}
    samples |= {f"{name} peak": [] for name in commands}
    for command in commands.values() if warm else ():
        once(command)  # so that nobody pays for bytecode that is not cached yet
    names = list(commands)
    for number in range(rounds):
        shift = number % len(names) if names else 0
        for name in names[shift:] + names[:shift]:
            usage = once(commands[name])
            samples[name].append(usage.cpu)
            samples[f"{name} peak"].append(usage.peak)
    return samples


def once(command: Command) -> Usage:
    """Run a command.

    Raises:
        RuntimeError: it ended otherwise than expected.
    """
    for name in command.fresh:
        shutil.rmtree(command.folder / name, ignore_errors=True)
    line = [str(part) for part in command.line]
    output = command.folder / "output.txt"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    both = ((os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2))
    here = Path.cwd()
    os.chdir(command.folder)
    try:
        child = os.posix_spawn(line[0], line, _environment(command), file_actions=both)
    finally:
        os.chdir(here)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in command.codes:
        raise RuntimeError(f"{' '.join(line)} failed:\n{output.read_text(encoding='utf-8')}")
    return Usage(cpu=(usage.ru_utime + usage.ru_stime) * 1e9, peak=usage.ru_maxrss * 1024)


def _environment(command: Command) -> dict[str, str]:
    path = os.pathsep.join(map(str, command.path))
    return {**peers.inherited(), **({"PYTHONPATH": path} if path else {})}
