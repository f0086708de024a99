"""Values of `enum` and `const` that the `type` beside them rules out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.remarks import Remark
from ..schema.jsontypes import is_of
from ..schema.meant import with_values_meant
from ..text.pointers import Pointer, Tokens, join_pointer
from ..validation.schemaerrors import show

_SHOWN = 3


def outside_type(at: Tokens, schema: Mapping[str, Any], *, legacy: bool) -> Iterator[Remark]:
    """Each such value: nobody can send it, and where all are such, nothing fits."""
    said = schema.get("type")
    if said is None or (legacy and "$ref" in schema):
        return
    kinds = [said] if isinstance(said, str) else list(said)
    if legacy and schema.get("nullable") is True:
        kinds.append("null")
    meant = with_values_meant(schema, kinds)
    if meant is not schema:
        yield _all_outside(join_pointer((*at, "enum")), schema, meant, kinds)
        schema = {key: value for key, value in schema.items() if key != "enum"}
    for place, value in _listed(schema):
        if not any(is_of(kind, value) for kind in kinds):
            yield Remark(
                code="N113",
                message=f"{show(value)} is no {' or '.join(kinds)}, so it is never a valid value",
                at=join_pointer((*at, *place)),
                help=_mend(value, kinds),
            )


def _all_outside(
    at: Pointer, schema: Mapping[str, Any], meant: Mapping[str, Any], kinds: list[str]
) -> Remark:
    values = meant.get("enum")
    if values is not None:
        more = " …" if len(values) > _SHOWN else ""
        said = f"they are taken as {', '.join(map(show, values[:_SHOWN]))}{more}"
    elif meant.get("items") != schema.get("items"):
        said = "they are taken as those of its items"
    else:
        said = "they are left out"
    message = f"no value here is {' or '.join(kinds)}, as `type` has it: {said}"
    return Remark(code="N113", message=message, at=at, help="correct them, or `type`")


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
