"""Is this an OpenAPI document, and one that a client can be generated from?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .diagnostics import Collector, DocumentError
from .faulty import Faulty
from .references import check_references
from .schemacheck import check_schemas
from .semantics import check_semantics
from .structure import Validators, check_structure

if TYPE_CHECKING:
    from .load import Document


def validate(document: Document) -> None:
    """Raise DocumentError, with everything found, if the document cannot be used.

    References, structure, schemas and operations, all in one run: what one stage found faulty, the
    next ones leave alone.
    """
    try:
        _validate(document)
    except RecursionError:
        # The validator descends by recursion; the loader's bound on nesting is beyond its own.
        problem = document.diagnostic(
            "E013",
            "the schemas are nested too deeply to be validated",
            "/",
            help="give inner schemas a place of their own under /components/schemas",
        )
        raise DocumentError([problem]) from None


def _validate(document: Document) -> None:
    validators = Validators(document)
    found = Collector()
    faulty = Faulty()
    stages = (
        check_references(document),
        check_structure(document, validators),
        check_schemas(document, validators),
    )
    for stage in stages:
        # What two of them find at one place is at fault for one reason.
        fresh = [each for each in stage if not faulty.touches(each[0])]
        for place, fault in fresh:
            faulty.add(place)
            found.add(fault)
    found.add(*check_semantics(document, faulty))
    found.check()
