"""What becomes of outboxes when a process forks: the parent's go on, the child's begin anew.

No lock is held and nobody is within SQLite while the process forks: what another thread holds at
that moment would be held in the child for good.
"""

from __future__ import annotations

import os
from functools import cache

from .base import BaseOutbox, State

_stopped: list[State] = []
_inherited: list[State] = []
"""Those of the parent: never closed here, nor thrown away, as that would close them."""


def _before() -> None:
    for box in list(BaseOutbox._all):
        state = box._own
        if state is not None:
            state.gate.acquire()
            state.store.lock.acquire()
            _stopped.append(state)


def _in_parent() -> None:
    while _stopped:
        state = _stopped.pop()
        state.store.lock.release()
        state.gate.release()


def _in_child() -> None:
    _inherited.extend(_stopped)
    _stopped.clear()
    for box in list(BaseOutbox._all):
        box._own = None


@cache
def at_forks() -> None:
    """Have that done from now on."""
    register = getattr(os, "register_at_fork", None)
    if register is not None:
        register(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
