"""Documents from text, and what is said of one that does not load."""

from __future__ import annotations

import pytest

from eventwright.diagnostics.diagnostic import DocumentError, format_diagnostics
from eventwright.document.load import Document, load_bytes

HEAD = "openapi: 3.1.0\n"


def said(raw: bytes | str, shown: str = "s.yaml") -> str:
    """What is printed about a document that must not load."""
    with pytest.raises(DocumentError) as caught:
        load_bytes(raw.encode() if isinstance(raw, str) else raw, shown)
    return format_diagnostics(caught.value.diagnostics, limit=9)


def yaml(text: str) -> Document:
    return load_bytes((HEAD + text).encode(), "s.yaml")
