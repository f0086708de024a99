"""Bodies that are JSON and no builder."""

from __future__ import annotations

from typing import Any

from ..calls.requests import Filling
from ..kinds.base import Kind
from ..values.jsontext import dumps, to_bytes
from ..values.problems import Problem, ValidationError


def json_body(value: Any, kind: Kind, fill: Filling | None = None) -> bytes:
    """The JSON of a value, with the keys that events in it lack.

    Raises:
        ValidationError: not what the document allows; lists every problem.
    """
    problems: list[Problem] = []
    kept = kind.check(value, (), problems, False)
    if problems:
        raise ValidationError("body", problems)
    data = kind.dump(kept)
    if fill is not None:
        fill.within(kept, data)
    return to_bytes(dumps(data))
