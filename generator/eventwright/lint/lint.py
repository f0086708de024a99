"""What is valid in a document by the letter, and surely not meant: worth a note.

Each looks at one schema at a time; `Schemas` knows what applies together with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from .discriminators import unfit_discriminators
from .keywords import misspelt_keywords
from .nullable import idle_nullable
from .patterns import unchecked_patterns
from .required import undeclared
from .schemas import Schemas
from .values import outside_type

if TYPE_CHECKING:
    from ..document.load import Document


def lint(document: Document) -> Iterator[Remark]:
    """In the order of the schemas, components first."""
    schemas = Schemas(document.data, legacy=document.version == (3, 0))
    for at, schema in schemas.every():
        yield from misspelt_keywords(at, schema)
        yield from idle_nullable(at, schema, legacy=schemas.legacy)
        yield from outside_type(at, schema, legacy=schemas.legacy)
        yield from undeclared(at, schema, schemas)
        yield from unfit_discriminators(at, schema, schemas)
        yield from unchecked_patterns(at, schema, legacy=schemas.legacy)
