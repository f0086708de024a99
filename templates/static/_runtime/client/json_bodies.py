"""Bodies that are JSON and no builder."""

from __future__ import annotations

from typing import Any

from ..kinds.base import Kind
from ..values.jsontext import dumps, to_bytes
from ..values.problems import Problem, ValidationError


def json_body(value: Any, kind: Kind) -> bytes:
    """The JSON of a value.

    Raises:
        ValidationError: not what the document allows; lists every problem.
    """
    problems: list[Problem] = []
    kept = kind.check(value, (), problems, False)
    if problems:
        raise ValidationError("body", problems)
    return to_bytes(dumps(kind.dump(kept)))
