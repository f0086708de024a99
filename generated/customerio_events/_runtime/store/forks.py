"""What an outbox does when its process forks, or ends.

The parent's go on, the child's begin anew. No lock is held and nobody is within SQLite while the
process forks: what another thread holds at that moment would be held in the child for good.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import count
from threading import RLock
from typing import Any, TypeAlias
from weakref import WeakMethod, finalize

_Step: TypeAlias = Callable[[], None]
_steps: dict[int, tuple[WeakMethod[_Step], ...]] = {}
_ends: dict[int, WeakMethod[_Step]] = {}
_numbers = count()
_stopped: list[tuple[_Step, _Step]] = []
"""What was stopped for the fork that is going on, to be called after it."""
_lock = RLock()
"""Held by whoever makes an outbox, and by whoever forks, from before it until after."""
inherited: list[Any] = []
"""What belongs to the parent: never closed here, nor thrown away, as that would close it."""


def at_fork(before: _Step, in_parent: _Step, in_child: _Step) -> None:
    """Have methods called at each fork, for as long as their object lives.

    Args:
        before: lets nobody else be in the midst of something.
        in_parent: goes on.
        in_child: begins anew.
    """
    number = next(_numbers)
    _steps[number] = tuple(map(WeakMethod, (before, in_parent, in_child)))
    _forget(before, _steps, number)
    _watch_forks()


def no_fork() -> RLock:
    """What is held where no other thread may fork meanwhile, as it could not stop that."""
    return _lock


def at_exit(end: _Step) -> None:
    """Have a method called when the program ends, if its object lives then."""
    number = next(_numbers)
    _ends[number] = WeakMethod(end)
    _forget(end, _ends, number)
    _watch_exit()


def _forget(step: _Step, table: dict[int, Any], number: int) -> None:
    """Take an entry out of a table once the object of a method is gone."""
    owner: object = getattr(step, "__self__")  # noqa: B009 - not of every callable
    finalize(owner, table.pop, number, None).atexit = False


def _before() -> None:
    _lock.acquire()  # two threads may fork at once
    for steps in list(_steps.values()):
        before, in_parent, in_child = (step() for step in steps)
        if before is not None and in_parent is not None and in_child is not None:
            before()
            _stopped.append((in_parent, in_child))


def _in_parent() -> None:
    try:
        while _stopped:
            _stopped.pop()[0]()
    finally:
        with suppress(RuntimeError):  # the fork had begun before it was watched
            _lock.release()


def _in_child() -> None:
    global _lock
    _lock = RLock()  # whoever waited for the other is not there any more
    while _stopped:
        _stopped.pop()[1]()


def _end() -> None:
    for end in [step() for step in list(_ends.values())]:
        if end is not None:
            with suppress(Exception):
                end()


@cache
def _watch_forks() -> None:
    register = getattr(os, "register_at_fork", None)
    if register is not None:
        register(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)


@cache
def _watch_exit() -> None:
    atexit.register(_end)
