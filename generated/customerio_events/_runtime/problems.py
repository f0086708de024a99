"""What is wrong with a value: one error that lists every problem with its JSON path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
"""The keys and indexes that lead from the whole value to a part of it."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_VALUE = 80


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was expected there, what came."""

    keys: Path
    expected: str
    got: str

    @property
    def path(self) -> str:
        """The place as a JSONPath (RFC 9535): `$.context.device.token`, `$.items[0]['a b']`."""
        return "$" + "".join(map(_step, self.keys))

    def under(self, keys: Path) -> Problem:
        """The same problem seen from further out."""
        return Problem(keys + self.keys, self.expected, self.got)

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}"


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


def shown(value: object) -> str:
    """A value for an error message: its repr, cut to a readable length, and its type."""
    if value is None:
        return "null"
    if isinstance(value, (bool, int, float)):
        return f"{_cut(repr(value))} ({type(value).__name__})"
    if isinstance(value, str):
        return _cut(ascii(value) if not value.isprintable() else repr(value))
    kind = type(value).__name__
    containers = ("dict", "list", "tuple", "FrozenDict", "FrozenList")
    return (
        f"{_cut(ascii(value))} ({kind})"
        if kind in containers
        else f"an object of type {kind}"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{key!a}]"
