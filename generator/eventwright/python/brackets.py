"""A statement taken apart at its brackets and commas: what `layout` breaks lines at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Where: TypeAlias = Literal["argument", "parameter", "element", "entry"]
"""What an item stands in: a call or an index, a `def`, a list or tuple, a dict or set."""

_TOKENS = re.compile(
    r'(?P<string>[A-Za-z]{0,2}(?:"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'))'
    r"|(?P<word>\w+)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>, *)|(?P<break>\s*\n\s*)"
    r"|(?P<operator>->|==|[-+/%|&^~<>@!;#`\\]|\*+)|(?P<assign> = )|(?P<space> +)|(?P<other>.)"
)
OPERATORS = frozenset(
    "and or not in is if else for lambda async from import as with yield await".split()
)
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Unforeseen(Exception):
    """Nothing is known of how such a statement is laid out: Black is asked."""


@dataclass(slots=True)
class Item:
    """What stands between two commas; or a statement.

    Attributes:
        parts: text and brackets, by turns in any order.
        operators: those outside of its brackets, where it could be broken as well.
        exploded: whether some brackets in it end with a comma that keeps them open.
    """

    parts: list[str | Brackets] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    exploded: bool = False

    @property
    def simple(self) -> bool:
        """Whether nothing but its brackets could be broken."""
        return not self.operators

    @property
    def groups(self) -> list[int]:
        """Which of its parts are brackets."""
        return [at for at, part in enumerate(self.parts) if isinstance(part, Brackets)]

    @property
    def text(self) -> str:
        """On one line."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def source(self) -> str:
        """The same with the commas that keep brackets open."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)


@dataclass(slots=True)
class Brackets:
    """Brackets and what is in them.

    Attributes:
        literal: whether they make a tuple, list, dict or set; else they call, index or group.
        comma: whether a comma ends them.
    """

    opening: str
    literal: bool
    items: list[Item] = field(default_factory=list)
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
        return f"{self.opening}{inner}{end}{CLOSING[self.opening]}"

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


def target(text: str) -> tuple[str, str]:
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


def parsed(text: str, *, operators: bool = True) -> Item:
    """The brackets of a statement; `operators`: whether those outside of brackets count."""
    root = Item()
    stack: list[tuple[Item, Brackets]] = []
    item = root
    before = ""
    for token in _TOKENS.finditer(text):
        kind, found = token.lastgroup, token[0]
        if kind == "open":
            literal = before not in ("word", "close", "string")
            brackets = Brackets(opening=found, literal=literal)
            item.parts.append(brackets)
            stack.append((item, brackets))
            item = Item()
            brackets.items.append(item)
        elif kind == "close":
            item = _closed(stack, item)
        elif kind == "comma":
            if not stack:
                raise Unforeseen
            item = Item()
            stack[-1][1].items.append(item)
        elif kind == "break":
            if before not in ("open", "comma") and text[token.end() : token.end() + 1] not in ")]}":
                item.parts.append(" ")
        else:
            if kind == "operator" or (found in OPERATORS and not _plain(text, token, stack)):
                _operated(item, found, bool(stack) or operators)
            elif kind == "string" and before == "string":
                item.operators.append("")
            item.parts.append(found)
        if kind not in ("break", "space"):
            before = "operator" if found in OPERATORS else kind or ""
    if stack:
        raise Unforeseen
    return root


def _plain(text: str, word: re.Match[str], stack: list[tuple[Item, Brackets]]) -> bool:
    """Whether a word is a `lambda` without parameters in brackets, which nothing is broken at."""
    return bool(stack) and word[0] == "lambda" and text.startswith(":", word.end())


def _closed(stack: list[tuple[Item, Brackets]], item: Item) -> Item:
    outer, brackets = stack.pop()
    if not item.parts:
        brackets.items.pop()
        brackets.comma = bool(brackets.items)
    single = len(brackets.items) < 2 and not brackets.comma
    if brackets.literal and brackets.opening == "(" and single:
        raise Unforeseen  # parentheses that Black may take away
    outer.exploded |= brackets.open or any(each.exploded for each in brackets.items)
    return outer


def _operated(item: Item, operator: str, counts: bool) -> None:
    if operator in ("#", ";", "`", "\\"):
        raise Unforeseen
    unpacking = operator in ("*", "**") and not item.parts
    if counts and not unpacking:
        item.operators.append(operator)


def exploded(parts: list[str | Brackets]) -> bool:
    return any(
        part.open or any(item.exploded for item in part.items)
        for part in parts
        if isinstance(part, Brackets)
    )
