"""What an outbox does when its process forks, or ends.

The parent's go on, the child's begin anew. No lock is held and nobody is within SQLite while the
process forks: what another thread holds at that moment would be held in the child for good.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

_Step: TypeAlias = Callable[[], None]
# Of each object the functions of its methods: methods would keep it alive.
_steps: WeakKeyDictionary[Any, tuple[Any, Any, Any]] = WeakKeyDictionary()
_ends: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
_stopped: list[tuple[_Step, _Step]] = []
inherited: list[Any] = []
"""What belongs to the parent: never closed here, nor thrown away, as that would close it."""


def at_fork(before: Any, in_parent: Any, in_child: Any) -> None:
    """Have methods of an object called at each fork, for as long as it lives.

    Args:
        before: lets nobody else be in the midst of something.
        in_parent: goes on.
        in_child: begins anew.
    """
    methods = (before.__func__, in_parent.__func__, in_child.__func__)
    _steps[before.__self__] = methods
    _watch_forks()


def at_exit(end: Any) -> None:
    """Have a method called when the program ends, if its object lives then."""
    _ends[end.__self__] = end.__func__
    _watch_exit()


def _before() -> None:
    for owner, (before, in_parent, in_child) in list(_steps.items()):
        before(owner)
        _stopped.append((partial(in_parent, owner), partial(in_child, owner)))


def _in_parent() -> None:
    while _stopped:
        _stopped.pop()[0]()


def _in_child() -> None:
    while _stopped:
        _stopped.pop()[1]()


def _end() -> None:
    for owner, end in list(_ends.items()):
        with suppress(Exception):
            end(owner)


@cache
def _watch_forks() -> None:
    register = getattr(os, "register_at_fork", None)
    if register is not None:
        register(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)


@cache
def _watch_exit() -> None:
    atexit.register(_end)
