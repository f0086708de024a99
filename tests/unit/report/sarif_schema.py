"""The part of SARIF 2.1.0 that a log of ours may use, closed: anything else is an error.

Written by hand after the specification (OASIS, 2020), sections 3.13 to 3.58; the published schema
cannot be had offline.
"""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


_TEXT = {"type": "string", "minLength": 1}
_MESSAGE = _object("text", text=_TEXT)
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_INDEX = {"type": "integer", "minimum": 0}
_POSITION = {"type": "integer", "minimum": 1}
_BAG = {"type": "object", "properties": {"tags": {"type": "array", "items": _TEXT}}}
_URI = {"type": "string", "pattern": r"^(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})+$"}
_PHYSICAL = _object(
    "artifactLocation region",
    artifactLocation=_object("uri", uri=_URI),
    region=_object("startLine", startLine=_POSITION, startColumn=_POSITION),
)
_LOGICAL = _object("fullyQualifiedName", fullyQualifiedName=_TEXT, kind=_TEXT)
_LOCATION = _object(
    "physicalLocation",
    id=_INDEX,
    physicalLocation=_PHYSICAL,
    logicalLocations={"type": "array", "items": _LOGICAL},
    message=_MESSAGE,
)
_RULE = _object(
    "id",
    id={"type": "string", "pattern": "^[A-Za-z_-]+$"},
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object("level", level=_LEVEL),
    properties=_BAG,
)
_SUPPRESSION = _object(
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=_TEXT,
)
_RESULT = _object(
    "ruleId ruleIndex level message locations partialFingerprints",
    ruleId=_TEXT,
    ruleIndex=_INDEX,
    level=_LEVEL,
    message=_MESSAGE,
    locations={"type": "array", "minItems": 1, "items": _LOCATION},
    relatedLocations={"type": "array", "items": _LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
    suppressions={"type": "array", "items": _SUPPRESSION},
    properties=_BAG,
)
_DRIVER = _object(
    "name",
    name=_TEXT,
    version=_TEXT,
    rules={"type": "array", "uniqueItems": True, "items": _RULE},
)
_NOTIFICATION = _object(
    "message",
    message=_MESSAGE,
    level=_LEVEL,
    locations={"type": "array", "items": _LOCATION},
    descriptor=_object("id", id=_TEXT),
)
_INVOCATION = _object(
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    toolConfigurationNotifications={"type": "array", "items": _NOTIFICATION},
)
_RUN = _object(
    "tool results",
    tool=_object("driver", driver=_DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations={"type": "array", "items": _INVOCATION},
    results={"type": "array", "items": _RESULT},
    properties=_BAG,
)
SARIF = _object(
    "version runs",
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "items": _RUN},
)
