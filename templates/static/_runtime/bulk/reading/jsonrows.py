"""JSON Lines, and arrays of JSON: objects, one after the other, in flat memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, cast

from ...values.jsontext import loads
from ...values.problems import Problem, shown
from .source import LONGEST, Fault, InputError, Row, RowError, Source, decoded

_BLANK = re.compile(r"[ \t\r\n]*")
_SCANNER = json.JSONDecoder()
_UNREAD = "what follows is not read"


def json_lines(source: Source) -> Iterator[Row | Fault]:
    """Each line of JSON Lines; blank ones count for nothing."""
    for number, line in source.lines():
        if line is not None and (not line or line.isspace()):
            continue
        came: Any = None
        try:
            came = decoded(line)
            yield Row(number, _object(came))
        except RowError as error:
            hint = ""
            if line and line.strip() in (b"{", b"["):
                hint = "; JSON Lines has one object a line: `jq -c .` writes it so"
            yield Fault(number, (f"{error}{hint}",), came)


def json_array(source: Source) -> Iterator[Row | Fault]:
    """Each element of an array. Of one that breaks off, what is before that."""
    text = _Text(source)
    try:
        text.expect("[")
        if text.next() == "]":
            text.expect("]")
        else:
            yield text.element()
            while text.next() == ",":
                text.expect(",")
                yield text.element()
            text.expect("]")
        if text.next():
            raise RowError("expected the end of the file behind the array")
    except RowError as error:
        yield Fault(text.line, (f"{error}; {_UNREAD}",))


def _object(text: str) -> dict[str, Any]:
    try:
        value = loads(text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at character {error.pos + 1}"
        raise RowError(message) from None
    except ValueError as error:
        raise RowError(_not_json(error)) from None
    if not isinstance(value, dict):
        raise RowError(str(Problem((), "an object", shown(value))))
    return cast("dict[str, Any]", value)


def _not_json(error: ValueError) -> str:
    text = str(error)
    if "set_int_max_str_digits" in text:  # advice for programmers
        text = text.partition(";")[0].replace("Exceeds", "an integer exceeds")
    return f"not JSON: {text}"


class _Text:
    """The text of an array, of which no more is in memory than an element needs."""

    def __init__(self, source: Source) -> None:
        self._chunks = source.chunks()
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def next(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._pass(blank.end() if blank else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Pass it. Raises RowError where another comes."""
        found = self.next()
        if found != character:
            got = shown(found) if found else "the end of the file"
            raise RowError(f"not JSON: expected {character!r}, got {got}")
        self._pass(self._at + 1)

    def element(self) -> Row | Fault:
        """The next element. Raises RowError where it has no end."""
        self.next()
        line, end = self.line, self._end()
        text = self._text[self._at : end]
        self._pass(end)
        try:
            return Row(line, _object(text))
        except RowError as error:
            return Fault(line, (str(error),), text)

    def _end(self) -> int:
        """Where the element ends that begins here."""
        while True:
            try:
                _, end = _SCANNER.raw_decode(self._text, self._at)
                if end < len(self._text):
                    return end
                if not self._more():  # else a number may go on
                    return len(self._text)
            except RecursionError:
                raise RowError("not JSON: nested too deeply") from None
            except json.JSONDecodeError as error:
                if not self._more():
                    raise RowError(f"not JSON: {error.msg}") from None
            except ValueError as error:
                raise RowError(_not_json(error)) from None

    def _more(self) -> bool:
        """Read as much again as there is; False at the end."""
        self._text, self._at = self._text[self._at :], 0
        wanted = 2 * len(self._text) + 1
        if wanted > 2 * LONGEST:
            raise RowError("an element has more than 16 MiB")
        before = len(self._text)
        parts = [self._text]
        while before < wanted and not self._ended:
            part = self._part()
            before += len(part)
            parts.append(part)
        grown = before > len(self._text)
        self._text = "".join(parts)
        return grown

    def _part(self) -> str:
        chunk = next(self._chunks, b"")
        self._ended = not chunk
        try:
            return self._decode(chunk, self._ended)
        except UnicodeDecodeError as error:
            line = (
                self.line + self._text.count("\n") + chunk[: error.start].count(b"\n")
            )
            message = (
                f"near line {line}: byte 0x{error.object[error.start]:02x} is not UTF-8"
            )
            raise InputError(message) from None

    def _pass(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end
