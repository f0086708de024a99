"""`make bench`: measure, print the table. A missed goal is a figure, not a failure."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import backlogs, commands, diffing, generating, peers, starting, table
from .paired import Effort, Samples

_PATHS = (peers.ROOT / "tests", peers.ROOT / "generated")
_WORKERS = ("building", "converting", "sending", "sending_async", "delivering")
_COMMANDS = (
    "starting",
    "backlogs",
    "imports",
    "checks",
    "generations",
    "hundreds",
    "large",
    "diffs",
)
_SLOW = ("large", "diffs")
"""Half a minute each for what is large: once has to do, and not in a hurry."""
_FULL = {
    "building": Effort(processes=4, rounds=20, turn=10),
    "converting": Effort(processes=4, rounds=20, turn=10),
    "sending": Effort(processes=5, rounds=12, turn=50),
    "sending_async": Effort(processes=5, rounds=15, turn=80),
    "delivering": Effort(processes=3, rounds=10, turn=100),
}
_QUICK = {
    "building": Effort(processes=2, rounds=10, turn=6),
    "converting": Effort(processes=2, rounds=10, turn=6),
    "sending": Effort(processes=2, rounds=8, turn=30),
    "sending_async": Effort(processes=2, rounds=8, turn=40),
    "delivering": Effort(processes=1, rounds=8, turn=60),
}
_ROUNDS = {
    "starting": 15,
    "backlogs": 5,
    "imports": 15,
    "checks": 40,
    "generations": 5,
    "hundreds": 5,
    "large": 1,
    "diffs": 1,
}
_QUICK_ROUNDS = {
    "starting": 5,
    "backlogs": 2,
    "imports": 5,
    "checks": 8,
    "generations": 2,
    "hundreds": 2,
}


def main() -> None:
    """Set up what is compared, measure it, print what came out."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, nothing large")
    choices = (*_WORKERS, *_COMMANDS)
    parser.add_argument("parts", nargs="*", help=f"by default all: {', '.join(choices)}")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(choices):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    quick: bool = options.quick
    parts = options.parts or [part for part in choices if not (quick and part in _SLOW)]
    started = time.monotonic()
    peers.install()
    with tempfile.TemporaryDirectory(prefix="eventwright-bench-") as folder:
        samples = _measured(Path(folder), quick, parts)
    print(_machine(), "\n")
    print("\n".join(table.lines(samples)))
    missed = table.missed(samples)
    print(f"\nmissed: {'; '.join(missed)}" if missed else "\nevery goal is met")
    print(f"{time.monotonic() - started:.0f} s; what it means: docs/performance.md")


def _measured(scratch: Path, quick: bool, parts: Collection[str]) -> Samples:
    peers.generate(scratch)
    samples: Samples = {}
    with _server() as port:
        for name in parts:
            print(f"measuring {name} …", file=sys.stderr)
            if name in _WORKERS:
                effort = (_QUICK if quick else _FULL)[name]
                turns = [_work(name, effort, port, scratch) for _ in range(effort.processes)]
                samples |= table.merged(turns)
            else:
                rounds = (_QUICK_ROUNDS if quick else _ROUNDS).get(name, 1)
                found = _commands(name, port, scratch)
                samples |= commands.take_turns(found, rounds, warm=name not in _SLOW)
    return samples


def _commands(name: str, port: int, scratch: Path) -> dict[str, commands.Command]:
    if name == "starting":
        return starting.candidates(port, scratch)
    if name == "backlogs":
        return backlogs.candidates(port, scratch)
    if name == "imports":
        return starting.imports(scratch)
    if name == "diffs":
        return diffing.candidates(scratch)
    made: dict[str, commands.Command] = getattr(generating, name)(scratch)
    return made


def _work(name: str, effort: Effort, port: int, scratch: Path) -> dict[str, list[float]]:
    """The samples of one fresh process."""
    options = ("--rounds", str(effort.rounds), "--turn", str(effort.turn), "--port", str(port))
    command = (peers.BIN / "python", "-m", f"bench.{name}", *options)
    samples: dict[str, list[float]] = json.loads(peers.run(*command, path=(*_PATHS, scratch)))
    return samples


@contextmanager
def _server() -> Iterator[int]:
    """The port of a server that runs while this does."""
    command = [sys.executable, "-m", "bench.server"]
    environment = {**os.environ, "PYTHONPATH": str(_PATHS[0])}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("the server has no pipes")
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    models = [line.partition(": ")[2] for line in text.splitlines() if "model name" in line]
    processor = models[0] if models else platform.processor() or platform.machine()
    cores = os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {processor}, {cores} cores"


if __name__ == "__main__":
    main()
