"""When a request is tried again, and after which pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..calls.retry_after import retry_after
from ..http.messages import (
    AnswerError,
    ClientError,
    Response,
    TransportError,
    positive,
)


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
            positive("base", self.base)
        positive("cap", self.cap)
        positive("retry_after_cap", self.retry_after_cap)
        if self.deadline is not None:
            positive("deadline", self.deadline)
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

    def pause_after(
        self, outcome: Response | ClientError, attempt: int, elapsed: float
    ) -> float | None:
        """Seconds to wait after the `attempt` that ended so, or None: do not try again."""
        if not self.covers(outcome):
            return None
        asked = None
        if isinstance(outcome, (Response, AnswerError)):
            asked = retry_after(outcome.headers)
        return self.delay(attempt, elapsed=elapsed, retry_after=asked)

    def covers(self, outcome: Response | ClientError) -> bool:
        """Whether to try again after what ended so, while attempts and time are left."""
        if isinstance(outcome, TransportError):
            return self.on_connection_failure and not outcome.permanent
        if isinstance(outcome, (Response, AnswerError)):
            return outcome.status in self.statuses
        return True

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
