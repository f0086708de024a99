"""What is wrong with a value: one error that lists every problem with its JSON path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from .numbers import WireNumber

Path: TypeAlias = "tuple[str | int, ...]"
"""The keys and indexes that lead from the whole value to a part of it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_VALUE = 80
_LEVELS = 3
# Whoever sends an object of very many keys shall not make its refusal expensive.
_MOST_LOOKED_AT = 50
_LONGEST = 80
_ALIKE = 0.7
"""By difflib's ratio: 'andriod' is like 'android', 'windows' is not like 'ios'."""
_CONVERSIONS = {
    ("a string", "UUID"): "str(…)",
    ("a string", "bytes"): "….decode()",
    ("a string", "datetime"): "….isoformat()",
    ("a string", "date"): "….isoformat()",
    ("a number", "Decimal"): "float(…)",
    ("an integer", "Decimal"): "int(…)",
    ("an aware datetime", "str"): "datetime.fromisoformat(…)",
    ("an aware datetime", "date"): "datetime.combine(…, time(), timezone.utc)",
    ("a datetime.date", "str"): "date.fromisoformat(…)",
    ("a datetime.date", "datetime"): "….date()",
    ("a JSON value", "UUID"): "str(…)",
    ("a JSON value", "Decimal"): "float(…)",
    ("a JSON value", "bytes"): "base64.b64encode(…).decode()",
    ("a JSON value", "datetime"): "….isoformat()",
    ("a JSON value", "date"): "….isoformat()",
    ("a JSON value", "set"): "list(…)",
    ("a JSON value", "frozenset"): "list(…)",
}
"""(what was expected, the class of what came) → what makes the one of the other."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was expected there, what came."""

    keys: Path
    expected: str
    got: str
    choices: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """The texts that were allowed, where a text came that is none of them."""

    @property
    def path(self) -> str:
        """The place as a JSONPath (RFC 9535): `$.context.device.token`, `$.items[0]['a b']`."""
        return "$" + "".join(map(_step, self.keys))

    def __str__(self) -> str:
        near = nearest(self.got.strip("'\""), self.choices)
        meant = f"; did you mean {near!r}?" if near else ""
        return f"{self.path}: expected {self.expected}, got {self.got}{meant}"


class ValidationError(ValueError):
    """A value that the document does not allow.

    Attributes:
        subject: what was to be built, the name of a class.
        problems: every `Problem` that was found, never empty.
    """

    def __init__(self, subject: str, problems: Sequence[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(subject, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        listed = "".join(f"\n  {problem}" for problem in self.problems)
        return f"invalid {self.subject}: {count} problem{'s' if count != 1 else ''}{listed}"


def shown(value: Any) -> str:
    """A value for an error message: its repr, cut to a readable length, and its type."""
    if value is None:
        return "null"
    if isinstance(value, str):
        text = str.__str__(value)
        return _cut(repr(text) if text.isprintable() else ascii(text))
    kind = "float" if value.__class__ is WireNumber else type(value).__name__
    if isinstance(value, (int, float, dict, list, tuple)):
        return f"{_cut(_text(value, _LEVELS))} ({kind})"
    return f"an object of type {kind}"


def _text(value: Any, levels: int) -> str:
    """A repr that no subclass, size or depth can make fail."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, str):
        return ascii(str.__str__(value)[:_LONGEST_VALUE])
    if isinstance(value, int):
        bits = int.bit_length(value)
        return int.__repr__(value) if bits < 2000 else f"a number of {bits} bits"
    if isinstance(value, float):
        own = value.__class__ is WireNumber
        return repr(value) if own else float.__repr__(value)
    if levels and _nests(value):
        return _container(value, levels - 1)
    return f"<{type(value).__name__}>"


def _nests(value: object) -> bool:
    return isinstance(value, (dict, list)) or value.__class__ is tuple


def _container(value: dict[Any, Any] | list[Any] | tuple[Any, ...], levels: int) -> str:
    if isinstance(value, dict):
        items = islice(dict[Any, Any].items(value), _LONGEST_VALUE)
        pairs = (f"{_text(k, levels)}: {_text(v, levels)}" for k, v in items)
        return f"{{{', '.join(pairs)}}}"
    plain = list[Any].copy(value) if isinstance(value, list) else value
    inner = ", ".join(_text(item, levels) for item in plain[:_LONGEST_VALUE])
    if isinstance(value, list):
        return f"[{inner}]"
    return f"({inner},)" if len(value) == 1 else f"({inner})"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{key!a}]"


def conversion(expected: str, value: object) -> str:
    """`; use str(…)` where that makes the value what was expected, else nothing."""
    written = _CONVERSIONS.get((expected, type(value).__name__))
    return f"; use {written}" if written else ""


def nearest(text: str, choices: Sequence[str]) -> str:
    """The one of `choices` that is most like `text`, "" where none is."""
    if not choices or len(text) > _LONGEST:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(text, choices[:_MOST_LOOKED_AT], 1, _ALIKE)
    return near[0] if near else spelt_alike(text, choices) or ""


def spelt_alike(key: str, others: Iterable[object]) -> str | None:
    """The one that differs in case, underscores and hyphens alone: `delivery_id`, `deliveryId`."""
    letters = _letters(key)
    for other in islice(others, _MOST_LOOKED_AT):
        if isinstance(other, str) and _letters(other) == letters:
            return str.__str__(other)
    return None


def _letters(key: str) -> str:
    return str.casefold(key).replace("_", "").replace("-", "")
