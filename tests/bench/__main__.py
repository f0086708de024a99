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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import commands, peers, table
from .paired import Effort, Samples

_PATHS = (peers.ROOT / "tests", peers.ROOT / "generated")
_NAMES = ("building", "sending", "sending_async")
_FULL = {
    "building": Effort(processes=6, rounds=30, turn=12),
    "sending": Effort(processes=5, rounds=15, turn=50),
    "sending_async": Effort(processes=5, rounds=15, turn=80),
}
_QUICK = {
    "building": Effort(processes=2, rounds=15, turn=8),
    "sending": Effort(processes=2, rounds=8, turn=30),
    "sending_async": Effort(processes=2, rounds=8, turn=40),
}


def main() -> None:
    """Set up what is compared, measure it, print what came out."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: under a minute")
    quick: bool = parser.parse_args().quick
    started = time.monotonic()
    peers.install()
    with tempfile.TemporaryDirectory(prefix="eventwright-bench-") as folder:
        samples = _measured(Path(folder), quick)
    print(_machine(), "\n")
    print("\n".join(table.lines(samples)))
    missed = table.missed(samples)
    print(f"\nmissed: {'; '.join(missed)}" if missed else "\nevery goal is met")
    print(f"{time.monotonic() - started:.0f} s; what it means: docs/performance.md")


def _measured(scratch: Path, quick: bool) -> Samples:
    peers.generate(scratch)
    samples: Samples = {}
    with _server() as port:
        for name in _NAMES:
            effort = (_QUICK if quick else _FULL)[name]
            print(f"measuring {name} …", file=sys.stderr)
            parts = [_work(name, effort, port, scratch) for _ in range(effort.processes)]
            samples |= table.merged(parts)
    print("measuring commands …", file=sys.stderr)
    samples |= commands.take_turns(commands.checks(scratch), 8 if quick else 40)
    samples |= commands.take_turns(commands.generations(scratch), 2 if quick else 5)
    if not quick:  # half a minute for the large one: once has to do
        samples |= commands.take_turns(commands.diffs(scratch), 1, warm=False)
    return samples


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
