"""What is valid in a document by the letter, and surely not meant: worth a note.

Each looks at one schema at a time; `Schemas` knows what applies together with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..diagnostics.remarks import Remark
from .discriminators import unfit_discriminators
from .keywords import KNOWN, misspelt_keywords
from .nullable import idle_nullable
from .patterns import unchecked_patterns
from .required import undeclared
from .schemas import Schemas
from .values import outside_type

if TYPE_CHECKING:
    from ..document.load import Document


def lint(document: Document) -> Iterator[Remark]:
    """In the order of the schemas, components first."""
    schemas = Schemas(document)
    for at, schema in schemas.every:
        # Most schemas have nothing that most rules are about.
        said = schema.keys()
        if not said <= KNOWN:
            yield from misspelt_keywords(at, schema)
        if "nullable" in said:
            yield from idle_nullable(at, schema, legacy=schemas.legacy)
        if "enum" in said or "const" in said:
            yield from outside_type(at, schema, legacy=schemas.legacy)
        if "required" in said:
            yield from undeclared(at, schema, schemas)
        if "discriminator" in said:
            yield from unfit_discriminators(at, schema, schemas)
        if "pattern" in said or "patternProperties" in said:
            yield from unchecked_patterns(at, schema, legacy=schemas.legacy)
