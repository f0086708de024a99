"""Wire paths: `context.device.tokens[]`, unambiguous whatever the keys are."""

from __future__ import annotations

import json
import re

from ...text.jsonvalues import Json

_PLAIN = re.compile(r"[A-Za-z0-9_$-]+")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_STEP = re.compile(
    rf"\.(?:{_QUOTED}|/{_QUOTED}/|\*|[A-Za-z0-9_$-]+)|\[[0-9]*\]|<(?:{_QUOTED}|[^>]*)>|[^.\[<]+"
)
_LONGEST = 80


def key(wire: str) -> str:
    """The step into a declared key: `.token`, or `."a.b"` for one that is not plain."""
    return f".{_word(wire)}"


def item(index: int | None = None) -> str:
    """The step into an array: any item, or the one at `index` of a tuple."""
    return "[]" if index is None else f"[{index}]"


def extra() -> str:
    """The step into the undeclared keys of an object."""
    return ".*"


def matching(pattern: str) -> str:
    """The step into the keys that match a regular expression."""
    return f"./{json.dumps(pattern, ensure_ascii=False)}/"


def arm(literal: str) -> str:
    """The step into one arm of a tagged union."""
    return f"<{_word(literal)}>"


def steps(path: str) -> list[str]:
    """The steps of a path that begins with one."""
    return _STEP.findall(path)


def show(value: Json) -> str:
    """A value for a message: JSON, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _word(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
