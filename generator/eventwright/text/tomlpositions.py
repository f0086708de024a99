"""Where the keys and tables of a TOML text are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .pointers import Tokens

_BARE = r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'"""
_PATH = rf"(?:{_BARE})(?:[ \t]*\.[ \t]*(?:{_BARE}))*"
_KEY = rf"(?P<key>{_PATH})[ \t]*=[ \t]*(?P<opens>[\[{{])?"
# What looks like a key in a comment or a text is none.
_TEXT = r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\''''
_COMMENT = r"#[^\n]*"

_STATEMENT = re.compile(
    rf"^[ \t]*(?:(?P<header>\[\[?)[ \t]*(?P<table>{_PATH})[ \t]*\]|{_KEY})|{_TEXT}|{_COMMENT}",
    re.MULTILINE | re.DOTALL,
)
_INSIDE = re.compile(
    rf"{_KEY}|{_COMMENT}|(?P<item>{_TEXT}|[^\s,#\[\]{{}}]+)|(?P<open>[\[{{])|(?P<sign>[,\]}}])",
    re.DOTALL,
)


class TomlPositions:
    """Finds the keys, tables and items of a valid TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[Tokens, int] | None = None

    def find(self, tokens: Sequence[str]) -> int:
        if self._known is None:
            self._known = {}
            for path, offset in _Scan(self._text).places():
                for end in range(1, len(path) + 1):
                    self._known.setdefault(path[:end], offset)
        known = (tuple(tokens[:end]) for end in range(len(tokens), 0, -1))
        return next((self._known[each] for each in known if each in self._known), 0)


@dataclass(slots=True)
class _Open:
    """An inline table, or an array with the index of the item that is being read."""

    path: Tokens
    index: int | None

    def below(self) -> Tokens:
        return self.path if self.index is None else (*self.path, str(self.index))


class _Scan:
    """One pass over a text. What is open is kept here: nothing recurses, however deep it is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._table: Tokens = ()
        self._counts: dict[Tokens, int] = {}
        self._open: list[_Open] = []

    def places(self) -> Iterator[tuple[Tokens, int]]:
        """The path of each key, header and item, and where it begins."""
        end = 0
        while found := (_INSIDE if self._open else _STATEMENT).search(self._text, end):
            end = found.end()
            said = found.groupdict()
            if said.get("table"):
                self._table = self._header(said["table"], array=said["header"] == "[[")
                yield self._table, found.start("header")
            elif said["key"]:
                path = (*self._below(), *_split(said["key"]))
                yield path, found.start("key")
                self._opened(said["opens"], path)
            elif said.get("item") or said.get("open"):
                yield self._below(), found.start()
                self._opened(said["open"], self._below())
            elif said.get("sign"):
                self._passed(said["sign"])

    def _below(self) -> Tokens:
        return self._open[-1].below() if self._open else self._table

    def _opened(self, bracket: str | None, path: Tokens) -> None:
        if bracket:
            self._open.append(_Open(path, 0 if bracket == "[" else None))

    def _passed(self, sign: str) -> None:
        last = self._open[-1]
        if sign != ",":
            self._open.pop()
        elif last.index is not None:
            last.index += 1

    def _header(self, name: str, *, array: bool) -> Tokens:
        """The path of a header, with the index of the item in each array of tables it names."""
        path: Tokens = ()
        parts = _split(name)
        for depth, part in enumerate(parts, 1):
            path = (*path, part)
            if array and depth == len(parts):
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, str(self._counts[path]))
        return path


def _split(key: str) -> Tokens:
    import tomllib

    tokens: list[str] = []
    data: Any = tomllib.loads(f"{key} = 0")
    while isinstance(data, dict):
        (token,) = data
        tokens.append(token)
        data = data[token]
    return tuple(tokens)
