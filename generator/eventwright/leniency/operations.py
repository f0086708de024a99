"""What is amiss with operations, their answers and bodies, and with servers and credentials."""

from __future__ import annotations

import re

from ..validation.complaints import Complaint
from .edits import Edits

_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
_SCHEMAS = "#/components/schemas/"
_STATUS = re.compile("[1-5]([0-9]{2}|XX)|default")


def statuses(complaint: Complaint, edits: Edits) -> str:
    """A status that is none: in other letters, or left out with its answer."""
    place = complaint.place
    if complaint.keyword not in _UNKNOWN or place[-2:-1] != ("responses",) or len(place) < 4:
        return ""
    key = place[-1]
    meant = key.strip().removesuffix(".0")
    meant = meant.lower() if meant.lower() == "default" else meant.upper()
    if _STATUS.fullmatch(meant) and edits.value((*place[:-1], meant)) is None:
        edits.rename(place, meant)
        return f"'{key}' is taken as {meant}"
    edits.remove(place)
    return f"'{key}' is no status: the answer is left out"


def responses(complaint: Complaint, edits: Edits) -> str:
    """An operation that says nothing of its answers: any may come."""
    place = complaint.place
    at = place if place[-1:] == ("responses",) else (*place, "responses")
    silent = complaint.keyword in ("minProperties", "required") and not edits.value(at)
    missing = complaint.keyword == "required" and "responses" in complaint.wanted
    if not silent or not (missing or at == place):
        return ""
    edits.put(at, {"default": {"description": ""}}, place)
    return "this says nothing of its answers: any may come"


def descriptions(complaint: Complaint, edits: Edits) -> str:
    """A response without its description: an empty one."""
    place = complaint.place
    if complaint.keyword != "required" or "description" not in complaint.wanted:
        return ""
    if place[-2:-1] != ("responses",) or "description" in edits.value(place):
        return ""
    edits.put((*place, "description"), "", place)
    return "this response has no description: it is taken as empty"


def paths(complaint: Complaint, edits: Edits) -> str:
    """A path without its slash."""
    place = complaint.place
    if complaint.keyword not in _UNKNOWN or place[:-1] != ("paths",):
        return ""
    if edits.value(("paths", f"/{place[-1]}")) is not None:
        return ""
    edits.rename(place, f"/{place[-1]}")
    return "this path does not begin with a slash: it is taken as if it did"


def servers(complaint: Complaint, edits: Edits) -> str:
    """A server without URL is left out; a variable without default has its first value."""
    place, keyword = complaint.place, complaint.keyword
    if keyword == "required" and place[-2:-1] == ("servers",) and "url" in complaint.wanted:
        edits.remove(place)
        return "this server has no URL: it is left out"
    if keyword != "required" or place[-2:-1] != ("variables",):
        return ""
    allowed = edits.value((*place, "enum"))
    if not allowed:
        return ""
    edits.put((*place, "default"), allowed[0], (*place, "enum", "0"))
    return "this variable has no default: its first value is taken"


def flows(complaint: Complaint, edits: Edits) -> str:
    """An OAuth 2 flow that lacks a key: without scopes, or of no use to a client."""
    place, keyword = complaint.place, complaint.keyword
    if place[:2] != ("components", "securitySchemes") or keyword != "required":
        return ""
    value = edits.value(place)
    if "flows" in complaint.wanted and "flows" not in value and len(place) == 3:
        edits.put((*place, "flows"), {}, place)
        return "this says nothing of its flows: it has none"
    if place[-2:-1] != ("flows",):
        return ""
    if "tokenUrl" in complaint.wanted and "tokenUrl" not in value:
        edits.remove(place)
        return "this flow does not say where tokens are: it is left out"
    for key, nothing in (("scopes", {}), ("authorizationUrl", "")):
        if key in complaint.wanted and key not in value:
            edits.put((*place, key), nothing, place)
    return "this flow is not whole: what it lacks is taken as empty"


def bodies(complaint: Complaint, edits: Edits) -> str:
    """A request's body without `content`: no body."""
    place = complaint.place
    if complaint.keyword != "required" or complaint.wanted != ["content"]:
        return ""
    if place[-1:] == ("requestBody",):
        edits.remove(place)
        return "this body has no `content`: the request has none"
    edits.put((*place, "content"), {}, place)
    return "this body has no `content`: it is taken as empty"


def schemas(complaint: Complaint, edits: Edits) -> str:
    """A response, or a request's body, that refers to a schema: it is JSON of that."""
    place = complaint.place
    if complaint.found.code != "E024" or place[-1:] != ("$ref",):
        return ""
    ref, answers = edits.value(place), place[-3:-2] == ("responses",)
    if not (answers or place[-2:-1] == ("requestBody",)) or not ref.startswith(_SCHEMAS):
        return ""
    said = {"description": ""} if answers else {}
    edits.put(place[:-1], {**said, "content": {"application/json": {"schema": {"$ref": ref}}}})
    return f"this refers to a schema: it is taken as JSON of {ref}"
