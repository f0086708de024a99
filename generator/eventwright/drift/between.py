"""Two sources -> two documents and what differs between their models."""

from __future__ import annotations

from ..config import ClientConfig
from ..load import Document
from ..lower import lower
from ..model import Model
from ..validate import validate
from .compare import compare
from .finding import Finding
from .source import open_document


def compare_sources(
    old: str, new: str, *, allow_private: bool = False
) -> tuple[tuple[Document, Document], tuple[Finding, ...]]:
    """Both documents, validated, and the findings.

    Names are compared as they are without configuration. Raises DocumentError or CommandError.
    """
    documents = (
        open_document(old, allow_private=allow_private),
        open_document(new, allow_private=allow_private),
    )
    before, after = map(_model, documents)
    return documents, compare(before, after)


def _model(document: Document) -> Model:
    validate(document)
    return lower(document, ClientConfig(spec=document.path, output=""))
