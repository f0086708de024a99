"""What is amiss with schemas: spelt as in another version, or as in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..text.pointers import Tokens
from ..validation.complaints import Complaint
from .edits import Edits

_TYPES: Mapping[str, Mapping[str, str]] = {
    "int": {"type": "integer"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "long": {"type": "integer", "format": "int64"},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
    "text": {"type": "string"},
    "file": {"type": "string", "format": "binary"},
    "binary": {"type": "string", "format": "binary"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "date-time": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
    "list": {"type": "array"},
    "map": {"type": "object"},
    "dict": {"type": "object"},
    "any": {},
}
_NAMES = frozenset("array boolean integer number object string null".split())


def type_names(complaint: Complaint, edits: Edits) -> str:
    """`type` in words of another language, or as 3.1 has it in 3.0."""
    place = _type_place(complaint.place)
    schema = edits.value(place[:-1]) if place else None
    if not isinstance(schema, dict) or "type" not in schema:
        return ""
    stated = schema["type"]
    if isinstance(stated, list):
        return _listed_types(place, stated, schema, edits)
    if stated is None or stated == "null":
        return _null_type(place, edits)
    if not isinstance(stated, str):
        return ""
    name = stated.strip().lower()
    said = {"type": name} if name in _NAMES else _TYPES.get(name)
    if said is None or stated in _NAMES:
        return ""
    if not said:
        edits.remove(place)
        return f"the type {stated} is none of JSON's: any value will do"
    for key, value in said.items():
        if key == "type" or key not in schema:
            edits.put((*place[:-1], key), value, place)
    shown = " of format ".join(said.values())
    return f"the type {stated} is none of JSON's: it is taken as {shown}"


def _type_place(place: Tokens) -> Tokens:
    """The `type` that a place is, or is in."""
    if place[-1:] == ("type",):
        return place
    return place[:-1] if place[-2:-1] == ("type",) else ()


def _null_type(place: Tokens, edits: Edits) -> str:
    if edits.version >= (3, 1):
        edits.put(place, "null")
        return 'the type null is not in quotes: it is taken as "null"'
    edits.put((*place[:-1], "enum"), [None], place)
    edits.put((*place[:-1], "nullable"), True, place)
    edits.remove(place)
    return "OpenAPI 3.0 has no type null: this takes null alone"


def _listed_types(place: Tokens, stated: list[Any], schema: Any, edits: Edits) -> str:
    if None in stated:
        edits.put(place, ["null" if each is None else each for each in stated])
        return 'the type null is not in quotes: it is taken as "null"'
    names = [each for each in stated if each != "null"]
    if edits.version >= (3, 1) or not names or not _NAMES.issuperset(names):
        return ""
    if len(names) < len(stated):
        edits.put((*place[:-1], "nullable"), True, place)
    if len(names) == 1:
        edits.put(place, names[0])
    elif "anyOf" in schema:
        return ""
    else:
        edits.put((*place[:-1], "anyOf"), [{"type": each} for each in names], place)
        edits.remove(place)
    return "OpenAPI 3.0 has no list of types: it is taken as 3.1 has it"


_BOUNDS = {"exclusiveMinimum": ("minimum", max), "exclusiveMaximum": ("maximum", min)}


def exclusive_bounds(complaint: Complaint, edits: Edits) -> str:
    """`exclusiveMinimum` and `exclusiveMaximum` as the other version spells them."""
    place = complaint.place
    if place[-1:] not in (("exclusiveMinimum",), ("exclusiveMaximum",)) or not complaint.keyword:
        return ""
    bound, tighter = _BOUNDS[place[-1]]
    schema, value = edits.value(place[:-1]), edits.value(place)
    other, plain = (*place[:-1], bound), schema.get(bound)
    if edits.version >= (3, 1):
        if not isinstance(value, bool):
            return ""
        edits.remove(place)
        if value and plain is not None:
            edits.put(place, plain, other)
            edits.remove(other)
        return f"`{place[-1]}` is spelt as in OpenAPI 3.0: it is read so"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if plain is not None and tighter(plain, value) == plain != value:
        edits.remove(place)
    else:
        edits.put(other, value, place)
        edits.put(place, True)
    return f"`{place[-1]}` is spelt as in OpenAPI 3.1: it is read so"


def required(complaint: Complaint, edits: Edits) -> str:
    """`required: true` in a property, or `required` with a single name."""
    place = complaint.place
    if place[-1:] != ("required",) or not complaint.keyword:
        return ""
    value = edits.value(place)
    if isinstance(value, str) and complaint.wanted == "array":
        edits.put(place, [value])
        return "`required` is a text: it is taken as a list of one"
    if not isinstance(value, bool):
        return ""
    edits.remove(place)
    if place[-3:-2] != ("properties",):
        return "`required` is a truth value, of what has no name: it is left out"
    owner, name = place[:-3], place[-2]
    if value:
        listed = edits.value((*owner, "required"))
        if not isinstance(listed, list):
            edits.put((*owner, "required"), [name], place)
        elif name not in listed:
            edits.put((*owner, "required", str(len(listed))), name, place)
    return f"`required` is a truth value: '{name}' is taken as {_needed(value)}"


def _needed(value: bool) -> str:
    return "required" if value else "optional"


_LISTS = frozenset("required enum allOf anyOf oneOf prefixItems".split())


def empty_lists(complaint: Complaint, edits: Edits) -> str:
    """A list that must not be empty: as if it were not there."""
    place = complaint.place
    if complaint.keyword != "minItems" or place[-1:] == () or place[-1] not in _LISTS:
        return ""
    if edits.value(place) != []:
        return ""
    edits.remove(place)
    return f"`{place[-1]}` is empty: it is left out"


def discriminators(complaint: Complaint, edits: Edits) -> str:
    """A discriminator that is the name alone, or has none."""
    place = complaint.place
    if place[-1:] != ("discriminator",) or not complaint.keyword:
        return ""
    value = edits.value(place)
    if isinstance(value, str):
        edits.put(place, {"propertyName": value})
        return "the discriminator is a text, as in Swagger 2.0: it is taken as `propertyName`"
    if isinstance(value, dict) and "propertyName" not in value:
        edits.remove(place)
        return "the discriminator has no `propertyName`: it is left out"
    return ""


def lists_of_items(complaint: Complaint, edits: Edits) -> str:
    """`items` as a list: one schema for each position, as JSON Schema once had it."""
    place = complaint.place
    value = edits.value(place)
    if place[-1:] != ("items",) or not isinstance(value, list):
        return ""
    if len(value) == 1:
        edits.put(place, value[0], (*place, "0"))
        return "`items` is a list of one schema: it is taken as that schema"
    if edits.version >= (3, 1):
        edits.put((*place[:-1], "prefixItems"), value, place)
        edits.remove(place)
        return "`items` is a list: it is taken as `prefixItems`"
    edits.put(place, {})
    return "`items` is a list, which OpenAPI 3.0 has no form for: any items will do"
