"""Who a process is, told so that another can see whether it is still there."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from secrets import token_hex

_SEPARATOR = " "


def owner() -> str:
    """This process, and within it one outbox: host, process, its start, a number by chance."""
    process = os.getpid()
    parts = (_host(), str(process), _start(process), token_hex(4))
    return _SEPARATOR.join(parts)


def is_gone(other: str) -> bool:
    """Whether an owner is surely no more; False also where that cannot be seen from here."""
    parts = other.split(_SEPARATOR)
    if len(parts) != 4 or parts[0] != _host() or os.name != "posix":
        return False
    process, start = parts[1], parts[2]
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return _start(int(process)) != start


def _host() -> str:
    """Where the numbers of processes mean the same: the machine, or the container on it."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:  # not Linux
        space = ""
    return f"{platform.node()}{space}".replace(_SEPARATOR, "_")


def _start(process: int) -> str:
    """When it was started, by the system's count; "-" if it is dead, or that is not known."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return "-"
    state, *rest = fields.rpartition(")")[2].split()
    return "-" if state in "ZX" else rest[18]
