"""Two sources -> two documents and what differs between their models."""

from __future__ import annotations

from dataclasses import dataclass

from ..config import ClientConfig
from ..load import Document
from ..lower import lower
from ..model import Model
from ..references import check_references
from ..validate import validate
from .compare import compare
from .finding import Finding
from .source import open_document
from .version import Version

_LARGE = 4 << 20
"""Bytes from which on validating, 2 s a megabyte, would be nearly all that a comparison costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both documents and what moved between them."""

    old: Version
    new: Version
    findings: tuple[Finding, ...]


def compare_sources(old: str, new: str, *, allow_private: bool = False) -> Comparison:
    """Both documents and the findings. Names are compared as they are without configuration.

    Documents are validated; one of more than 4 MiB only where it could not be understood. Raises
    DocumentError or CommandError.
    """
    documents = (
        open_document(old, allow_private=allow_private),
        open_document(new, allow_private=allow_private),
    )
    before, after = (Version(document=each, model=model_of(each)) for each in documents)
    return Comparison(old=before, new=after, findings=compare(before.model, after.model))


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
