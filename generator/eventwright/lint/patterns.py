"""Patterns that no text is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.remarks import Remark
from ..patterns.translate import Fault, Unchecked, examine
from ..text.pointers import Tokens, join_pointer

_NOTES: Mapping[Fault, tuple[str, str]] = {
    "inexpressible": ("N201", "spell it with what both have, such as classes of characters"),
    "exponential": ("N202", "write it so that a text can match in one way only"),
    "syntax": ("N203", "correct it: JSON Schema asks for a regular expression of ECMA-262"),
}


def unchecked_patterns(at: Tokens, schema: Mapping[str, Any], *, legacy: bool) -> Iterator[Remark]:
    """Those that are no regular expressions, that Python has not, or that may never end."""
    if legacy and "$ref" in schema:
        return
    for place, pattern in _patterns(schema):
        found = examine(pattern)
        if isinstance(found, Unchecked):
            code, help = _NOTES[found.fault]
            message = f"the pattern {pattern} is not checked: {found.reason}"
            yield Remark(code=code, message=message, at=join_pointer((*at, *place)), help=help)


def _patterns(schema: Mapping[str, Any]) -> Iterator[tuple[Tokens, str]]:
    if isinstance(schema.get("pattern"), str):
        yield ("pattern",), schema["pattern"]
    named = schema.get("patternProperties")
    for pattern in named if isinstance(named, dict) else ():
        yield ("patternProperties", pattern), pattern
