"""What a client leaves out of its document, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .diagnostics import escape

if TYPE_CHECKING:
    from .load import Document
    from .model import Model, Remark

_LISTED = 20


def told(document: Document, model: Model) -> Iterator[str]:
    """`note: CartUpdated (spec/shop.yaml:84:7) is no event: …`, one line each, 20 of them."""
    for remark in model.remarks[:_LISTED]:
        yield escape(f"note: {_about(document, remark)}{remark.message}")
    if len(model.remarks) > _LISTED:
        yield f"… and {len(model.remarks) - _LISTED} more notes"


def _about(document: Document, remark: Remark) -> str:
    return f"{remark.about} ({document.locate(remark.at)}) " if remark.about else ""
