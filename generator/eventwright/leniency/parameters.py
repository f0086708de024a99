"""What is amiss with parameters, and with the path that has them."""

from __future__ import annotations

from typing import Any

from ..diagnostics.diagnostic import Pending
from ..text.pointers import Tokens
from ..validation.complaints import Complaint
from .edits import Edits

_OF_SWAGGER = (
    "type format items default enum maximum exclusiveMaximum minimum exclusiveMinimum maxLength "
    "minLength pattern maxItems minItems uniqueItems multipleOf"
).split()
"""Keys of Swagger 2.0's parameters that are keys of a schema since."""


def undeclared(complaint: Complaint, edits: Edits) -> str:
    """A name in the path that no parameter has: a text that is required."""
    fault, place = complaint.found, complaint.place
    if fault.code != "E033" or place[-2:-1] == ("parameters",) or not isinstance(fault, Pending):
        return ""
    name, operation = fault.key, edits.value(place)
    if "parameters" not in operation:
        edits.put((*place, "parameters"), [], place)
    at = (*place, "parameters", str(len(operation["parameters"])))
    text: Any = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    edits.put(at, text, place[:2])
    return f"{{{name}}} in the path has no path parameter: it is taken as a text"


def not_in_path(complaint: Complaint, edits: Edits) -> str:
    """A path parameter that the path does not have: left out."""
    place = complaint.place
    if complaint.found.code != "E033" or place[-2:-1] != ("parameters",):
        return ""
    edits.remove(place)
    return "this path parameter is not in the path: it is left out"


def repeated(complaint: Complaint, edits: Edits) -> str:
    """A parameter that is there twice: the first counts."""
    if complaint.found.code != "E032":
        return ""
    edits.remove(complaint.place)
    return "this parameter is here twice: the first counts"


def not_required(complaint: Complaint, edits: Edits) -> str:
    """A path parameter that is not `required`: every one is."""
    at, parameter = _parameter(complaint.place, edits)
    if parameter.get("in") != "path" or parameter.get("required") is True:
        return ""
    edits.put((*at, "required"), True, at)
    return "this path parameter does not say that it is required: it is"


def without_schema(complaint: Complaint, edits: Edits) -> str:
    """A parameter or header without schema, or with two: a text; the schema counts."""
    at, parameter = _parameter(complaint.place, edits)
    if not at or not complaint.keyword:
        return ""
    if "schema" in parameter and "content" in parameter:
        edits.remove((*at, "content"))
        return "this has both `schema` and `content`: `schema` counts"
    if "schema" in parameter or parameter.get("content"):
        return ""
    own = {key: parameter[key] for key in _OF_SWAGGER if key in parameter}
    for key in own:
        edits.remove((*at, key))
    if "content" in parameter:
        edits.remove((*at, "content"))
    edits.put((*at, "schema"), own or {"type": "string"}, at)
    return (
        "the schema of this is written without `schema`, as in Swagger 2.0: it counts all the same"
        if own
        else "this has no schema: it is taken as a text"
    )


def _parameter(place: Tokens, edits: Edits) -> tuple[Tokens, dict[str, Any]]:
    """The innermost parameter or header that a place is in; empty for none."""
    for length in range(len(place), 1, -1):
        if place[length - 2] in ("parameters", "headers"):
            value = edits.value(place[:length])
            if isinstance(value, dict) and "$ref" not in value:
                named = "in" in value and "name" in value
                if named or place[length - 2] == "headers":
                    return place[:length], value
    return (), {}
