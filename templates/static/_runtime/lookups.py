"""The addresses of a host, looked up by the system, but waited for no longer than allowed."""

from __future__ import annotations

import _thread
import socket
from sys import is_finalizing
from typing import Any

from .refusals import not_connected

Address = tuple[int, int, int, Any]
_Outcome = list["list[Address] | OSError | UnicodeError"]


def addresses(host: str, port: int, seconds: float) -> list[Address]:
    """Where to connect to, in the system's order.

    Raises:
        ConnectionFailed: the host has no address.
        TimedOut: none was found in time.
    """
    outcome: _Outcome = []
    if _is_address(host) or is_finalizing():  # no other thread runs any more then
        _look_up(host, port, outcome)
    else:
        _wait_for(host, port, outcome, seconds)
    found = outcome[0] if outcome else TimeoutError()
    if isinstance(found, list):
        return found
    raise not_connected(host, port, found)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _wait_for(host: str, port: int, outcome: _Outcome, seconds: float) -> None:
    # The system's resolver cannot be interrupted. It works in a thread, which is left to itself
    # when the time is over: one without a lock or a list that others share, as a fork may follow.
    done = _thread.allocate_lock()
    done.acquire()
    try:
        _thread.start_new_thread(_look_up, (host, port, outcome, done))
    except (
        RuntimeError
    ):  # no thread to be had, or the program is ending: wait for it as it is
        _look_up(host, port, outcome)
    else:
        done.acquire(timeout=seconds)


def _look_up(
    host: str, port: int, outcome: _Outcome, done: _thread.LockType | None = None
) -> None:
    try:
        # As bytes: of text, Python makes bytes with a codec that it may have to import.
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        outcome.append(error)
    else:
        outcome.append(
            [
                (family, kind, protocol, address)
                for family, kind, protocol, _, address in found
            ]
        )
    finally:
        if done is not None:
            done.release()
