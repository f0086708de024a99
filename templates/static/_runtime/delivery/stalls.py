"""What is known while nothing gets through, for people: said once, not with each attempt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from time import time

from .verdicts import Verdict

_MOST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """Nothing gets through for the moment: why, and until when.

    Attributes:
        reason: the last failure, in a line: `HTTP 503`, or why no answer came. Nothing of what the
            server wrote is in it.
        since: when the server was last well, or first asked, in seconds since 1970.
        until: when it is tried again, at the earliest, in seconds since 1970.
    """

    reason: str
    since: float
    until: float

    def __str__(self) -> str:
        now = time()
        lasted, left = max(0.0, now - self.since), max(0.0, self.until - now)
        again = f"in {seconds(left)}" if left else "now"
        return f"{self.reason} for {seconds(lasted)}, tried again {again}"


def failure_of(verdict: Verdict) -> str:
    """What has failed, in a short line without any words of the server."""
    if verdict.status is not None:
        return f"HTTP {verdict.status}"
    text = verdict.reason
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"


def seconds(count: float) -> str:
    """A time for people: `0.4 s`, `12 s`."""
    return f"{count:.1f} s" if count < 10 else f"{count:.0f} s"


def written(stall: Stall | None) -> str:
    """A stall as text, for other processes; empty for none."""
    if stall is None:
        return ""
    return json.dumps(asdict(stall))


def read(text: str) -> Stall | None:
    """The stall of a text that `written` gave; None for anything else."""
    try:
        found = json.loads(text)
        return Stall(
            reason=str(found["reason"]),
            since=float(found["since"]),
            until=float(found["until"]),
        )
    except (ValueError, TypeError, KeyError):
        return None
