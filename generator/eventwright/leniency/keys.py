"""Keys that are missing, unknown or there twice, and names that are none."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from ..diagnostics.diagnostic import worked_out
from ..document.walk import objects
from ..schema.schema import identity
from ..text.pointers import Tokens, join_pointer, split_pointer
from ..validation.complaints import Complaint
from .edits import Edits

_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
_INFO = {"title": "Untitled", "version": "0"}


def missing(complaint: Complaint, edits: Edits) -> str:
    """What every document says of itself."""
    place, wanted = complaint.place, complaint.wanted
    if complaint.keyword != "required" or place not in ((), ("info",)):
        return ""
    lacking = [key for key in wanted if key not in edits.value(place)]
    known: dict[str, Any] = _INFO if place else {"info": dict(_INFO), "paths": {}}
    if not known.keys() >= set(lacking):
        return ""
    for key in lacking:
        edits.put((*place, key), known[key], place)
    return f"{' and '.join(map(repr, lacking))} {_are(lacking)} missing: taken as unknown"


def _are(keys: list[str]) -> str:
    return "are" if len(keys) > 1 else "is"


def repeated(complaint: Complaint, edits: Edits) -> str:
    """What is in a list twice: it counts once."""
    if complaint.keyword != "uniqueItems":
        return ""
    at = complaint.place[:-1]
    items = edits.value(at)
    first: dict[Any, int] = {}
    twice = [
        index
        for index, item in enumerate(items)
        if first.setdefault(identity(item), index) != index
    ]
    for index in reversed(twice):
        edits.remove((*at, str(index)))
    return "this is in the list already: it counts once"


def unknown(complaint: Complaint, edits: Edits) -> str:
    """A key that OpenAPI does not have there, and that is not like one: left out."""
    place = complaint.place
    named = place[:1] == ("components",) and len(place) == 3
    if place[-1:] and place[-1].startswith("$recursive"):
        edits.remove(place)
        return f"the key '{place[-1]}' is of an older JSON Schema: it is left out"
    if complaint.keyword not in _UNKNOWN or named or not place:
        return ""
    holder = edits.value(place[:-1])
    if place[-1] not in holder:
        return ""
    near = re.search("did you mean '(.*)'", worked_out(complaint.found).message)
    if near and near[1] != "x-":
        return ""
    if place[-1] == "const" and edits.version == (3, 0) and "enum" not in holder:
        edits.put((*place[:-1], "enum"), [holder["const"]], place)
        edits.remove(place)
        return "OpenAPI 3.0 has no `const`: it is taken as an enum of one value"
    edits.remove(place)
    return f"the key '{place[-1]}' is unknown here: it is left out"


_NAME = re.compile(r"[A-Za-z0-9._-]+")


def names(complaint: Complaint, edits: Edits) -> str:
    """The name of a component with characters that none may have."""
    place = complaint.place
    if complaint.keyword not in ("pattern", *_UNKNOWN) or place[:1] != ("components",):
        return ""
    at = place[:2]
    holder = edits.value(at) if len(place) <= 3 else None
    bad = [key for key in holder if not _NAME.fullmatch(key)] if isinstance(holder, dict) else []
    for key in bad:
        _rename(edits, (*at, key))
    return f"{', '.join(map(repr, bad))}: no name of a component, and changed to one" if bad else ""


def _rename(edits: Edits, at: Tokens) -> None:
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", at[-1]).strip("_") or "_"
    taken = edits.value(at[:-1])
    name = next(n for n in _numbered(stem) if n not in taken)
    edits.rename(at, name)
    for _, value in objects(edits.data):
        for holder, key in _references(value):
            holder[key] = _moved(holder[key], at, name)


def _numbered(stem: str) -> Any:
    yield stem
    yield from (f"{stem}{number}" for number in range(2, 1 << 30))


def _references(value: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    found = [(value, "$ref")] if isinstance(value.get("$ref"), str) else []
    discriminator = value.get("discriminator")
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    if isinstance(mapping, dict):
        found += [(mapping, key) for key, ref in mapping.items() if isinstance(ref, str)]
    return found


def _moved(ref: str, at: Tokens, name: str) -> str:
    if not ref.startswith("#/"):
        return ref
    tokens = split_pointer(unquote(ref[1:]))
    if tokens[: len(at)] != at:
        return ref
    moved = (*at[:-1], name, *tokens[len(at) :])
    return "#" + quote(join_pointer(moved), safe="/~!$&'()*+,;=:@")
