"""When to try again, and after how long. Pure: nothing here waits or sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..http.messages import positive
from ..values.timestamps import UTC

_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how fast a request is tried again.

    The wait before attempt n+1 is drawn evenly from 0 to `min(cap, base * 2**(n-1))` seconds (full
    jitter), and is never shorter than the server's `Retry-After`, as far as that is not above
    `retry_after_cap`. 400, 401 and a certificate that is not trusted are never tried again.

    Delivery is **at least once**: a connection that breaks after the request went out leaves open
    whether the server handled it, and trying again may then deliver it a second time.

    All of it, pauses included, takes no longer than `Timeouts.total` of the call: a wait that would
    end later is not begun.

    Attributes:
        attempts: how often in all, the first included.
        base: seconds; the longest wait before the second attempt; 0: never wait by choice.
        cap: seconds; the longest wait of our own choice.
        retry_after_cap: seconds; the longest wait at the server's request.
        statuses: the answers after which to try again.
        on_connection_failure: whether to try again when no answer came.
        deadline: seconds from the start of the call after which no attempt begins, should that be
            sooner than the call's own limit; None: no such moment.

    Raises:
        ValueError: a number out of range, or a status that must not be tried again.
    """

    attempts: int = 4
    base: float = 0.5
    cap: float = 30.0
    retry_after_cap: float = 60.0
    statuses: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    on_connection_failure: bool = True
    deadline: float | None = None

    def __post_init__(self) -> None:
        if type(self.attempts) is not int or not 1 <= self.attempts <= 100:
            raise ValueError("attempts must be a whole number from 1 to 100")
        if self.base != 0:  # no wait at all: for tests
            positive("base", self.base, at_most=_DAY)
        positive("cap", self.cap, at_most=_DAY)
        positive("retry_after_cap", self.retry_after_cap, at_most=_DAY)
        if self.deadline is not None:
            positive("deadline", self.deadline, at_most=_DAY)
        object.__setattr__(self, "statuses", frozenset(self.statuses))
        wrong = sorted(
            s for s in self.statuses if s in (400, 401) or not 402 <= s <= 599
        )
        if wrong:
            raise ValueError(f"{wrong[0]} must not be tried again: only 402 to 599 may")

    @classmethod
    def none(cls) -> RetryPolicy:
        """One attempt. (What a dead connection in the pool swallowed is still sent anew.)"""
        return cls(attempts=1, on_connection_failure=False)

    def delay(
        self,
        attempt: int,
        *,
        elapsed: float,
        retry_after: float | None = None,
        draw: Callable[[], float] | None = None,
    ) -> float | None:
        """Seconds to wait after the failed `attempt` (the first is 1), or None: give up.

        `draw`: a number from 0 to 1; by default a random one.
        """
        if attempt >= self.attempts:
            return None
        from random import random  # slow to import, and seldom needed

        wait = (draw or random)() * min(self.cap, self.base * 2.0 ** (attempt - 1))
        if retry_after is not None:
            wait = max(wait, min(retry_after, self.retry_after_cap))
        if self.deadline is not None and elapsed + wait >= self.deadline:
            return None
        return wait


DEFAULT_RETRIES: Final = RetryPolicy()


def parse_retry_after(
    value: str | None, now: Callable[[], datetime] | None = None
) -> float | None:
    """The seconds a `Retry-After` asks for: a count of them or an HTTP date; None if neither."""
    if value is None:
        return None
    text = value.strip(" \t")
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else _DAY
    from email.utils import parsedate_to_datetime  # slow to import, and seldom needed

    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    current = now() if now is not None else datetime.now(UTC)
    return max(0.0, (moment - current).total_seconds())
