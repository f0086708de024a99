"""Values of `enum` and `const` that the `type` beside them rules out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.remarks import Remark
from ..schema.jsontypes import is_of
from ..text.pointers import Tokens, join_pointer
from ..validation.schemaerrors import show


def outside_type(at: Tokens, schema: Mapping[str, Any], *, legacy: bool) -> Iterator[Remark]:
    """Each such value: nobody can send it, and where all are such, nothing fits."""
    said = schema.get("type")
    if said is None or (legacy and "$ref" in schema):
        return
    kinds = [said] if isinstance(said, str) else list(said)
    if legacy and schema.get("nullable") is True:
        kinds.append("null")
    for place, value in _listed(schema):
        if not any(is_of(kind, value) for kind in kinds):
            yield Remark(
                code="N113",
                message=f"{show(value)} is no {' or '.join(kinds)}, so it is never a valid value",
                at=join_pointer((*at, *place)),
                help=_mend(value, kinds),
            )


def _listed(schema: Mapping[str, Any]) -> Iterator[tuple[Tokens, Any]]:
    values = schema.get("enum")
    for index, value in enumerate(values if isinstance(values, list) else ()):
        yield ("enum", str(index)), value
    if "const" in schema:
        yield ("const",), schema["const"]


def _mend(value: Any, kinds: list[str]) -> str:
    if "string" in kinds and not isinstance(value, list | dict) and value is not None:
        return "put it in quotes, or correct `type`"
    return "correct it, or `type`"
