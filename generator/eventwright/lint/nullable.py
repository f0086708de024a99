"""`nullable` where it has no effect by the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.remarks import Remark
from ..text.pointers import Tokens, join_pointer

_CHOICES = ("allOf", "anyOf", "oneOf")


def idle_nullable(at: Tokens, schema: Mapping[str, Any], *, legacy: bool) -> Iterator[Remark]:
    """OpenAPI 3.1 has no such keyword; in 3.0 it adds null to the `type` beside it."""
    if schema.get("nullable") is not True:
        return
    why, help = _why_legacy(schema) if legacy else _why(schema)
    if why:
        message = f"'nullable' has no effect here ({why}); null is taken, as it is surely meant"
        pointer = join_pointer((*at, "nullable"))
        yield Remark(code="N112", message=message, at=pointer, help=help)


def _why(schema: Mapping[str, Any]) -> tuple[str, str]:
    said = schema.get("type")
    kinds = [said] if isinstance(said, str) else said or []
    if "null" in kinds:
        return "", ""
    help = 'write `anyOf: [{…}, {type: "null"}]`'
    if kinds:
        help = f'write `type: [{", ".join(map(str, kinds))}, "null"]`'
    return "OpenAPI 3.1 has no such keyword", help


def _why_legacy(schema: Mapping[str, Any]) -> tuple[str, str]:
    either = "write `anyOf: [{…}, {enum: [null]}]`"
    if "$ref" in schema:
        return "a `$ref` ignores what stands beside it", either
    choice = next((key for key in _CHOICES if key in schema), "")
    if choice and "type" not in schema:
        return f"it adds null to the `type` beside it, and `{choice}` is none", either
    values = schema.get("enum")
    if isinstance(values, list) and None not in values:
        return "the values of `enum` are the only ones, and null is none of them", "add null to it"
    return "", ""
