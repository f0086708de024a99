"""A required key that nothing declares, though it looks like one that is declared; and one that a
closed object does not allow."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..diagnostics.remarks import Remark
from ..patterns.translate import matches
from ..text.pointers import Tokens, join_pointer
from .schemas import Found, Schemas
from .spelling import Alike

_FEW = 200
"""Keys of one object. Among more, two wrong letters may well be meant."""


def undeclared(at: Tokens, schema: Found, schemas: Schemas) -> Iterator[Remark]:
    """Each of them. A key that nothing like it is declared for may be meant as it is."""
    required = schema.get("required")
    if not isinstance(required, list) or (schemas.legacy and "$ref" in schema):
        return
    missing = {name for name in required if name not in schema.get("properties", {})}
    missing = missing and missing - schemas.declared(schema)
    missing = missing and missing - schemas.declared_around(schema)
    alike = _alike(schemas.declared_around(schema) if missing else ())
    for index, name in enumerate(required):
        near = alike.find(name) if name in missing else ""
        if near and near not in required:
            yield Remark(
                code="N110",
                message=f"'{name}' is required and declared nowhere; did you mean '{near}'?",
                at=join_pointer((*at, "required", str(index))),
                help=f"write '{near}', or declare '{name}' under properties",
            )
        elif _is_excluded(name, schema, legacy=schemas.legacy):
            yield Remark(
                code="N118",
                message=f"'{name}' is required but not allowed: the object is closed",
                at=join_pointer((*at, "required", str(index))),
                help="declare it under properties, or drop additionalProperties: false",
            )


def _is_excluded(name: str, schema: Found, *, legacy: bool) -> bool:
    if schema.get("additionalProperties") is not False or name in schema.get("properties", {}):
        return False
    patterns = {} if legacy else schema.get("patternProperties", {})
    return all(matches(pattern, name) is False for pattern in patterns)


def _alike(names: Collection[str]) -> Alike:
    return Alike(names, slips=2 if len(names) <= _FEW else 1)
