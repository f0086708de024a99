"""A jsonschema error → the one fault a person has to mend, in a person's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from .advice import NEW_IN_3_1
from .diagnostics import did_you_mean
from .pointers import Tokens
from .summary import plural

Rule: TypeAlias = Callable[[Any], tuple[str, Tokens]]
"""What is wrong, and below which key, of an error that breaks one keyword."""

_REFERENCE = "'$ref' is a required property"


def telling(error: Any) -> Any:
    """Below an `anyOf` or `oneOf`: the error in the arm that came closest, most likely meant.

    OpenAPI's own schema says "this, or a reference to this" everywhere; nobody who wrote no `$ref`
    wants to hear that it is missing.
    """
    while error.context and error.validator in ("anyOf", "oneOf"):
        arms: dict[Any, list[Any]] = {}
        for each in error.context:
            arms.setdefault(each.schema_path[0], []).append(each)
        meant = [arm for arm in arms.values() if not any(e.message == _REFERENCE for e in arm)]
        error = min(min(meant or list(arms.values()), key=_distance), key=_weight)
    return error


def _distance(arm: Any) -> tuple[bool, int, int]:
    """How far a value is from an arm: another kind altogether, then the number of faults."""
    foreign = any(e.validator in ("type", "enum", "const") and len(e.path) <= 1 for e in arm)
    return foreign, len(arm), -max(len(e.path) for e in arm)


def _weight(error: Any) -> int:
    order = ("type", "enum", "const", "additionalProperties", "unevaluatedProperties", "required")
    return order.index(error.validator) if error.validator in order else len(order)


def describe(error: Any) -> tuple[str, Tokens]:
    """What is wrong, and below which key of the error's value, if one is to blame."""
    if not isinstance(error.validator, str):
        return _short(error.message), ()
    rule = _RULES.get(error.validator)
    if rule:
        return rule(error)
    # jsonschema's own messages print whole values, which may be megabytes.
    return f"{show(error.instance)} breaks the rule '{error.validator}'", ()


def _required(error: Any) -> tuple[str, Tokens]:
    missing = [key for key in error.validator_value if key not in error.instance]
    # One error comes per missing key; its message names which.
    key = next((key for key in missing if error.message.startswith(repr(key))), missing[0])
    return f"'{key}' is required here", ()


def _unknown(error: Any) -> tuple[str, Tokens]:
    known = error.schema.get("properties", {})
    patterns = ("x-", *known)
    extra = [
        key for key in error.instance if key not in known and not key.startswith(("x-", "$ref"))
    ]
    named = [key for key in extra if f"'{key}'" in error.message] or extra
    if not named:
        return "a key in this object is not allowed", ()
    key = named[0]
    near = "" if key in NEW_IN_3_1 else did_you_mean(key, patterns)
    return f"the key '{key}' is not allowed here{near}", (key,)


def _enum(error: Any) -> tuple[str, Tokens]:
    allowed = [value for value in error.validator_value if isinstance(value, str)]
    near = did_you_mean(error.instance, allowed) if isinstance(error.instance, str) else ""
    if near:
        return f"{show(error.instance)} is not allowed here{near}", ()
    return f"{show(error.instance)} is not one of {_either(error.validator_value)}", ()


def _type(error: Any) -> tuple[str, Tokens]:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return f"{show(error.instance)} is not of type {' or '.join(kinds)}", ()


def _pattern(error: Any) -> tuple[str, Tokens]:
    return f"{show(error.instance)} does not match {error.validator_value}", ()


def _format(error: Any) -> tuple[str, Tokens]:
    return f"{show(error.instance)} is not a valid {error.validator_value}", ()


def _bound(words: str) -> Rule:
    return lambda error: (f"{show(error.instance)} is {words} {error.validator_value}", ())


def _limit(side: str) -> Rule:
    """`minimum` or `maximum`, which in OpenAPI 3.0 `exclusive…: true` sharpens."""
    words = {"minimum": ("less", "greater"), "maximum": ("greater", "less")}[side]
    sharpened = f"exclusive{side.capitalize()}"

    def told(error: Any) -> tuple[str, Tokens]:
        if error.schema.get(sharpened) is True:
            return _bound(f"not {words[1]} than")(error)
        return _bound(f"{words[0]} than the {side},")(error)

    return told


def _length(words: str, unit: str) -> Rule:
    return lambda error: (
        f"{show(error.instance)} is {words} than {plural(error.validator_value, unit)}",
        (),
    )


def _count(word: str, unit: str) -> Rule:
    def told(error: Any) -> tuple[str, Tokens]:
        what = "list" if unit == "item" else "object"
        if not error.instance and error.validator_value == 1:
            return f"this {what} must not be empty", ()
        found, wanted = len(error.instance), error.validator_value
        return f"this {what} has {plural(found, unit)}, and needs at {word} {wanted}", ()

    return told


def _const(error: Any) -> tuple[str, Tokens]:
    return f"{show(error.instance)} is not {show(error.validator_value)}", ()


def _one_of(error: Any) -> tuple[str, Tokens]:
    return f"{show(error.instance)} fits more than one schema of `oneOf`", ()


def _unique(error: Any) -> tuple[str, Tokens]:
    items = error.instance
    index = next((n for n, item in enumerate(items) if item in items[:n]), 0)
    return "this is in the list already", (str(index),)


_RULES: Mapping[str, Rule] = {
    "uniqueItems": _unique,
    "required": _required,
    "additionalProperties": _unknown,
    "unevaluatedProperties": _unknown,
    "enum": _enum,
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "minimum": _limit("minimum"),
    "maximum": _limit("maximum"),
    "exclusiveMinimum": _bound("not greater than"),
    "exclusiveMaximum": _bound("not less than"),
    "multipleOf": _bound("no multiple of"),
    "minLength": _length("shorter", "character"),
    "maxLength": _length("longer", "character"),
    "minItems": _count("least", "item"),
    "maxItems": _count("most", "item"),
    "minProperties": _count("least", "key"),
    "maxProperties": _count("most", "key"),
    "const": _const,
    "oneOf": _one_of,
}


def show(value: Any) -> str:
    """A value in a message: short, as JSON would have it."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return _short(f"'{value}'" if isinstance(value, str) else str(value))


def _either(values: Iterable[Any]) -> str:
    return ", ".join(show(value) for value in values)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
