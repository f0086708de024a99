"""JSON Schemas of 2020-12 put together at random, and values near what they speak of."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

NAMES = ("a", "b", "ab", "c")
TYPES = ("string", "integer", "number", "object", "array", "boolean", "null")
VALUES: tuple[Any, ...] = (
    0, 1, 2.5, 1.0, -1, "", "a", "abc", None, True, False, [], [1], [1, 1], ["a", 1], {}, {"a": 1},
    {"a": "a", "b": 1}, {"ab": None}, {"a": {"a": 1}}, [{"a": 1}], {"c": [1, "a"]},
)  # fmt: skip
_SMALL: tuple[Any, ...] = (
    True, False, {"type": "string"}, {"type": "object"}, {"minimum": 1}, {"const": 1},
    {"required": ["a"]}, {"minLength": 2},
)  # fmt: skip
_PATTERNS = ("^a", "b$", "c")


class Schemas:
    """Makes schemas and values; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def whole(self) -> dict[str, Any]:
        """A schema that may refer to definitions of its own."""
        names = ["x", "y"] if self._random.random() < 0.4 else []
        schema: Any = True
        while not isinstance(schema, dict):
            schema = self._schema(3, names)
        if not names:
            return schema
        return {**schema, "$defs": {"x": self._schema(1, []), "y": self._schema(2, ["x"])}}

    def value(self, depth: int = 3) -> Any:
        """A JSON value."""
        chance = self._random.random()
        if chance < 0.6 or depth == 0:
            return self._random.choice(VALUES)
        if chance < 0.8:
            return {name: self.value(depth - 1) for name in self._names(0, 3)}
        return [self.value(depth - 1) for _ in range(self._random.randint(0, 3))]

    def _schema(self, depth: int, refs: list[str]) -> Any:
        chance = self._random.random()
        if chance < 0.05:
            return self._random.choice([True, False, {}])
        if refs and chance < 0.12:
            return {"$ref": f"#/$defs/{self._random.choice(refs)}"}
        schema: dict[str, Any] = {}
        if self._random.random() < 0.45:
            several = self._random.random() < 0.3
            some = self._random.sample(TYPES, self._random.randint(1, 3))
            schema["type"] = some if several else some[0]

        def inner() -> Any:
            if depth > 0:
                return self._schema(depth - 1, refs)
            return self._random.choice(_SMALL)

        for _ in range(self._random.choice([0, 1, 1, 2, 2, 3])):
            keyword = self._random.choice(_KEYWORDS)
            schema[keyword] = self._of(keyword, inner)
        if "contains" in schema and self._random.random() < 0.5:
            schema["minContains"] = self._random.randint(0, 2)
            schema["maxContains"] = self._random.randint(1, 2)
        if "enum" in schema and not _are_of(schema.get("type", TYPES), schema["enum"]):
            del schema["enum"]  # read as it is meant, which is not what it says
        return schema

    def _of(self, keyword: str, inner: Callable[[], Any]) -> Any:
        choose = self._random.choice
        match keyword:
            case "minimum" | "maximum":
                return choose([0, 1, 2.5])
            case "multipleOf":
                return choose([1, 0.5, 2])
            case "pattern":
                return choose(_PATTERNS)
            case "uniqueItems":
                return True
            case "const":
                return choose(VALUES)
            case "enum":
                return [choose(VALUES)]
            case "required":
                return self._names(1, 2)
            case "dependentRequired":
                return {choose(NAMES): self._names(1, 1)}
            case "properties" | "dependentSchemas":
                return {name: inner() for name in self._names(1, 2)}
            case "patternProperties":
                return {pattern: inner() for pattern in self._random.sample(_PATTERNS, 2)}
            case "prefixItems" | "oneOf" | "anyOf" | "allOf":
                return [inner() for _ in range(self._random.randint(1, 3))]
            case "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems":
                return choose([False, inner()])
            case _ if keyword.startswith(("min", "max")):
                return choose([1, 2])
            case _:
                return inner()

    def _names(self, least: int, most: int) -> list[str]:
        return self._random.sample(NAMES, self._random.randint(least, most))


def _are_of(types: Any, values: list[Any]) -> bool:
    """Whether any of the values is of one of the types."""
    validator = Draft202012Validator({"type": types if isinstance(types, str) else list(types)})
    return any(map(validator.is_valid, values))


_KEYWORDS = (
    "minimum maximum multipleOf minLength maxLength pattern minItems uniqueItems minProperties "
    "maxProperties required properties properties properties patternProperties "
    "additionalProperties unevaluatedProperties unevaluatedItems items prefixItems contains oneOf "
    "oneOf anyOf anyOf not if then else allOf allOf const enum propertyNames dependentRequired "
    "dependentSchemas"
).split()
