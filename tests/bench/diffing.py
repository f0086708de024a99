"""`diff` on documents of three sizes, and on two releases of a public API."""

from __future__ import annotations

from pathlib import Path

from . import peers
from .commands import OURS, Command
from .documents import RELEASES, released
from .large import write_pair

_TENTH = 63
"""Copies of the flagship, indented, that make 1.3 MB."""


def candidates(scratch: Path) -> dict[str, Command]:
    """A document of the flagship's size, of 1.3 MB and of 13 MB; and, where npm is there to fetch
    them, two releases of a real one of 13 MB."""
    made = {
        f"diff {name}": _diff(scratch / f"diff-{copies}", copies)
        for name, copies in (("flagship", 1), ("1.3 MB", _TENTH), ("13 MB", 10 * _TENTH))
    }
    pair = [path for version in RELEASES if (path := released(version))]
    if len(pair) < len(RELEASES):
        return made
    line: tuple[str | Path, ...] = (OURS, "diff", *pair)
    return {**made, "diff released": Command(line=line, folder=scratch, codes=(0, 1))}


def _diff(folder: Path, copies: int) -> Command:
    folder.mkdir()
    write_pair(peers.SPEC.read_text(encoding="utf-8"), copies, folder)
    return Command(line=(OURS, "diff", "old.json", "new.json"), folder=folder, codes=(0, 1))
