"""A required key that nothing declares, though it looks like one that is declared."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..model import Remark
from ..pointers import Tokens, join_pointer
from .schemas import Found, Schemas

_NEAR = 0.75
"""How alike two keys are, by difflib's ratio, for one to be the other misspelt."""


def undeclared(at: Tokens, schema: Found, schemas: Schemas) -> Iterator[Remark]:
    """Each of them. A key that nothing like it is declared for may be meant as it is."""
    required = schema.get("required")
    if not isinstance(required, list) or (schemas.legacy and "$ref" in schema):
        return
    missing = {name for name in required if name not in schema.get("properties", {})}
    missing = missing and missing - schemas.declared(schema)
    known = schemas.declared_around(schema) if missing else set()
    for index, name in enumerate(required):
        near = _near(name, known) if name in missing - known else ""
        if near and near not in required:
            yield Remark(
                code="N110",
                message=f"'{name}' is required and declared nowhere; did you mean '{near}'?",
                at=join_pointer((*at, "required", str(index))),
                help=f"write '{near}', or declare '{name}' under properties",
            )


def _near(name: str, known: set[str]) -> str:
    """By spelling; case and separators do not count."""
    folded = {_folded(each): each for each in sorted(known)}
    found = get_close_matches(_folded(name), folded, n=1, cutoff=_NEAR)
    return folded[found[0]] if found else ""


def _folded(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")
