"""The order in which linters want names: constants, classes, then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"(\d+)")


def sorted_names(names: Iterable[str]) -> tuple[str, ...]:
    """As isort and `__all__` sorters do it; numbers count as numbers.

    >>> sorted_names(["parse_event", "Event10", "UTC", "Event2"])
    ('UTC', 'Event2', 'Event10', 'parse_event')
    """
    return tuple(sorted(set(names), key=_key))


def _key(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = [(1, int(p), "") if p.isdigit() else (2, 0, p) for p in _DIGITS.split(name) if p]
    return rank, parts
