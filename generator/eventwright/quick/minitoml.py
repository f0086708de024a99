"""A reader for the plain part of TOML, without imports.

`tomllib` costs as much as starting Python (it needs `re` and `datetime`), and the quick `check`
reads one small file. What is read here is read exactly as `tomllib` reads it; at the first thing
out of the ordinary the answer is None, and the caller asks `tomllib`.
"""

from __future__ import annotations

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_TROUBLE = ("\\", '"""', "'''", "\r", "\x7f")

Table = dict[str, object]


class _Unusual(Exception):
    pass


def read(text: str) -> Table | None:
    """The document as `tomllib.loads` gives it, or None where it is not plain."""
    if any(part in text for part in _TROUBLE) or _has_controls(text):
        return None
    try:
        return _Reader(text).document()
    except _Unusual:
        return None


def _has_controls(text: str) -> bool:
    return min(text.replace("\n", " ").replace("\t", " "), default=" ") < " "


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text + "\n"
        self.at = 0

    def document(self) -> Table:
        root: Table = {}
        table = root
        while self._more():
            if self._peek() == "[":
                table = self._header(root)
            else:
                key = self._key()
                self._expect("=")
                _need(key not in table)
                table[key] = self._value()
            self._end_of_line()
        return root

    def _header(self, root: Table) -> Table:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path = [self._key()]
        while self._peek() == ".":
            self.at += 1
            path.append(self._key())
        for _ in range(2 if many else 1):
            _need(self.text[self.at] == "]")
            self.at += 1
        return _open(root, path, many)

    def _key(self) -> str:
        if self._peek() in "\"'":
            return self._string()
        start = self.at
        while self.text[self.at] in _BARE:
            self.at += 1
        key = self.text[start : self.at]
        _need(key != "")
        self._peek()
        return key

    def _value(self) -> object:
        first = self._peek()
        if first in "\"'":
            return self._string()
        if first == "[":
            return self._array()
        word = self._key()
        if word in ("true", "false"):
            return word == "true"
        _need(word.isdecimal() and word.isascii() and (word == "0" or word[0] != "0"))
        return int(word)

    def _string(self) -> str:
        quote = self.text[self.at]
        end = self.text.find(quote, self.at + 1)
        _need(end >= 0)
        value = self.text[self.at + 1 : end]
        _need("\n" not in value)
        self.at = end + 1
        self._peek()
        return value

    def _array(self) -> list[object]:
        self.at += 1
        items: list[object] = []
        while self._more() and self._peek() != "]":
            items.append(self._value())
            self._more()
            _need(self._peek() in (",", "]"))
            self.at += self._peek() == ","
        self._expect("]")
        return items

    def _peek(self) -> str:
        """The next character that is no blank."""
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1
        return self.text[self.at : self.at + 1] or "\n"

    def _more(self) -> bool:
        """Skip blank lines and comments; is anything left?"""
        while self.at < len(self.text) and self._peek() in "#\n":
            self.at = self.text.find("\n", self.at) + 1
        return self.at < len(self.text)

    def _expect(self, character: str) -> None:
        _need(self._peek() == character)
        self.at += 1

    def _end_of_line(self) -> None:
        _need(self._peek() in "#\n")


def _need(condition: bool) -> None:
    if not condition:
        raise _Unusual


def _open(root: Table, path: list[str], many: bool) -> Table:
    """The table that a header opens: always a new one, since reopening is not plain."""
    table = root
    for key in path[:-1]:
        inner = table.setdefault(key, {})
        if isinstance(inner, list):
            _need(bool(inner))
            inner = inner[-1]
        if not isinstance(inner, dict):
            raise _Unusual
        table = inner
    new: Table = {}
    known = table.get(path[-1])
    if many and isinstance(known, list) and known and isinstance(known[0], dict):
        known.append(new)
    else:
        _need(known is None)
        table[path[-1]] = [new] if many else new
    return new
