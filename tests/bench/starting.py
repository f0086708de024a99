"""From a cold process to the first answer: programs that import, send one event, and end."""

from __future__ import annotations

from pathlib import Path

from . import peers
from .commands import Command

_PROGRAMS = Path(__file__).parent / "programs"


def candidates(port: int, scratch: Path) -> dict[str, Command]:
    """The same program with the client of this repository and with customerio-cdp-analytics."""
    return {
        f"start {whose}": Command(
            line=(peers.BIN / "python", _PROGRAMS / f"{program}.py", str(port)),
            folder=scratch,
            path=(peers.ROOT / "generated",),
        )
        for whose, program in (
            ("eventwright", "eventwright_program"),
            ("customerio-cdp-analytics", "vendor_program"),
        )
    }
