"""JSON Schemas and tracking plans → the places of the events that they describe."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..text.jsonvalues import Json

_SCHEMAS = ("rules", "jsonSchema", "schema")
"""Where an event of a plan has its schema."""
_UNIONS = ("oneOf", "anyOf")
_DEFINITIONS = ("$defs", "definitions")
_OF_OBJECTS = ("type", "properties", "allOf", "$ref", "required", *_UNIONS)


class Event(NamedTuple):
    """`schema`: its place in the file, as a pointer; `name`: its literal, "" where it says that
    itself; `uri`: of a self-describing schema, what its data is sent with; `called`: what it is."""

    schema: str
    name: str = ""
    uri: str = ""
    called: str = ""


def events_in(data: Json, name: str, *, alone: bool) -> list[Event]:
    """The events that a file describes; none where it is neither a schema nor a plan.

    `name`: of the file, which names an event that has no other name; `alone`: whether it is the
    only one, so that definitions are no parts of others.
    """
    if not isinstance(data, dict):
        return []
    planned = list(_planned(data, ""))
    return planned or list(_described(data, name, alone))


def _planned(data: Any, at: str) -> Iterator[Event]:
    """Those of a tracking plan, as Segment's, Avo's and Amplitude's exports have them: a list of
    events with a name and a schema each."""
    for key in ("tracking_plan", "trackingPlan", "rules", "events"):
        value = data.get(key) if isinstance(data, dict) else None
        if isinstance(value, dict):
            yield from _planned(value, f"{at}/{key}")
        for index, each in enumerate(value if isinstance(value, list) else ()):
            name = _text(each, "name") or _text(each, "key")
            inner = next((k for k in _SCHEMAS if name and isinstance(each.get(k), dict)), "")
            if inner:
                yield Event(f"{at}/{key}/{index}/{inner}", name)


def _described(data: dict[str, Any], name: str, alone: bool) -> Iterator[Event]:
    """That of a schema; those of its definitions, where it is nothing but them."""
    about = data.get("self")
    if isinstance(about, dict) and all(_text(about, key) for key in _IGLU):
        uri = "iglu:" + "/".join(str(about[key]) for key in _IGLU)
        yield Event("", uri=uri, called=f"{about['name']}_{about['version']}")
    elif any(key in data for key in _UNIONS) or _says_what_it_is(data):
        yield Event("")
    elif any(key in data for key in _OF_OBJECTS):
        yield Event("", _text(data, "title") or _stem(name))
    elif alone:
        for key in _DEFINITIONS:
            for each, schema in (data.get(key) or {}).items():
                said = isinstance(schema, dict) and _says_what_it_is(schema)
                place = each.replace("~", "~0").replace("/", "~1")
                yield Event(f"/{key}/{place}", "" if said else each)


_IGLU = ("vendor", "name", "format", "version")


def _says_what_it_is(schema: dict[str, Any]) -> bool:
    """Whether a required property can hold one text only."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return False
    held = [properties.get(key) for key in required if isinstance(key, str)]
    return any(_is_constant(each) for each in held)


def _is_constant(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return isinstance(values, list) and len(values) == 1 and isinstance(values[0], str)


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _stem(name: str) -> str:
    return re.sub(r"(\.schema)?\.(json|ya?ml)$", "", posixpath.basename(name))
