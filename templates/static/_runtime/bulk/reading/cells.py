"""What the text of a cell stands for, by what its place in an event takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from ...kinds.base import JSON, Kind
from ...values.jsontext import loads
from ...values.problems import Path, Problem

_TRUTH = {
    "true": True,
    "false": False,
    "t": True,
    "f": False,
    "yes": True,
    "no": False,
    "1": True,
    "0": False,
}
_JSON = re.compile(r"[-0-9\[{]|true|false|null")
"""How JSON begins, but for texts: those are cells as they are."""
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?(?:(Z|UTC)|([+-]\d\d)(?::?(\d\d))?)",
    re.IGNORECASE,
)
"""A moment as databases and spreadsheets write it."""


def value_of(text: str, kind: Kind, path: Path = ()) -> Any:
    """The JSON value that a cell stands for.

    The text itself, where that is taken; else what it says as a moment, as a number or other JSON,
    or as a truth value; the text again where nothing is taken, so that checking tells it.

    Args:
        text: of the cell.
        kind: what the event takes under the first key.
        path: the keys that lead on from there.
    """
    for candidate in _candidates(text):
        if _fits(candidate, kind, path):
            return candidate
    return text


def _candidates(text: str) -> Iterator[Any]:
    yield text
    bare = text.strip()
    moment = _MOMENT.fullmatch(bare)
    if moment:
        yield _moment(*moment.groups())
    if _JSON.match(bare):
        with suppress(ValueError):
            yield loads(bare)
    truth = _TRUTH.get(bare.lower())
    if truth is not None:
        yield truth


def _moment(
    date: str,
    minute: str,
    second: str | None,
    utc: str | None,
    hours: str | None,
    minutes: str | None,
) -> str:
    zone = "Z" if utc else f"{hours}:{minutes or '00'}"
    return f"{date}T{minute}{second or ':00'}{zone}"


def _fits(value: Any, kind: Kind, path: Path) -> bool:
    """Whether the place that the path leads to takes a value, whatever else is missing there."""
    problems: list[Problem] = []
    kind.check(nested(value, path), (), problems, JSON)
    return not any(problem.keys[: len(path)] == path for problem in problems)


def nested(value: Any, path: Sequence[str | int]) -> Any:
    """A value within the objects that a path leads through."""
    for key in reversed(path):
        value = {key: value}
    return value
