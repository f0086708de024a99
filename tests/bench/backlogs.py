"""Whole processes that deliver from an outbox of a million events, and from a short one."""

from __future__ import annotations

import sys
from pathlib import Path

from . import peers
from .commands import Command

_PROGRAM = Path(__file__).parent / "programs" / "backlog_program.py"
_PATHS = (peers.ROOT / "tests", peers.ROOT / "generated")
_DELIVERED = 5000
_SIZES = {"a million": 1_000_000, "few": 100_000}


def candidates(port: int, scratch: Path) -> dict[str, Command]:
    """Five thousand delivered, of a million that wait and of few."""
    found: dict[str, Command] = {}
    for size, number in _SIZES.items():
        file = scratch / f"{number}.db"
        peers.run(sys.executable, "-m", "bench.filling", file, str(number), path=_PATHS)
        found[f"deliver of {size}"] = Command(
            line=(sys.executable, _PROGRAM, file, str(port), str(_DELIVERED)),
            folder=scratch,
            path=_PATHS,
        )
    return found
