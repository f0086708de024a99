"""What becomes of outboxes when a process forks: the parent's go on, the child's begin anew.

No lock is held and nobody is within SQLite while the process forks: what another thread holds at
that moment would be held in the child for good.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any
from weakref import WeakSet


class Forking:
    """What has threads and locks, and a process of its own."""

    def __init__(self) -> None:
        _all.add(self)
        _at_forks()

    def _before_fork(self) -> None:
        """Let nobody else be in the midst of something."""
        raise NotImplementedError

    def _after_fork_in_parent(self) -> None:
        """Go on."""
        raise NotImplementedError

    def _after_fork_in_child(self) -> None:
        """Begin anew."""
        raise NotImplementedError


_all: WeakSet[Forking] = WeakSet()
_stopped: list[Forking] = []
inherited: list[Any] = []
"""What belongs to the parent: never closed here, nor thrown away, as that would close it."""


def everything() -> list[Forking]:
    """All there are in this process."""
    return list(_all)


def _before() -> None:
    for each in everything():
        each._before_fork()
        _stopped.append(each)


def _in_parent() -> None:
    while _stopped:
        _stopped.pop()._after_fork_in_parent()


def _in_child() -> None:
    while _stopped:
        _stopped.pop()._after_fork_in_child()


@cache
def _at_forks() -> None:
    register = getattr(os, "register_at_fork", None)
    if register is not None:
        register(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
