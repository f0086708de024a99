"""The error texts in the JSON of a refusal, read one by one: a list may be long, or cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder

_WHITE = re.compile(r"[ \t\n\r]*")
_MOST_MEMBERS = 1000
_decode = JSONDecoder(strict=False).raw_decode


def error_texts(body: bytes, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts in the list, or the one text, that the keys lead to.

    What is no text comes as it stands in the body. Of a body that breaks off, or is not JSON after
    all, what was there until then.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        at = _skip(text, 0)
        for key in keys:
            at = _value_of(text, at, key)
        if text[at : at + 1] == "[":
            yield from _elements(text, at)
        elif text[at : at + 1] == '"':
            yield _decode(text, at)[0]
    except (ValueError, RecursionError):
        return


def _skip(text: str, at: int) -> int:
    match = _WHITE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, character: str) -> int:
    """Where the text goes on after a character and white space. Raises ValueError."""
    if text[at : at + 1] != character:
        raise ValueError(character)
    return _skip(text, at + 1)


def _value_of(text: str, at: int, key: str) -> int:
    """Where the value of a key begins in the object at `at`. Raises ValueError."""
    at = _expect(text, at, "{")
    for _ in range(_MOST_MEMBERS):
        name, at = _decode(text, at)
        at = _expect(text, _skip(text, at), ":")
        if name == key:
            return at
        _, at = _decode(text, at)
        at = _expect(text, _skip(text, at), ",")
    raise ValueError(key)


def _elements(text: str, at: int) -> Iterator[str]:
    at = _expect(text, at, "[")
    while text[at : at + 1] != "]":
        value, end = _decode(text, at)
        yield value if isinstance(value, str) else text[at:end]
        at = _skip(text, end)
        if text[at : at + 1] != "]":
            at = _expect(text, at, ",")
