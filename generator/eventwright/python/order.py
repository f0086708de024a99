"""The orders in which linters want names: constants, classes, then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

_DIGITS = re.compile(r"(\d+)")
_Natural: TypeAlias = list[tuple[int, int, str]]


def sorted_names(names: Iterable[str]) -> tuple[str, ...]:
    """The order of `__all__`; numbers count as numbers.

    >>> sorted_names(["parse_event", "Event10", "UTC", "Event2"])
    ('UTC', 'Event2', 'Event10', 'parse_event')
    """
    return tuple(sorted(set(names), key=lambda name: (_rank(name), _natural(name))))


def import_names(names: Iterable[str]) -> tuple[str, ...]:
    """The order in an import statement, where case decides only between equals.

    >>> import_names(["AgentTasks", "AgentsCreate"]), sorted_names(["AgentTasks", "AgentsCreate"])
    (('AgentsCreate', 'AgentTasks'), ('AgentTasks', 'AgentsCreate'))
    """

    def key(name: str) -> tuple[int, _Natural, _Natural]:
        return _rank(name), _natural(name.lower()), _natural(name)

    return tuple(sorted(set(names), key=key))


def module_names(names: Iterable[str]) -> list[str]:
    """The order of import statements.

    >>> module_names(["_step10", "_step2"])
    ['_step2', '_step10']
    """
    return sorted(set(names), key=_natural)


def _rank(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2


def _natural(name: str) -> _Natural:
    return [(1, int(p), "") if p.isdigit() else (2, 0, p) for p in _DIGITS.split(name) if p]
