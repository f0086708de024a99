"""Model -> the JSON Schema document that datamodel-code-generator is given.

Every key in it is made up here (`C0`, `f1`), so that no name of a document is ever turned into
Python by a tool that renames what collides with its own imports. The only text of the document in
it are enum values and patterns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...model.model import (
    AnyType,
    ArrayType,
    BooleanType,
    EnumType,
    Model,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ...runtime.kinds import python_pattern
from ...runtime.runtime import runtime
from ..declarations.annotations import MAX_MAPS

EXTRA = "extra"
"""The made-up property whose values are what undeclared keys must be."""
_DATES = ("date-time", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The document, and what the model says that it cannot."""

    document: dict[str, Any]
    titles: Mapping[str, str]
    """Key of an object -> the class's name in the document."""
    inexact: frozenset[str]
    """Keys of the objects with a condition that Pydantic has no form for."""
    tags: Mapping[frozenset[str], str]
    """Classes that stand in a union -> the wire name of the key that tells them apart."""


def schemas(model: Model, objects: Mapping[str, ObjectType]) -> Asked:
    """One definition per class name; `objects` are those with a class, by key."""
    numbers = {name: i for i, name in enumerate(dict.fromkeys(o.name for o in objects.values()))}
    titles = {key: f"C{numbers[item.name]}" for key, item in objects.items()}
    definitions: dict[str, Any] = {}
    inexact: set[str] = set()
    tags: dict[frozenset[str], str] = {}
    for key, item in objects.items():
        writer = _Writer(model, titles, tags)
        definition = writer.definition(item)
        if definitions.setdefault(titles[key], definition) is definition and writer.inexact:
            inexact.add(key)
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions}
    return Asked(document=document, titles=titles, inexact=frozenset(inexact), tags=tags)


def is_closed(item: ObjectType) -> bool:
    """Whether undeclared keys are refused."""
    return isinstance(item.extra, NeverType) and not item.patterns


def _is_sized(item: ObjectType) -> bool:
    return (item.min_properties, item.max_properties) != (None, None)


def has_typed_extra(item: ObjectType) -> bool:
    """Whether undeclared keys hold less than any JSON value."""
    return not isinstance(item.extra, (AnyType, NeverType)) and not item.patterns


class _Writer:
    """Writes the schemas of one object; `inexact` once something could not be said."""

    def __init__(
        self, model: Model, titles: Mapping[str, str], tags: dict[frozenset[str], str]
    ) -> None:
        self._model = model
        self._titles = titles
        self._tags = tags
        self._open: set[str] = set()
        self._maps = 0
        self.inexact = False

    def definition(self, item: ObjectType) -> dict[str, Any]:
        self._note(item.patterns, item.assertions, _is_sized(item))
        properties = {f"f{i}": self._whole(field.type) for i, field in enumerate(item.fields)}
        if has_typed_extra(item):
            properties[EXTRA] = {"type": "object", "additionalProperties": self._whole(item.extra)}
        # All required: whether a key may be left out is said where the annotation is used.
        return {"type": "object", "properties": properties, "required": [*properties]}

    def _whole(self, node: Type) -> dict[str, Any]:
        self._maps = 0
        return self.schema(node)

    def schema(self, node: Type) -> dict[str, Any]:
        """What is allowed at a place, or more than that; then `inexact` is set."""
        self._note(node.assertions)
        match node:
            case NullType():
                return {"type": "null"}
            case BooleanType():
                return {"type": "boolean"}
            case NumberType():
                return self._integer(node) if node.integral else self._number(node)
            case StringType():
                return self._string(node)
            case EnumType():
                return self._enum(node)
            case ArrayType():
                return self._array(node)
            case NullableType():
                return self._choice([self.schema(node.inner), {"type": "null"}])
            case UnionType():
                return self._union(node)
            case ObjectRef():
                return self._object(node.key)
            case _:  # every value, none, or a recursion that no class ends
                self._note(not isinstance(node, AnyType))
                return {}

    def _note(self, *unsaid: object) -> None:
        self.inexact = self.inexact or any(unsaid)

    def _choice(self, arms: list[dict[str, Any]]) -> dict[str, Any]:
        if {} in arms:
            self._note(sum(map(bool, arms)) > 1)
            return {}
        return {"anyOf": arms}

    def _union(self, node: UnionType) -> dict[str, Any]:
        self._note(node.exclusive)
        keys = [arm.key for arm in node.arms if isinstance(arm, ObjectRef)]
        if node.tag and len(keys) == len(node.arms) and all(key in self._titles for key in keys):
            self._tags[frozenset(self._titles[key] for key in keys)] = node.tag
        return self._choice([self.schema(arm) for arm in node.arms])

    def _integer(self, node: NumberType) -> dict[str, Any]:
        low, high = runtime("kinds.bounded").INTEGERS.get(node.format, (None, None))
        above, below = node.exclusive_minimum, node.exclusive_maximum
        lowest = [math.ceil(b) for b in (node.minimum, low) if b is not None]
        lowest += [] if above is None else [math.floor(above) + 1]
        highest = [math.floor(b) for b in (node.maximum, high) if b is not None]
        highest += [] if below is None else [math.ceil(below) - 1]
        whole = isinstance(node.multiple_of, int)
        self._note(node.multiple_of is not None and not whole)
        return _given(
            type="integer",
            minimum=max(lowest, default=None),
            maximum=min(highest, default=None),
            multipleOf=node.multiple_of if whole else None,
        )

    def _number(self, node: NumberType) -> dict[str, Any]:
        bounds = {
            "minimum": node.minimum,
            "maximum": node.maximum,
            "exclusiveMinimum": node.exclusive_minimum,
            "exclusiveMaximum": node.exclusive_maximum,
        }
        said = {keyword: bound for keyword, bound in bounds.items() if bound is not None}
        exact = {keyword: bound for keyword, bound in said.items() if float(bound) == bound}
        # Multiples of decimal fractions, and bounds that no float holds, are left to the builder.
        self._note(node.multiple_of is not None, exact != said)
        return {"type": "number", **exact}

    def _string(self, node: StringType) -> dict[str, Any]:
        pattern = node.pattern and python_pattern(node.pattern)
        bounds = _given(minLength=node.min_length, maxLength=node.max_length)
        if pattern:
            bounds["pattern"] = pattern
        if node.format in _DATES and not bounds and not pattern:
            return {"type": "string", "format": node.format}
        self._note(node.format)
        return {"type": "string", **bounds}

    def _enum(self, node: EnumType) -> dict[str, Any]:
        # Literal[1, True] is Literal[1] to Pydantic, and floats cannot be in one.
        kinds = {type(value) for value in node.values}
        # Nor does mypy take integers beyond 64 bits there.
        large = any(isinstance(value, int) and abs(value) >= 2**63 for value in node.values)
        if large and kinds == {int}:
            self._note(True)
            return {"type": "integer"}
        held = not large and all(_is_encodable(each) for each in node.values if type(each) is str)
        if held and (kinds <= {str, int} or kinds <= {str, bool}):
            return {"enum": list(node.values)}
        self._note(True)
        return {}

    def _array(self, node: ArrayType) -> dict[str, Any]:
        self._note(node.unique, node.prefix)
        items: dict[str, Any] = {} if node.prefix else self.schema(node.items)
        return _given(type="array", items=items, minItems=node.min_items, maxItems=node.max_items)

    def _object(self, key: str) -> dict[str, Any]:
        if key in self._titles:
            return {"$ref": f"#/$defs/{self._titles[key]}"}
        item = self._model.objects[key]
        self._note(item.patterns, item.fields, item.assertions, is_closed(item))
        self._note(_is_sized(item))
        self._maps += 1
        unsaid = key in self._open or self._maps > MAX_MAPS
        self._note(unsaid)
        if unsaid or item.fields or not has_typed_extra(item):
            return {"type": "object", "additionalProperties": True}
        self._open.add(key)
        values = self.schema(item.extra)
        self._open.discard(key)
        return {"type": "object", "additionalProperties": values or True}


def strings(value: object) -> Iterable[str]:
    """Every string in a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def _given(**keywords: Any) -> dict[str, Any]:
    return {key: value for key, value in keywords.items() if value is not None}


def _is_encodable(text: str) -> bool:
    """Whether Pydantic can hold a text: no half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
