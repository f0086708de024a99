"""Which lines of its text a value of a document has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ...text.pointers import Tokens

if TYPE_CHECKING:
    from ...document.load import Document
    from ...text.jsonvalues import Json
    from ...text.positions import Source

MOST = 300
"""Lines of one value that are looked at."""
LONG = 400
"""Characters; a line that is longer holds more than a person reads at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Lines `first` to before `last`, counted from 0, of a text; none where they are equal."""

    source: Source
    first: int
    last: int


def lookup(data: Json, tokens: Tokens) -> tuple[bool, Json]:
    """Whether there is something at `tokens`, and what."""
    for token in tokens:
        if isinstance(data, dict) and token in data:
            data = data[token]
        elif isinstance(data, list) and token.isdecimal() and int(token) < len(data):
            data = data[int(token)]
        else:
            return False, None
    return True, data


def extent(document: Document, tokens: Tokens) -> Extent:
    """The lines of the value at `tokens` with its key. Something has to be there."""
    source, origin = document.origins.find(tokens)
    offset = source.offset(origin)
    first = source.location(offset, "").line - 1
    last = _end(document, source, tokens, offset)
    lines = source.lines()
    # The brackets that close what is around it belong to it no more.
    while last > first + 1 and _depth(lines[last - 1]) < _depth(lines[first]):
        last -= 1
    return Extent(source=source, first=first, last=max(last, first + 1))


def gap(document: Document, tokens: Tokens, other: Json) -> Extent:
    """No lines, where `tokens` would be. `other`: what holds it in the other document."""
    parent = tokens[:-1]
    here = lookup(document.data, parent)[1]
    names = _names(other)
    at = names.index(tokens[-1]) if tokens[-1] in names else len(names)
    for name in names[at + 1 :]:
        known = _counterpart(name, other, here)
        if known is not None:
            return _before(extent(document, (*parent, known)))
    for name in reversed(names[:at]):
        known = _counterpart(name, other, here)
        if known is not None:
            return _after(extent(document, (*parent, known)))
    whole = extent(document, parent)
    return Extent(source=whole.source, first=whole.first + 1, last=whole.first + 1)


def _names(value: Json) -> list[str]:
    if isinstance(value, list):
        return [str(number) for number in range(len(value))]
    return list(value) if isinstance(value, dict) else []


def _counterpart(name: str, there: Json, here: Json) -> str | None:
    """What a member or item is called here, where it is: an item is known by its value."""
    if isinstance(there, list) and isinstance(here, list):
        item = there[int(name)]
        return str(here.index(item)) if item in here else None
    return name if isinstance(here, dict) and name in here else None


def packed(document: Document, tokens: Tokens) -> bool:
    """Whether the line has far more in it than the value: a document in one line, for example."""
    source, origin = document.origins.find(tokens)
    line = source.lines()[source.location(source.offset(origin), "").line - 1]
    value = lookup(document.data, tokens)[1]
    if len(line) <= LONG or isinstance(value, dict | list):
        return len(line) > LONG
    return len(line) - len(json.dumps(value)) > LONG // 2


def written_out(document: Document, tokens: Tokens) -> list[str]:
    """The value as indented JSON with its key, as many lines as are looked at."""
    parent = lookup(document.data, tokens[:-1])[1] if tokens else None
    key = f"{json.dumps(tokens[-1], ensure_ascii=False)}: " if isinstance(parent, dict) else ""
    value = lookup(document.data, tokens)[1]
    chunks = json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value)
    # Of a value of megabytes only the beginning is written.
    return (key + "".join(islice(chunks, 8 * MOST))).splitlines()[:MOST]


def _before(of: Extent) -> Extent:
    return Extent(source=of.source, first=of.first, last=of.first)


def _after(of: Extent) -> Extent:
    return Extent(source=of.source, first=of.last, last=of.last)


def _end(document: Document, source: Source, tokens: Tokens, offset: int) -> int:
    """The line at which the next value begins, of those around it if it is the last one."""
    for depth in range(len(tokens), 0, -1):
        following = _following(lookup(document.data, tokens[: depth - 1])[1], tokens[depth - 1])
        if following is None:
            continue
        where, origin = document.origins.find((*tokens[: depth - 1], following))
        at = where.offset(origin)
        # What an alias or an overlay brings in stands elsewhere.
        if where is source and at > offset:
            return source.location(at, "").line - 1
    return len(source.lines())


def _following(parent: Json, token: str) -> str | None:
    if isinstance(parent, list):
        return str(int(token) + 1) if int(token) + 1 < len(parent) else None
    if not isinstance(parent, dict):
        return None
    names = iter(parent)
    for name in names:
        if name == token:
            return next(names, None)
    return None


def _depth(line: str) -> int:
    plain = line.expandtabs(4)
    return len(plain) - len(plain.lstrip())
