"""Is this an OpenAPI document, and one that a client can be generated from, or be compared?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Collector, DocumentError, Found, Pending
from ..document.faulty import Faulty
from ..schema.circles import circles
from ..schema.parse import Parser
from ..text.pointers import Tokens, join_pointer
from .references import check_references
from .schemacheck import check_schemas
from .semantics import check_semantics
from .structure import Validators, check_structure

if TYPE_CHECKING:
    from ..document.load import Document
    from ..text.pointers import Pointer

_GENERATING = frozenset({"E021", "E032", "E033"})
"""What only a generator minds. A schema in itself is compared as far as that makes sense: see
`circles`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """What a document has that no client can be generated from, though it can be compared.

    `circles`: the schemas that are in themselves, by number of their circle.
    """

    remarks: tuple[Found, ...]
    circles: dict[Pointer, int]


def validate(document: Document) -> None:
    """Raise DocumentError, with everything found, if the document cannot be used.

    References, structure, schemas and operations, all in one run: what one stage found faulty, the
    next ones leave alone.
    """
    found = Collector()
    found.add(*(fault for _, fault in _checked(document)))
    found.check()


def validate_to_compare(document: Document) -> Comparable:
    """The same for who generates nothing: only what comparing needs has to be right."""
    faults = _checked(document)
    minor = [each for each in faults if _is_minor(*each)]
    if len(minor) < len(faults):
        raise DocumentError([fault for place, fault in faults if not _is_minor(place, fault)])
    circular = {join_pointer(place): fault for place, fault in faults if fault.code == "E021"}
    known = circles(document.data, circular)
    parser = Parser(document.data, legacy=document.version == (3, 0), circles=known)
    endless = [fault for at, fault in circular.items() if parser.is_endless(at)]
    if endless:
        raise DocumentError(endless)
    return Comparable(remarks=tuple(fault for _, fault in minor), circles=known)


def _is_minor(place: Tokens, fault: Found) -> bool:
    # What is in a list twice is there: many a real document repeats a value of an enum.
    repeated = isinstance(fault, Pending) and fault.key.startswith("uniqueItems ")
    # An operation, a webhook above all, that says nothing of its answers.
    silent = place[-1:] == ("responses",) and _is_of_emptiness(fault)
    mapped = place[-3:-1] == ("discriminator", "mapping")
    return fault.code in _GENERATING or repeated or silent or mapped


def _is_of_emptiness(fault: Found) -> bool:
    return isinstance(fault, Pending) and fault.key.startswith(("minProperties ", "required "))


def _checked(document: Document) -> list[tuple[Tokens, Found]]:
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


def _faults(document: Document) -> list[tuple[Tokens, Found]]:
    """Each with its place, where it is in references, structure or schemas; else with none."""
    validators = Validators(document)
    found: list[tuple[Tokens, Found]] = []
    faulty = Faulty()
    stages = (
        check_references(document),
        check_structure(document, validators),
        check_schemas(document, validators),
    )
    for stage in stages:
        # What two of them find at one place is at fault for one reason.
        fresh = [each for each in stage if not faulty.touches(each[0])]
        for place, _ in fresh:
            faulty.add(place)
        found += fresh
    return [*found, *(((), fault) for fault in check_semantics(document, faulty))]
