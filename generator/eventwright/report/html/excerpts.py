"""The old and the new text of a finding's place, side by side, with what differs marked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...text.pointers import Tokens
from .extents import MOST, Extent, extent, gap, lookup, packed, written_out
from .focus import Focus, focus

if TYPE_CHECKING:
    from ...document.load import Document
    from ...drift.findings.finding import Finding

ROWS = 24
"""So many rows has an excerpt at most."""
_AROUND = 3
"""Lines of context."""
_WIDTH = 240
"""Characters shown of a line."""

Kind: TypeAlias = Literal["same", "here", "changed", "removed", "added", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, its number (0: it is not the text as it stands), and the part that differs."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What stands beside each other. `skipped`: so many rows are left out here."""

    kind: Kind
    old: Line | None = None
    new: Line | None = None
    skipped: int = 0


_Numbered: TypeAlias = Sequence[tuple[int, str]]
"""Lines with their numbers."""


def excerpt(finding: Finding, before: Document, after: Document) -> tuple[Row, ...]:
    """The rows to show, a few dozen at most."""
    at = focus(finding, before, after)
    if _as_values(before, at.old, after, at.new):
        values = (
            [] if _lacks(at, "old") else _value(before, at.old),
            [] if _lacks(at, "new") else _value(after, at.new),
        )
        return tuple(_bounded(list(_compared(*values))))
    one, two = map(_around, _extents(before, after, at))
    return (
        *_context(one[0], two[0]),
        *_bounded(list(_compared(one[1], two[1]))),
        *_context(one[2], two[2], tail=True),
    )


def _lacks(at: Focus, side: str) -> bool:
    """Whether the whole part is missing, rather than an item of it."""
    return at.lacking == side and at.narrow == (at.old, at.new)


def _as_values(before: Document, old: Tokens, after: Document, new: Tokens) -> bool:
    """Whether the texts are no use side by side: one line, or one is JSON and one YAML."""
    json = [each.raw.lstrip()[:1] == b"{" for each in (before, after)]
    there = [
        packed(document, at)
        for document, at in ((before, old), (after, new))
        if lookup(document.data, at)[0]
    ]
    return json[0] != json[1] or any(there)


def _value(document: Document, at: Tokens) -> _Numbered:
    there = lookup(document.data, at)[0]
    return [(0, line) for line in written_out(document, at)] if there else []


def _extents(before: Document, after: Document, at: Focus) -> tuple[Extent, Extent]:
    old, new = at.narrow
    in_old = at.lacking != "old" and lookup(before.data, old)[0]
    in_new = at.lacking != "new" and lookup(after.data, new)[0]
    return (
        extent(before, old) if in_old else gap(before, old, lookup(after.data, new[:-1])[1]),
        extent(after, new) if in_new else gap(after, new, lookup(before.data, old[:-1])[1]),
    )


def _around(of: Extent) -> tuple[_Numbered, _Numbered, _Numbered]:
    """The lines before, those of the value, and those after; without the indent they share."""
    lines = of.source.lines()
    first, end = max(of.first - _AROUND, 0), min(of.last, of.first + MOST)
    taken = textwrap.dedent(
        "\n".join(line.expandtabs(4) for line in lines[first : end + _AROUND])
    ).split("\n")
    numbered = list(enumerate(taken, first + 1))
    return (
        numbered[: of.first - first],
        numbered[of.first - first : end - first],
        numbered[end - first :] if end == of.last else [],
    )


def _context(old: _Numbered, new: _Numbered, *, tail: bool = False) -> Iterator[Row]:
    """Lines around, unmarked: what differs in them is another finding's."""
    pairs = zip_longest(old, new) if tail else reversed(list(zip_longest(old[::-1], new[::-1])))
    for left, right in pairs:
        yield Row(kind="same", old=_plain(left), new=_plain(right))


def _compared(old: _Numbered, new: _Numbered) -> Iterator[Row]:
    """Row by row; where no line differs, the first one is the place."""
    one, two = ([line.strip().rstrip(",") for _, line in side] for side in (old, new))
    codes = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    if [tag for tag, *_ in codes] == ["equal"]:
        yield Row(kind="here", old=_plain(old[0]), new=_plain(new[0]))
        old, new = old[1:], new[1:]
        codes = [("equal", 0, len(old), 0, len(new))]
    for tag, a, b, c, d in codes:
        for left, right in zip_longest(old[a:b], new[c:d]):
            yield _same(left, right) if tag == "equal" else _differing(left, right)


def _same(one: tuple[int, str], two: tuple[int, str]) -> Row:
    return Row(kind="same", old=_plain(one), new=_plain(two))


def _differing(one: tuple[int, str] | None, two: tuple[int, str] | None) -> Row:
    if one is None or two is None:
        return Row(kind="added" if one is None else "removed", old=_whole(one), new=_whole(two))
    start = _alike(one[1], two[1])
    end = _alike(one[1][start:][::-1], two[1][start:][::-1])
    return Row(kind="changed", old=_part(one, start, end), new=_part(two, start, end))


def _alike(one: str, two: str) -> int:
    """With how many characters both begin."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(two)))


def _part(line: tuple[int, str], start: int, end: int) -> Line:
    """A line whose part from `start` to `end` before its end is marked, cut to what is near."""
    number, text = line
    stop = len(text) - end
    before, after = text[:start], text[stop:]
    if len(before) > _WIDTH // 2:
        before = f"…{before[-_WIDTH // 2 :]}"
    return Line(
        number=number, before=before, marked=_cut(text[start:stop]), after=_cut(after, _WIDTH // 2)
    )


def _whole(line: tuple[int, str] | None) -> Line | None:
    if line is None:
        return None
    text = line[1]
    indent = len(text) - len(text.lstrip())
    return Line(number=line[0], before=text[:indent], marked=_cut(text[indent:]))


def _plain(line: tuple[int, str] | None) -> Line | None:
    return Line(number=line[0], before=_cut(line[1], _WIDTH // 2)) if line else None


def _cut(text: str, width: int = _WIDTH) -> str:
    return text if len(text) <= width else f"{text[:width]}…"


def _bounded(rows: Sequence[Row]) -> Iterator[Row]:
    """What differs with a little around it, as far as there is room; the rest is counted."""
    near = {
        at + step
        for at, row in enumerate(rows)
        if row.kind != "same"
        for step in range(-_AROUND, _AROUND + 1)
    }
    shown = [at for at in range(len(rows)) if at in near][:ROWS]
    previous = -1
    for at in [*shown, len(rows)]:
        if at - previous > 1:
            yield Row(kind="skipped", skipped=at - previous - 1)
        if at < len(rows):
            yield rows[at]
        previous = at
