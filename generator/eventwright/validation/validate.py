"""Is this an OpenAPI document, and one that a client can be generated from, or be compared?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Collector, DocumentError, Found
from ..schema.circles import circles
from ..schema.parse import Parser
from ..schema.selfunions import without_circles
from ..text.faulty import Faulty
from ..text.pointers import join_pointer, resolve, split_pointer
from .complaints import Complaint
from .references import check_references
from .schemacheck import check_schemas
from .semantics import check_semantics
from .structure import Validators, check_structure

if TYPE_CHECKING:
    from ..document.load import Document

_GENERATING = frozenset({"E021", "E032", "E033"})
"""What only a generator minds. A schema in itself is read as far as that makes sense: see
`circles`."""
_OF_PATH_ITEMS = frozenset(
    "get put post delete options head patch trace parameters servers summary description".split()
)
_UNREADABLE = frozenset({"E020", "E022", "E023", "E024", "E030"})
"""Faults that keep schemas from being read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """What a document has that no client can be generated from, though it can be compared."""

    remarks: tuple[Found, ...]


def validate(document: Document) -> None:
    """Raise DocumentError, with everything found, if the document cannot be used.

    References, structure, schemas and operations, all in one run: what one stage found faulty, the
    next ones leave alone.
    """
    found = Collector()
    every = complaints(document)
    endless = _endless(document, every)
    found.add(*(each.found for each in every if not _is_meant(each, endless, document)))
    found.check()


def _is_meant(complaint: Complaint, endless: Sequence[Complaint], document: Document) -> bool:
    """Whether a document is read as it is meant all the same."""
    if complaint.found.code == "E021":
        return complaint not in endless
    if complaint.keyword == "uniqueItems":
        # OpenAPI 3.0's own schema allows it, and so does JSON Schema 2020-12.
        return complaint.place[-2:-1] == ("enum",)
    return _is_allowed(complaint, document)


def _is_allowed(complaint: Complaint, document: Document) -> bool:
    """Whether OpenAPI 3.1 allows what its schema, as it was published first, does not: keys beside
    the reference of a path item, the server of a link, and `x-` in a callback."""
    *above, key = complaint.place or ("",)
    if above[-2:-1] == ["links"]:
        return key == "server"
    if above[-2:-1] == ["callbacks"]:
        return key.startswith("x-")
    if len(above) != 2 or above[0] not in ("paths", "webhooks") or key not in _OF_PATH_ITEMS:
        return False
    return "$ref" in resolve(document.data, tuple(above))


def validate_to_compare(document: Document) -> Comparable:
    """The same for who generates nothing: only what comparing needs has to be right."""
    found = complaints(document)
    minor = [each.found for each in found if _is_minor(each)]
    if len(minor) < len(found):
        raise DocumentError([each.found for each in found if not _is_minor(each)])
    endless = _endless(document, found)
    if endless:
        raise DocumentError([each.found for each in endless])
    return Comparable(remarks=tuple(minor))


def _endless(document: Document, found: Sequence[Complaint]) -> list[Complaint]:
    """The schemas in themselves of which nothing can be made."""
    circular = {join_pointer(each.place): each for each in found if each.found.code == "E021"}
    if not circular or any(each.found.code in _UNREADABLE for each in found):
        return list(circular.values())
    data = without_circles(document.data, circular)
    known = circles(data, circular)
    parser = Parser(data, legacy=document.version == (3, 0), circles=known)
    return [each for at, each in circular.items() if parser.is_endless(at)]


def _is_minor(complaint: Complaint) -> bool:
    place, keyword = complaint.place, complaint.keyword
    # What is in a list twice is there: many a real document repeats a value of an enum.
    repeated = keyword == "uniqueItems"
    # An operation, a webhook above all, that says nothing of its answers.
    silent = place[-1:] == ("responses",) and keyword in ("minProperties", "required")
    return complaint.found.code in _GENERATING or repeated or silent


def complaints(document: Document) -> list[Complaint]:
    """Everything that is found. Raises DocumentError where nothing can be said."""
    try:
        return _faults(document)
    except RecursionError:
        # The validator descends by recursion; the loader's bound on nesting is beyond its own.
        problem = document.diagnostic(
            "E013",
            "the schemas are nested too deeply to be validated",
            "/",
            help="give inner schemas a place of their own under /components/schemas",
        )
        raise DocumentError([problem]) from None


def _faults(document: Document) -> list[Complaint]:
    validators = Validators(document)
    found: list[Complaint] = []
    faulty = Faulty()
    stages: tuple[Iterable[Complaint], ...] = (
        (Complaint(place=place, found=fault) for place, fault in check_references(document)),
        check_structure(document, validators),
        check_schemas(document, validators),
    )
    for stage in stages:
        # What two of them find at one place is at fault for one reason.
        fresh = [each for each in stage if not faulty.touches(each.place)]
        for each in fresh:
            faulty.add(each.place)
        found += fresh
    return [*found, *map(_located, check_semantics(document, faulty))]


def _located(fault: Found) -> Complaint:
    assert fault.location, "a fault of a document has a place"
    return Complaint(place=split_pointer(fault.location.pointer), found=fault)
