"""How long an answer asks to be left in peace: `Retry-After`, as it comes in the wild."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from ..http.headers import Headers
from ..values.timestamps import UTC

_SECONDS: Final = r"[0-9]+(?:\.[0-9]*)?"
_LONGEST: Final = 1e9
"""Seconds; whoever waits keeps much less of it."""


def retry_after(
    headers: Headers, now: Callable[[], datetime] | None = None
) -> float | None:
    """The seconds that `Retry-After` asks for; None: it is not there, or says nothing of the kind.

    A count of seconds, which may have a fraction though RFC 9110 knows none, or an HTTP date, which
    is compared with the `Date` of the same answer, as that was told by the same clock. Of several,
    in one line or in more, the longest.

    Args:
        headers: of the answer.
        now: the time, where the answer has no `Date`; by default that of this machine.
    """
    said = headers.get("retry-after")
    if said is None:
        return None
    waits = [_wait(each, headers, now) for each in _values(said)]
    return max((each for each in waits if each is not None), default=None)


def _values(text: str) -> Iterator[str]:
    """Those of a list; a date has a comma itself, after the day of the week."""
    day = ""
    for piece in text.split(","):
        value = piece.strip(" \t")
        if value.isalpha():
            day = f"{value}, "
        else:
            yield day + value
            day = ""


def _wait(
    value: str, headers: Headers, now: Callable[[], datetime] | None
) -> float | None:
    if re.fullmatch(_SECONDS, value):
        return min(float(value), _LONGEST)
    moment = _date(value)
    if moment is None:
        return None
    sent = _date(headers.get("date", ""))
    if sent is None:
        sent = datetime.now(UTC) if now is None else now()
    return min(max(0.0, (moment - sent).total_seconds()), _LONGEST)


def _date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # slow to import, and seldom needed

    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
