"""Cold processes: programs that import, send one event or build one, and end."""

from __future__ import annotations

import sys
from pathlib import Path

from . import generating, peers
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


def imports(scratch: Path) -> dict[str, Command]:
    """One event built, of eight and of a thousand, and all thousand imported."""
    thousand = generating.thousand(scratch)
    eight = peers.ROOT / "generated"
    programs = (
        ("one of 8", eight, "from customerio_events import UserDeleted as Event"),
        ("one of 1000", thousand, "from client import UserDeleted7 as Event"),
        ("all of 1000", thousand, "from client import Event, UserDeleted7 as Event"),
    )
    return {
        f"import {what}": Command(
            line=(sys.executable, "-c", f"{program}; Event(user_id='1').to_json()"),
            folder=scratch,
            path=(folder,),
        )
        for what, folder, program in programs
    }
