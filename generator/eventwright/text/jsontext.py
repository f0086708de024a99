"""JSON text → data, with positions found only when someone asks.

Loading stays near the cost of `json.loads`; what explains an error is computed on the way out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .exactnumbers import DIGITS, real
from .pointers import Tokens
from .positions import BadText, Problem

if TYPE_CHECKING:
    from .jsonvalues import Json

MAX_DEPTH = 200
"""Objects and arrays within each other: documents need 30; later stages recurse on this."""

# Compiled when used: commands that only ask for the version should not pay for it.
_TOKEN = r'(?s:"(?:[^"\\]|\\.)*"|[{}\[\],:])'
_NUMBER = r'(?s:"(?:[^"\\]|\\.)*")|(-?Infinity|NaN|-?[0-9][0-9.eE+-]*)'
_UNSTRUCTURED = bytes(set(range(256)) - set(b'{}[]"'))
_BRACES = bytes.maketrans(b"[]", b"{}")


def parse_json(text: str) -> tuple[Json, JsonPositions]:
    """The data and the positions of a JSON text. Raises BadText."""
    repeated = False

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        nonlocal repeated
        result = dict(pairs)
        repeated = repeated or len(result) != len(pairs)
        return result

    try:
        data: Json = json.loads(
            text, object_pairs_hook=members, parse_constant=_constant, parse_float=real
        )
    except json.JSONDecodeError as error:
        raise BadText([_syntax(text, error)]) from None
    except RecursionError:
        raise BadText([_too_deep(text)]) from None
    except ValueError:
        raise BadText([_number(text)]) from None
    if _deeper(text, MAX_DEPTH):
        raise BadText([_too_deep(text)])
    if repeated:
        raise BadText(list(_duplicates(text)))
    return data, JsonPositions(text)


class JsonPositions:
    """Positions in a valid JSON text; each object or array is scanned once, when first asked."""

    __slots__ = ("_blank", "_decode", "_known", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, dict[str, tuple[int, int]]] = {}
        self._blank = re.compile(r"[ \t\n\r]*")
        self._decode = json.JSONDecoder().raw_decode

    def find(self, tokens: Sequence[str]) -> int:
        at = shown = self._skip(0)
        for token in tokens:
            member = self._members(at).get(token)
            if member is None:
                break
            shown, at = member
        return shown

    def _members(self, at: int) -> dict[str, tuple[int, int]]:
        if at not in self._known:
            scan = {"{": self._object, "[": self._array}.get(self._text[at])
            self._known[at] = {key: (a, b) for key, a, b in scan(at)} if scan else {}
        return self._known[at]

    def _object(self, at: int) -> Iterator[tuple[str, int, int]]:
        at = self._skip(at + 1)
        while self._text[at] == '"':
            key, end = self._decode(self._text, at)
            value = self._skip(self._skip(end) + 1)
            yield key, at, value
            at = self._next(value)

    def _array(self, at: int) -> Iterator[tuple[str, int, int]]:
        at = self._skip(at + 1)
        index = 0
        while self._text[at] != "]":
            yield str(index), at, at
            at = self._next(at)
            index += 1

    def _next(self, value: int) -> int:
        """From a value to what follows its comma, or to the closing bracket."""
        at = self._skip(self._decode(self._text, value)[1])
        return self._skip(at + 1) if self._text[at] == "," else at

    def _skip(self, at: int) -> int:
        found = self._blank.match(self._text, at)
        return found.end() if found else at


def _walk(text: str, end: int) -> Iterator[tuple[int, str, list[str | int | None]]]:
    """Each bracket, comma, colon and string before `end`, and the path it leaves us on.

    None stands for a key that is not there yet. Works on malformed text too.
    """
    path: list[str | int | None] = []
    word = ""
    for found in re.compile(_TOKEN).finditer(text, 0, end):
        token = found[0]
        if token in "{[":
            path.append(None if token == "{" else 0)
        elif token in "}]":
            path[-1:] = []
        elif token == "," and path:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else None
        elif token == ":" and path:
            path[-1] = word
        elif token not in ",:":
            word = _unquoted(token)
        yield found.start(), token, path


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def _path_at(text: str, end: int) -> Tokens:
    path: list[str | int | None] = []
    for _, _, reached in _walk(text, end):
        path = reached
    return tuple(str(token) for token in path if token is not None)


def _syntax(text: str, error: json.JSONDecodeError) -> Problem:
    offset, message, help = error.pos, error.msg[:1].lower() + error.msg[1:], ""
    before = text[:offset].rstrip()
    comma = before.endswith(",") and text[offset : offset + 1] in ("}", "]")
    if comma or error.msg.startswith("Illegal trailing comma"):
        # Which of the two places is named depends on the Python version.
        offset = len(before) - 1 if comma else offset
        message, help = "a comma before the closing bracket", "remove the comma"
    elif offset >= len(text.rstrip()):
        message, help = "the text ends too early", "a closing bracket or quote is missing"
    return Problem("E006", f"malformed JSON: {message}", offset, _path_at(text, offset), help)


def _deeper(text: str, limit: int) -> bool:
    """Whether the brackets of a valid text nest deeper than `limit`, with no loop over characters.

    Keep brackets (all as braces) and quotes, drop strings; each erasing of `{}` is then one level.
    """
    escaped = text.encode("utf-8", "surrogatepass").replace(b"\\\\", b"").replace(b'\\"', b"")
    # An even number of quotes in a row neither opens nor closes anything.
    left = escaped.translate(_BRACES, _UNSTRUCTURED).replace(b'""', b"")
    left = re.sub(rb'"[^"]*"', b"", left)
    for _ in range(limit):
        left = left.replace(b"{}", b"")
        if not left:
            return False
    return True


def _too_deep(text: str) -> Problem:
    for offset, _, path in _walk(text, len(text)):
        if len(path) > MAX_DEPTH:
            tokens = tuple(str(token) for token in path[:8] if token is not None)
            message = f"objects and arrays are nested more than {MAX_DEPTH} deep"
            return Problem("E013", message, offset, tokens, "flatten the document with $ref")
    raise AssertionError("a text that is too deep has a place where it is")


def _duplicates(text: str) -> Iterator[Problem]:
    seen: list[set[str]] = []
    quoted = (0, "")
    for offset, token, path in _walk(text, len(text)):
        if token in "{[":
            seen.append(set())
        elif token in "}]":
            seen.pop()
        elif token == ":":
            key = str(path[-1])
            if key in seen[-1]:
                tokens = tuple(map(str, path))
                yield Problem("E008", f"the key '{key}' is here twice", quoted[0], tokens, _TWICE)
            seen[-1].add(key)
        elif token != ",":
            quoted = (offset, token)


_TWICE = "remove or rename one of the two: readers disagree on which one counts"


def _constant(name: str) -> Json:
    raise ValueError(name)


def _number(text: str) -> Problem:
    """The number that made parsing fail: NaN, Infinity, 1e999, or more digits than Python takes."""
    for found in re.finditer(_NUMBER, text):
        if found[1] and not _usable(found[1]):
            shown = found[1] if len(found[1]) < 30 else f"{found[1][:20]}…"
            tokens = _path_at(text, found.start())
            message = f"{shown} is not a number JSON can hold"
            return Problem("E014", message, found.start(), tokens, "write a finite number")
    raise AssertionError("a text with a bad number has a place where it is")


def _usable(number: str) -> bool:
    try:
        # Python refuses integers of more digits than this unless told otherwise.
        whole = number.lstrip("-").isdigit()
        return len(number) <= DIGITS if whole else bool(repr(real(number)))
    except ValueError:
        return False
