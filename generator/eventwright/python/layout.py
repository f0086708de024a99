"""How Black breaks the statements that templates write, where that is a matter of brackets alone.

A statement is too long, or was broken for a name that turned out to be short: its last brackets are
opened, what is in them goes on one line if it fits, else each item on a line of its own. Where
anything else decides, operators above all, nothing is said: `None`, and Black is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

LINE_LENGTH = 88  # what common linters take import blocks to be wrapped at
INDENT = "    "

Where: TypeAlias = Literal["argument", "parameter", "element", "entry"]
"""What an item stands in: a call or an index, a `def`, a list or tuple, a dict or set."""

Hard: TypeAlias = Callable[[str, int, Where], "list[str]"]
"""Lays out an item that is beyond this module, a comma after it: its text, at that depth."""

_TOKENS = re.compile(
    r'(?P<string>[A-Za-z]{0,2}(?:"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'))'
    r"|(?P<word>\w+)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>, *)|(?P<break>\s*\n\s*)"
    r"|(?P<operator>->|==|[-+/%|&^~<>@!;#`\\]|\*+)|(?P<assign> = )|(?P<space> +)|(?P<other>.)"
)
_OPERATORS = frozenset(
    "and or not in is if else for lambda async from import as with yield await".split()
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def fits(line: str) -> bool:
    """Whether a line is no longer than Black wants it; wide characters count double."""
    if line.isascii() or len(line) > LINE_LENGTH:
        return len(line) <= LINE_LENGTH
    if 2 * len(line) <= LINE_LENGTH:
        return True
    from black.strings import str_width

    return str_width(line) <= LINE_LENGTH


class _Unforeseen(Exception):
    """Black is asked."""


@dataclass(slots=True)
class _Item:
    """What stands between two commas; or a statement.

    Attributes:
        parts: text and brackets, by turns in any order.
        operators: those outside of its brackets, where it could be broken as well.
        exploded: whether some brackets in it end with a comma that keeps them open.
    """

    parts: list[str | _Brackets] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    exploded: bool = False

    @property
    def simple(self) -> bool:
        """Whether nothing but its brackets could be broken."""
        return not self.operators

    @property
    def text(self) -> str:
        """On one line."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def source(self) -> str:
        """The same with the commas that keep brackets open."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)


@dataclass(slots=True)
class _Brackets:
    """Brackets and what is in them.

    Attributes:
        literal: whether they make a tuple, list, dict or set; else they call, index or group.
        comma: whether a comma ends them.
    """

    opening: str
    literal: bool
    items: list[_Item] = field(default_factory=list)
    comma: bool = False

    @property
    def text(self) -> str:
        """On one line."""
        end = "," if self.comma and not self.open else ""
        return self._joined(end)

    @property
    def source(self) -> str:
        """The same with the commas that keep brackets open."""
        return self._joined("," if self.comma else "", source=True)

    def _joined(self, end: str, *, source: bool = False) -> str:
        inner = ", ".join(item.source if source else item.text for item in self.items)
        return f"{self.opening}{inner}{end}{_CLOSING[self.opening]}"

    @property
    def open(self) -> bool:
        """Whether the comma keeps them open: one that makes a tuple of one does not."""
        if not self.comma:
            return False
        single = len(self.items) == 1
        one = single and (self.opening == "(" if self.literal else self.opening == "[")
        return not one

    @property
    def where(self) -> Where:
        """What their items are."""
        if not self.literal:
            return "argument"
        return "entry" if self.opening == "{" else "element"


def laid_out(statement: str, depth: int, hard: Hard) -> str | None:
    """A statement of one or more lines as Black writes it; None if Black has to be asked.

    `statement` is indented by `depth`; `hard` is asked for items.
    """
    try:
        return "\n".join(_Layout(hard).statement(statement.strip(), depth))
    except _Unforeseen:
        return None


class _Layout:
    def __init__(self, hard: Hard) -> None:
        self._hard = hard

    def statement(self, text: str, depth: int) -> Iterator[str]:
        word = text.partition(" ")[0]
        if word in ("def", "async"):
            return self._function(text, depth)
        if word == "from":
            return self._imported(text, depth)
        if word in ("return", "class"):
            return self._led(f"{word} ", text[len(word) + 1 :].lstrip(), depth)
        if word in _OPERATORS - {"await"}:
            raise _Unforeseen
        head, value = _target(text)
        return self._assigned(head, value, depth) if head else self._led("", text, depth)

    def _led(self, head: str, text: str, depth: int) -> Iterator[str]:
        """An expression, perhaps awaited, after a keyword or none."""
        awaited = "await " if text.startswith("await ") else ""
        item = _parsed(text.removeprefix(awaited))
        item.parts.insert(0, head + awaited)
        if not _groups(item) and not fits(INDENT * depth + item.text):
            raise _Unforeseen
        return self._rows(item, depth, "")

    def _assigned(self, head: str, text: str, depth: int) -> Iterator[str]:
        """Its value opened where it begins in the first line; else in parentheses."""
        indent, value, whole = INDENT * depth, _parsed(text), _parsed(text)
        whole.parts.insert(0, head)
        opened = _Item(parts=whole.parts[: _groups(whole)[-1]]).text if _groups(whole) else ""
        fitting = (
            fits(f"{indent}{opened}(") if opened and value.simple else fits(indent + whole.text)
        )
        if fitting or value.exploded:
            return self._rows(whole, depth, "")
        first = f"{indent}{head}("
        if not fits(first):
            return self._annotation(head, text, depth)
        if _is_union(value):
            rows = list(self._union(value.parts, depth + 1))
        else:
            rows = list(self._rows(value, depth + 1, ""))
        if not all(map(fits, rows)) or not (value.simple or _is_union(value)):
            raise _Unforeseen
        return iter([first, *rows, f"{indent})"])

    def _annotation(self, head: str, text: str, depth: int) -> Iterator[str]:
        """An annotation that leaves no room for a parenthesis behind it."""
        item, groups = _parsed(f"{head}{text}"), _groups(_parsed(head))
        if ":" not in head or item.exploded:
            raise _Unforeseen
        if item.operators or not groups:
            return self._annotated(item, depth, "")
        return self._opened(item, groups[-1], depth, "")

    def _function(self, text: str, depth: int) -> Iterator[str]:
        item = _parsed(text, operators=False)
        groups = _groups(item)
        at = groups[0] if groups else 0
        if not groups or not isinstance(found := item.parts[at], _Brackets) or not found.items:
            raise _Unforeseen
        tail = _Item(parts=[")", *item.parts[at + 1 :]])
        if any(part.open for part in item.parts[at + 1 :] if isinstance(part, _Brackets)):
            raise _Unforeseen
        indent = INDENT * depth
        if not item.exploded and fits(indent + item.text):
            return iter([indent + item.text])
        first, last = f"{indent}{_Item(parts=item.parts[:at]).text}(", indent + tail.text
        if not fits(last):
            raise _Unforeseen
        end = "," if len(found.items) == 1 else ""
        if end and "," in _default(found.items[0]):
            raise _Unforeseen  # which Black takes for a comma between parameters
        return iter([first, *self._body(found, depth + 1, "parameter", end), last])

    def _imported(self, text: str, depth: int) -> Iterator[str]:
        head, _, names = text.partition(" import ")
        names = names.strip("() \n").removesuffix(",")
        parsed = [name.strip() for name in names.split(",")]
        indent = INDENT * depth
        line = f"{indent}{head} import {', '.join(parsed)}"
        if not all(map(str.isidentifier, parsed)) or not fits(f"{indent}{head} import ("):
            raise _Unforeseen
        if fits(line) and not text.rstrip(") \n").endswith(","):
            return iter([line])
        rows = [f"{indent}{INDENT}{name}," for name in parsed]
        return iter([f"{indent}{head} import (", *rows, f"{indent})"])

    def _annotated(self, item: _Item, depth: int, end: str) -> Iterator[str]:
        """`name: A | B = value`, what is annotated in parentheses."""
        parts = item.parts
        if set(item.operators) - {"|"} or ":" not in parts or item.exploded:
            raise _Unforeseen
        at = parts.index(":") + 2
        to = parts.index(" = ") if " = " in parts else len(parts)
        value = _Item(parts=[")", *parts[to:]])
        first = f"{INDENT * depth}{_Item(parts=parts[:at]).text}("
        if not fits(first) or (_groups(value) and end) or "|" in value.parts:
            raise _Unforeseen
        annotated = list(self._union(parts[at:to], depth + 1))
        if not all(map(fits, annotated)):
            raise _Unforeseen
        return iter([first, *annotated, *self._rows(value, depth, end)])

    def _union(self, parts: list[str | _Brackets], depth: int) -> Iterator[str]:
        """`A | B` on one line, or a line for each of its arms."""
        if fits(line := INDENT * depth + _Item(parts=parts).text):
            yield line
            return
        arms: list[_Item] = [_Item()]
        for part in parts:
            if part == "|":
                arms.append(_Item())
            arms[-1].parts.append(part)
        for arm in arms:
            parts = arm.parts[:-1] if arm is not arms[-1] else arm.parts
            yield from self._rows(_Item(parts=parts), depth, "")

    def _rows(self, item: _Item, depth: int, end: str) -> Iterator[str]:
        """The lines of an item: one, or its last brackets opened."""
        indent = INDENT * depth
        line = indent + item.text + end
        groups = _groups(item)
        if not item.exploded and (fits(line) or (item.simple and not groups)):
            return iter([line])
        if not item.simple or not groups:
            raise _Unforeseen
        return self._opened(item, groups[-1], depth, end)

    def _opened(self, item: _Item, at: int, depth: int, end: str) -> Iterator[str]:
        """Three parts: up to the brackets there, what is in them, and from their end."""
        indent, last = INDENT * depth, item.parts[at]
        before, after = item.parts[:at], item.parts[at + 1 :]
        assert isinstance(last, _Brackets)
        head = indent + _Item(parts=before).text + last.opening
        tail = indent + _CLOSING[last.opening] + _Item(parts=after).text + end
        if not last.items or not fits(head) or not fits(tail) or _exploded(before):
            raise _Unforeseen
        return iter([head, *self._body(last, depth + 1, last.where), tail])

    def _body(self, brackets: _Brackets, depth: int, where: Where, end: str = "") -> Iterator[str]:
        """What is in opened brackets. `end`: what follows if it is all on one line."""
        items = brackets.items
        apart = brackets.open or (brackets.literal and len(items) > 1)
        end = "," if len(items) == 1 and brackets.comma else end
        line = INDENT * depth + ", ".join(item.text for item in items) + end
        if not apart and not any(item.exploded for item in items) and fits(line):
            yield line
        elif len(items) == 1 and not end:
            yield from self._rows(items[0], depth, "")
        else:
            for item in items:
                yield from self._one(item, depth, where)

    def _one(self, item: _Item, depth: int, where: Where) -> Iterator[str]:
        try:
            union = where == "parameter" and "|" in item.operators
            foreseen = self._annotated if union and not fits(_line(item, depth)) else self._rows
            return iter(list(foreseen(item, depth, ",")))
        except _Unforeseen:
            return iter(self._hard(item.source, depth, where))


def _default(parameter: _Item) -> str:
    return parameter.source.partition(" = ")[2]


def _line(item: _Item, depth: int) -> str:
    return f"{INDENT * depth}{item.text},"


def _target(text: str) -> tuple[str, str]:
    """What is assigned to, with ` = ` after it, and the value; without one "" and the whole."""
    depth = 0
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "assign" and not depth:
            return text[: token.end()], text[token.end() :]
        elif kind == "break":
            break
    return "", text


def _parsed(text: str, *, operators: bool = True) -> _Item:
    """The brackets of a statement; `operators`: whether those outside of brackets count."""
    root = _Item()
    stack: list[tuple[_Item, _Brackets]] = []
    item = root
    before = ""
    for token in _TOKENS.finditer(text):
        kind, found = token.lastgroup, token[0]
        if kind == "open":
            literal = before not in ("word", "close", "string")
            brackets = _Brackets(opening=found, literal=literal)
            item.parts.append(brackets)
            stack.append((item, brackets))
            item = _Item()
            brackets.items.append(item)
        elif kind == "close":
            item = _closed(stack, item)
        elif kind == "comma":
            if not stack:
                raise _Unforeseen
            item = _Item()
            stack[-1][1].items.append(item)
        elif kind == "break":
            if before not in ("open", "comma") and text[token.end() : token.end() + 1] not in ")]}":
                item.parts.append(" ")
        else:
            if kind == "operator" or found in _OPERATORS:
                _operated(item, found, bool(stack) or operators)
            elif kind == "string" and before == "string":
                item.operators.append("")
            item.parts.append(found)
        if kind not in ("break", "space"):
            before = "operator" if found in _OPERATORS else kind or ""
    if stack:
        raise _Unforeseen
    return root


def _closed(stack: list[tuple[_Item, _Brackets]], item: _Item) -> _Item:
    outer, brackets = stack.pop()
    if not item.parts:
        brackets.items.pop()
        brackets.comma = bool(brackets.items)
    single = len(brackets.items) < 2 and not brackets.comma
    if brackets.literal and brackets.opening == "(" and single:
        raise _Unforeseen  # parentheses that Black may take away
    outer.exploded |= brackets.open or any(each.exploded for each in brackets.items)
    return outer


def _operated(item: _Item, operator: str, counts: bool) -> None:
    if operator in ("#", ";", "`", "\\"):
        raise _Unforeseen
    unpacking = operator in ("*", "**") and not item.parts
    if counts and not unpacking:
        item.operators.append(operator)


def _groups(item: _Item) -> list[int]:
    return [at for at, part in enumerate(item.parts) if isinstance(part, _Brackets)]


def _is_union(item: _Item) -> bool:
    """`A | B`, neither end of it brackets that hold it together by themselves."""
    if set(item.operators) != {"|"}:
        return False
    ends = [part for part in (item.parts[0], item.parts[-1]) if isinstance(part, _Brackets)]
    return all(end.opening == "[" and not end.literal for end in ends)


def _exploded(parts: list[str | _Brackets]) -> bool:
    return any(
        part.open or any(item.exploded for item in part.items)
        for part in parts
        if isinstance(part, _Brackets)
    )
