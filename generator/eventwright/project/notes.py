"""The remarks on a document as notes with their places, or as errors where they stop generation."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Collector, escape
from ..diagnostics.notes import SHOWN, SHOWN_OF_A_CODE, Note
from ..diagnostics.remarks import Remark
from ..model.model import Model

if TYPE_CHECKING:
    from ..document.load import Document


def notes(
    document: Document, remarks: Iterable[Remark], root: Path | None = None
) -> tuple[Note, ...]:
    """Each with its place; paths are relative to `root`, or as the document is shown."""
    return tuple(_note(document, remark, root) for remark in remarks)


def first_notes(document: Document, model: Model, root: Path | None = None) -> tuple[Note, ...]:
    """Those that are printed and kept: where the others stand need not be worked out."""
    counts: Counter[str] = Counter()
    first: list[Remark] = []
    for remark in model.remarks:
        counts[remark.code] += 1
        if counts[remark.code] <= SHOWN_OF_A_CODE:
            first.append(remark)
    return notes(document, first[:SHOWN], root)


def _note(document: Document, remark: Remark, root: Path | None) -> Note:
    place = remark.location or (document.locate(remark.at) if remark.at else None)
    path = place and (_relative(place.path, root) if root else place.path)
    return {
        "at": escape(f"{path}:{place.line}:{place.column}") if place else "",
        "code": remark.code,
        "help": escape(remark.help),
        "message": escape(remark.sentence),
        "pointer": escape(remark.at),
    }


def _relative(path: str, root: Path) -> str:
    """A path that is relative to the current folder, made relative to `root`."""
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive
        return path


def refuse(document: Document, remarks: Iterable[Remark]) -> None:
    """Raise DocumentError with each remark as an error: what `strict` asks for."""
    found = Collector()
    for remark in remarks:
        fault = document.diagnostic(remark.code, remark.sentence, remark.at, remark.help)
        if remark.location:  # what stood there is there no more
            fault = replace(fault, location=remark.location, excerpt="")
        found.add(fault)
    found.check()
