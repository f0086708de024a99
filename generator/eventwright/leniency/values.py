"""Values of another kind than OpenAPI has there, where it is plain what they stand for."""

from __future__ import annotations

import json
import re
from typing import Any

from ..text.pointers import Tokens
from ..validation.complaints import Complaint
from .edits import Edits

_SCHEMA = frozenset(
    "schema itemSchema items additionalProperties not if then else contains propertyNames "
    "unevaluatedItems unevaluatedProperties contentSchema".split()
)
_SCHEMAS = frozenset(
    "properties patternProperties schemas $defs definitions dependentSchemas".split()
)


def nulls(complaint: Complaint, edits: Edits) -> str:
    """null, where there should be something: as if it were not there."""
    place = complaint.place
    if not complaint.keyword or not place or complaint.value is not None:
        return ""
    if not _is_null(edits, place):
        return ""
    within = place[-2] if len(place) > 1 else ""
    if place[-1] in _SCHEMA or within in _SCHEMAS:
        edits.put(place, {})
        return "this schema is null: any value will do"
    if within in ("responses", "content"):
        edits.put(place, {"description": ""} if within == "responses" else {})
        return "this is null: it is taken as empty"
    edits.remove(place)
    return "this is null: it is left out"


def _is_null(edits: Edits, place: Tokens) -> bool:
    holder = edits.value(place[:-1])
    if isinstance(holder, list):
        return place[-1].isdecimal() and holder[int(place[-1])] is None
    return isinstance(holder, dict) and place[-1] in holder and holder[place[-1]] is None


_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def spelled(complaint: Complaint, edits: Edits) -> str:
    """A text that spells a truth value or number."""
    value, wanted = complaint.value, _wanted(complaint)
    if not isinstance(value, str) or edits.value(complaint.place) != value:
        return ""
    truth = {"true": True, "false": False}.get(value.strip().lower())
    found: Any = None
    if truth is not None and ("boolean" in wanted or complaint.place[-1] in _SCHEMA):
        found = truth
    elif _NUMBER.fullmatch(value) and wanted & {"integer", "number"}:
        found = json.loads(value)
    if found is None or ("integer" in wanted and isinstance(found, float)):
        return ""
    edits.put(complaint.place, found)
    return f"{json.dumps(value)} is a text: it is taken as {json.dumps(found)}"


def texts(complaint: Complaint, edits: Edits) -> str:
    """A number or truth value where a text should be: the text that it is written as."""
    value = complaint.value
    if "string" not in _wanted(complaint) or not isinstance(value, bool | int | float):
        return ""
    if complaint.place[-1].startswith("$"):
        return ""
    said = json.dumps(value)
    edits.put(complaint.place, said)
    return f"{said} is not in quotes: it is taken as a text"


def _wanted(complaint: Complaint) -> frozenset[str]:
    if complaint.keyword != "type":
        return frozenset()
    wanted = complaint.wanted
    return frozenset([wanted] if isinstance(wanted, str) else wanted)
