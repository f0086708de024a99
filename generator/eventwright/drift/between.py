"""Two sources -> two documents and what differs between their models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..config.config import ClientConfig
from ..diagnostics.diagnostic import Found, escape, in_order, worked_out
from ..document.load import Document
from ..fetch.source import open_document
from ..leniency.reading import mended
from ..lower.document import lower
from ..model.model import Model
from ..validation.validate import validate_to_compare
from .compare import compare
from .findings.finding import Finding
from .pairing.version import Version

SHOWN = 5
"""How many remarks on one document are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both documents and what moved between them."""

    old: Version
    new: Version
    findings: tuple[Finding, ...]


def compare_sources(
    old: str,
    new: str,
    *,
    allow_private: bool = False,
    lenient: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Comparison:
    """Both documents and the findings. Names are compared as they are without configuration.

    `lenient`: documents may be a little invalid; `tell` takes a line about what no client could be
    generated from. Raises DocumentError or CommandError.
    """
    documents = (
        open_document(old, allow_private=allow_private),
        open_document(new, allow_private=allow_private),
    )
    versions = []
    for document in map(mended, documents) if lenient else documents:
        model, remarks = read(document)
        versions.append(Version(document=document, model=model))
        for line in _lines(remarks):
            tell(line)
    before, after = versions
    return Comparison(old=before, new=after, findings=compare(before.model, after.model))


def model_of(document: Document) -> Model:
    """The model of a document that may be invalid. Raises DocumentError."""
    return read(document)[0]


def read(document: Document) -> tuple[Model, tuple[Found, ...]]:
    """The same, and what no client could be generated from."""
    config = ClientConfig(spec=document.path, output="")
    comparable = validate_to_compare(document)
    model = lower(document, config, check=False)
    unread = (document.diagnostic(each.code, each.message, each.at) for each in model.remarks)
    return model, (*comparable.remarks, *unread)


def _lines(remarks: tuple[Found, ...]) -> Iterator[str]:
    for each in map(worked_out, in_order(remarks)[:SHOWN]):
        place = f"{each.location}: " if each.location else ""
        yield escape(f"{place}note[{each.code}]: {each.message}")
    if len(remarks) > SHOWN:
        yield f"… and {len(remarks) - SHOWN} more notes"
