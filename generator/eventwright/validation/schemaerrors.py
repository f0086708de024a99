"""A jsonschema error → the one fault a person has to mend, in a person's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from ..diagnostics.diagnostic import did_you_mean
from ..quick.summary import plural
from ..schema.schema import identity
from ..text.pointers import Tokens
from .advice import NEW_IN_3_1

Rule: TypeAlias = Callable[[Any], str]
"""What is wrong, of an error that breaks one keyword."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: below which key of the error's value it is, if one is to blame, and the
    words for it, worked out when they are shown."""

    key: Tokens
    words: Callable[[], str]


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


def _distance(arm: Any) -> tuple[bool, bool, int, int]:
    """How far a value is from an arm: of another type, then of another kind, then the number of
    faults."""
    other = any(e.validator == "type" and not e.path for e in arm)
    foreign = any(e.validator in ("type", "enum", "const") and len(e.path) <= 1 for e in arm)
    return other, foreign, len(arm), -max(len(e.path) for e in arm)


def _weight(error: Any) -> int:
    order = ("type", "enum", "const", "additionalProperties", "unevaluatedProperties", "required")
    return order.index(error.validator) if error.validator in order else len(order)


def faults(error: Any) -> Iterator[Fault]:
    """What is wrong, in a person's words: one fault, or one for each key that is not allowed."""
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        yield from _unknown(error)
    elif error.validator == "uniqueItems":
        yield Fault((str(_repeated(error.instance)),), lambda: "this is in the list already")
    else:
        yield Fault((), lambda: _said(error))


def describe(error: Any) -> str:
    """The first of an error's faults, in words."""
    return next(faults(error)).words()


def _said(error: Any) -> str:
    if not isinstance(error.validator, str):
        return _short(error.message)
    rule = _RULES.get(error.validator)
    # jsonschema's own messages print whole values, which may be megabytes.
    return rule(error) if rule else _broken(error)


def _required(error: Any) -> str:
    missing = [key for key in error.validator_value if key not in error.instance]
    # One error comes per missing key; its message names which.
    key = next((key for key in missing if error.message.startswith(repr(key))), missing[0])
    return f"'{key}' is required here"


def _unknown(error: Any) -> Iterator[Fault]:
    known = error.schema.get("properties", {})
    extra = [
        key for key in error.instance if key not in known and not key.startswith(("x-", "$ref"))
    ]
    # What other parts of the schema allow is not named in the message.
    named = set(_QUOTED.findall(error.message))
    faulty = [key for key in extra if repr(key) in named] or extra
    for key in faulty:
        yield Fault((key,), partial(_not_allowed, key, known))
    if not faulty:
        yield Fault((), lambda: "a key in this object is not allowed")


_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
"""A text as Python prints it."""


def _not_allowed(key: str, known: Iterable[str]) -> str:
    near = "" if key in NEW_IN_3_1 else did_you_mean(key, ("x-", *known))
    return f"the key '{key}' is not allowed here{near}"


def _enum(error: Any) -> str:
    allowed = [value for value in error.validator_value if isinstance(value, str)]
    near = did_you_mean(error.instance, allowed) if isinstance(error.instance, str) else ""
    if near:
        return f"{show(error.instance)} is not allowed here{near}"
    return f"{show(error.instance)} is not one of {_either(error.validator_value)}"


def _type(error: Any) -> str:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return f"{show(error.instance)} is not of type {' or '.join(kinds)}"


def _pattern(error: Any) -> str:
    return f"{show(error.instance)} does not match {error.validator_value}"


def _format(error: Any) -> str:
    return f"{show(error.instance)} is not a valid {error.validator_value}"


def _minimum(error: Any) -> str:
    """Sharpened by `exclusiveMinimum: true` in OpenAPI 3.0's own schema."""
    if error.schema.get("exclusiveMinimum") is True:
        return _above(error)
    return f"{show(error.instance)} is less than the minimum, {error.validator_value}"


def _above(error: Any) -> str:
    return f"{show(error.instance)} is not greater than {error.validator_value}"


def _count(word: str, unit: str) -> Rule:
    def told(error: Any) -> str:
        what = "list" if unit == "item" else "object"
        if not error.instance and error.validator_value == 1:
            return f"this {what} must not be empty"
        found, wanted = len(error.instance), error.validator_value
        return f"this {what} has {plural(found, unit)}, and needs at {word} {wanted}"

    return told


def _const(error: Any) -> str:
    return f"{show(error.instance)} is not {show(error.validator_value)}"


def _not(error: Any) -> str:
    keys = error.validator_value.get("required", ())
    if len(keys) == 2:
        return f"'{keys[0]}' and '{keys[1]}' exclude each other"
    return _broken(error)


def _dependencies(error: Any) -> str:
    for key, needed in error.validator_value.items():
        missing = [each for each in needed if each not in error.instance]
        if key in error.instance and isinstance(needed, list) and missing:
            return f"'{missing[0]}' is required beside '{key}'"
    return _broken(error)


def _broken(error: Any) -> str:
    return f"{show(error.instance)} breaks the rule '{error.validator}'"


def _one_of(error: Any) -> str:
    return f"{show(error.instance)} fits more than one schema of `oneOf`"


def _repeated(items: list[Any]) -> int:
    """Where the first item is that stands in a list twice."""
    seen: set[Hashable] = set()
    for index, item in enumerate(items):
        if identity(item) in seen:
            return index
        seen.add(identity(item))
    return 0


_RULES: Mapping[str, Rule] = {
    "required": _required,
    "enum": _enum,
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "minimum": _minimum,
    "exclusiveMinimum": _above,
    "minItems": _count("least", "item"),
    "minProperties": _count("least", "key"),
    "maxProperties": _count("most", "key"),
    "const": _const,
    "oneOf": _one_of,
    "not": _not,
    "dependencies": _dependencies,
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
