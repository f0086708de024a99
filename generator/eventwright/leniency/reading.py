"""Validate a document; where the configuration allows, with what is listed mended and noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import DocumentError
from ..diagnostics.remarks import Remark
from ..text.faulty import Faulty
from ..validation.complaints import Complaint
from ..validation.validate import complaints, validate
from .edits import Edits
from .rules import RULES

if TYPE_CHECKING:
    from ..document.load import Document

ROUNDS = 20
"""How often a document is mended and looked at again: one fault may hide another."""


def validated(document: Document, *, lenient: bool = False) -> Document:
    """The document, if it can be used; where it is lenient, perhaps another one, with notes.

    Raises DocumentError.
    """
    if lenient:
        return _mended(document)
    try:
        validate(document)
    except DocumentError as error:
        raise DocumentError(error.found, _advice(document)) from None
    return document


def mended(document: Document) -> Document:
    """The document with what is listed mended; whatever else is wrong with it stays."""
    return _rounds(document)[0]


def _mended(document: Document, *, whole: bool = False) -> Document:
    document, left = _rounds(document, whole=whole)
    if left:
        raise DocumentError([each.found for each in left])
    return document


def _advice(document: Document) -> str:
    """How to have an invalid document read, if that is possible."""
    try:
        _mended(document, whole=True)
    except DocumentError:
        return ""
    ways = "--lenient, or `lenient = true` under [[client]]"
    return f"all that is wrong in {document.path} can be read as it is meant: {ways}"


def _rounds(document: Document, *, whole: bool = False) -> tuple[Document, list[Complaint]]:
    """The document as far as it can be mended, and what is still wrong with it.

    `whole`: stop as soon as there is something that cannot be mended.
    """
    left = complaints(document)
    if not left:
        return document, left
    data: Any = _copy(document.data)
    document = replace(document, data=data, origins=document.origins.copy())
    for _ in range(ROUNDS):
        edits = Edits(data, document.origins, document.version)
        results = list(_round(edits, left))
        notes = [each for each in results if each]
        if not notes or (whole and None in results):
            break
        notes = sorted((*document.notes, *notes), key=_position)
        document = replace(document, notes=tuple(notes))
        left = complaints(document)
        if not left:
            break
    return document, left


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _position(note: Remark) -> tuple[str, int, int]:
    place = note.location
    return (place.path, place.line, place.column) if place else ("", 0, 0)


def _round(edits: Edits, found: Sequence[Complaint]) -> Iterator[Remark | None]:
    """Mend what can be mended, the last first, so that indexes stay what they are; None for what
    cannot be."""
    changed = Faulty()
    for complaint in sorted(found, key=_order, reverse=True):
        # What was mended with another fault, or within something that was, is looked at again.
        if changed.touches(complaint.place) or not edits.has(complaint.place):
            continue
        note = _mend(complaint, edits)
        if note:
            changed.add(complaint.place)
        yield note


def _mend(complaint: Complaint, edits: Edits) -> Remark | None:
    for code, rule in RULES:
        message = rule(complaint, edits)
        if message:
            location = complaint.found.location
            at = location.pointer if location else ""
            return Remark(code=code, message=message, at=at, location=location)
    return None


def _order(complaint: Complaint) -> tuple[tuple[int, str], ...]:
    return tuple(_token(each) for each in complaint.place)


def _token(token: str) -> tuple[int, str]:
    return (int(token), "") if token.isdecimal() else (-1, token)
