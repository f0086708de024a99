"""Ends that were announced: `deprecated`, with the date of the end in `x-sunset`.

The date is that of the Sunset header (RFC 8594), or an ISO date or time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from ...config.diff import DiffKeys
from ...model.model import Operation
from ...text.jsonvalues import Json
from ..findings.finding import Change, Finding, finding
from ..findings.occurrence import occurrence
from ..pairing.roots import operation_owner
from ..pairing.version import Version
from ..rules.registry import RULES

RULE = "SUNSET_TOO_SOON"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sunset:
    """What is announced. `date`: None where nothing is, or where `stated` cannot be read."""

    date: date | None = None
    stated: Json = None


def read_sunset(objects: Iterable[Mapping[str, Json]]) -> Sunset:
    """Of the innermost that is deprecated."""
    for each in objects:
        if each.get("deprecated") is True:
            stated = each.get("x-sunset")
            return Sunset(date=_date(stated), stated=stated)
    return Sunset()


def _date(stated: Json) -> date | None:
    if not isinstance(stated, str):
        return None
    try:
        return datetime.fromisoformat(stated).date()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(stated).date()
    except ValueError:
        return None


def compare_sunsets(
    findings: Sequence[Finding], keys: DiffKeys, old: Version, new: Version, today: date
) -> Iterator[Finding]:
    """What is announced with less notice than the configuration asks for."""
    if keys.sunset_notice is None:
        return
    earliest = today + timedelta(days=keys.sunset_notice)
    for each in findings:
        if each.rule == "DEPRECATED":
            sunset = read_sunset(new.around(each.new_at))
            phrase = _too_soon(sunset, earliest, keys.sunset_notice)
            if phrase:
                change = Change(
                    rule=RULE, path="", phrase=phrase, new=sunset.stated,
                    old_at=each.old_at, new_at=each.new_at,
                )  # fmt: skip
                yield finding(change, each.places, RULES[RULE].severity, RULES[RULE].axes)
    yield from _moved(keys.sunset_notice, old, new, earliest)


def _too_soon(sunset: Sunset, earliest: date, notice: int) -> str:
    if sunset.date is None and sunset.stated is not None:
        return "is deprecated, and its `x-sunset` is no date"
    if sunset.date is not None and sunset.date < earliest:
        return f"ends on {sunset.date}, in less than {notice} days"
    if sunset.date is None and notice:
        return "is deprecated without an `x-sunset`: from when on it may be gone is not said"
    return ""


def _moved(notice: int, old: Version, new: Version, earliest: date) -> Iterator[Finding]:
    """Of what was deprecated already, an end that comes earlier than was said."""
    for id, before in old.operations.items():
        after = new.operations.get(id)
        if after is None:
            continue
        one, two = read_sunset(old.around(before.at)), read_sunset(new.around(after.at))
        sooner = two.date is not None and one.date is not None and two.date < one.date
        if sooner and two.date is not None and two.date < earliest:
            phrase = f"ends on {two.date} instead of {one.date}, in less than {notice} days"
            yield _finding(phrase, one, two, before, after, webhook=after in new.model.webhooks)


def _finding(
    phrase: str, one: Sunset, two: Sunset, before: Operation, after: Operation, *, webhook: bool
) -> Finding:
    change = Change(
        rule=RULE, path="", phrase=phrase, old=one.stated, new=two.stated,
        old_at=before.at, new_at=after.at,
    )  # fmt: skip
    place = occurrence(operation_owner(after, webhook=webhook), "")
    return finding(change, [place], RULES[RULE].severity, RULES[RULE].axes)
