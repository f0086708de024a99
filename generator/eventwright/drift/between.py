"""Two sources -> two documents and what differs between their models."""

from __future__ import annotations

from ..config import ClientConfig
from ..load import Document
from ..lower import lower
from ..model import Model
from ..references import check_references
from ..validate import validate
from .compare import compare
from .finding import Finding
from .source import open_document

_LARGE = 4 << 20
"""Bytes from which on validating, 2 s a megabyte, would be nearly all that a comparison costs."""


def compare_sources(
    old: str, new: str, *, allow_private: bool = False
) -> tuple[tuple[Document, Document], tuple[Finding, ...]]:
    """Both documents and the findings. Names are compared as they are without configuration.

    Documents are validated; one of more than 4 MiB only where it could not be understood. Raises
    DocumentError or CommandError.
    """
    documents = (
        open_document(old, allow_private=allow_private),
        open_document(new, allow_private=allow_private),
    )
    before, after = map(model_of, documents)
    return documents, compare(before, after)


def model_of(document: Document) -> Model:
    """The model of a document that may be invalid. Raises DocumentError."""
    config = ClientConfig(spec=document.path, output="")
    if len(document.raw) <= _LARGE:
        validate(document)
        return lower(document, config, check=False)
    check_references(document)
    try:
        return lower(document, config, check=False)
    except (LookupError, TypeError, ValueError, AttributeError):
        validate(document)  # says what is wrong, and where
        raise
