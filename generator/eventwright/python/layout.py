"""How Black breaks the statements that templates write, where that is a matter of brackets alone.

A statement is too long, or was broken for a name that turned out to be short: its last brackets are
opened, what is in them goes on one line if it fits, else each item on a line of its own. Where
anything else decides, operators above all, nothing is said: `None`, and Black is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from .brackets import (
    CLOSING,
    OPERATORS,
    Brackets,
    Item,
    Unforeseen,
    Where,
    exploded,
    parsed,
    target,
)

LINE_LENGTH = 88  # what common linters take import blocks to be wrapped at
INDENT = "    "

Hard: TypeAlias = Callable[[str, int, Where], "list[str]"]
"""Lays out an item that is beyond this module, a comma after it: its text, at that depth."""

_CHOICES = (["if", "else"], ["if", "is", "else"])
"""Operators of a choice between two values."""


def fits(line: str) -> bool:
    """Whether a line is no longer than Black wants it; wide characters count double."""
    if line.isascii() or len(line) > LINE_LENGTH:
        return len(line) <= LINE_LENGTH
    if 2 * len(line) <= LINE_LENGTH:
        return True
    from black.strings import str_width

    return str_width(line) <= LINE_LENGTH


def laid_out(statement: str, depth: int, hard: Hard) -> str | None:
    """A statement of one or more lines as Black writes it; None if Black has to be asked.

    `statement` is indented by `depth`; `hard` is asked for items.
    """
    try:
        return "\n".join(_Layout(hard).statement(statement.strip(), depth))
    except Unforeseen:
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
        if word in OPERATORS - {"await"}:
            raise Unforeseen
        head, value = target(text)
        return self._assigned(head, value, depth) if head else self._led("", text, depth)

    def _led(self, head: str, text: str, depth: int) -> Iterator[str]:
        """An expression, perhaps awaited, after a keyword or none."""
        awaited = "await " if text.startswith("await ") else ""
        item = parsed(text.removeprefix(awaited))
        if "|" in item.operators and ":" in item.parts and not fits(INDENT * depth + item.text):
            return self._annotated(item, depth, "")
        item.parts.insert(0, head + awaited)
        if not item.groups and not fits(INDENT * depth + item.text):
            raise Unforeseen
        return self._rows(item, depth, "", long=head == "class ")

    def _assigned(self, head: str, text: str, depth: int) -> Iterator[str]:
        """Its value opened where it begins in the first line; else in parentheses."""
        indent, value = INDENT * depth, parsed(text)
        whole = Item([head, *value.parts], value.operators, value.exploded)
        opened = Item(parts=whole.parts[: whole.groups[-1]]).text if whole.groups else ""
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
            raise Unforeseen
        return iter([first, *rows, f"{indent})"])

    def _annotation(self, head: str, text: str, depth: int) -> Iterator[str]:
        """An annotation that leaves no room for a parenthesis behind it."""
        item, groups = parsed(f"{head}{text}"), parsed(head).groups
        if ":" not in head or item.exploded:
            raise Unforeseen
        parts = item.parts[: groups[-1]] if groups else item.parts[: item.parts.index(":") + 2]
        opened = fits(f"{INDENT * depth}{Item(parts=parts).text}(")
        if item.operators or (opened and not groups):
            return self._annotated(item, depth, "")
        if not opened:
            return self._both_opened(head, text, depth)
        return self._opened(item, groups[-1], depth, "")

    def _both_opened(self, head: str, text: str, depth: int) -> Iterator[str]:
        """A name that leaves no room for either: its annotation is opened, and its value."""
        name, _, annotation = head.removesuffix(" = ").partition(": ")
        item, value = parsed(annotation), parsed(text)
        if not value.simple or not value.groups:
            raise Unforeseen
        first, end = f"{INDENT * depth}{name}: (", ")"
        if item.groups and not fits(first):
            item.parts.insert(0, f"{name}: ")
            *rows, end = self._opened(item, item.groups[-1], depth, "", long=True)
        else:
            rows = [first, *self._rows(item, depth + 1, "")]
            if item.groups and not all(map(fits, rows)):
                raise Unforeseen
        value.parts.insert(0, f"{end.lstrip()} = ")
        head, *more = self._opened(value, value.groups[-1], depth, "")
        if not fits(head):
            raise Unforeseen
        return iter([*rows, head, *more])

    def _function(self, text: str, depth: int) -> Iterator[str]:
        item = parsed(text, operators=False)
        groups = item.groups
        at = groups[0] if groups else 0
        if not groups or not isinstance(found := item.parts[at], Brackets) or not found.items:
            raise Unforeseen
        tail = Item(parts=[")", *item.parts[at + 1 :]])
        if any(part.open for part in item.parts[at + 1 :] if isinstance(part, Brackets)):
            raise Unforeseen
        indent = INDENT * depth
        if not item.exploded and fits(indent + item.text):
            return iter([indent + item.text])
        first = f"{indent}{Item(parts=item.parts[:at]).text}("
        end = "," if len(found.items) == 1 else ""
        if end and "," in _default(found.items[0]):
            raise Unforeseen  # which Black takes for a comma between parameters
        rows = [first, *self._body(found, depth + 1, "parameter", end)]
        return iter([*rows, *self._returned(tail, depth, apart=found.open)])

    def _returned(self, item: Item, depth: int, *, apart: bool) -> Iterator[str]:
        """The end of a header: `) -> …:`. `apart`: whether parameters stand on lines of their own
        for certain."""
        indent = INDENT * depth
        if fits(indent + item.text) or not (item.groups or "|" in item.parts):
            return iter([indent + item.text])
        if not apart:
            raise Unforeseen
        if "|" not in item.parts:
            return self._opened(item, item.groups[-1], depth, "")
        union = item.parts[item.parts.index("->") + 2 : -1]
        return iter([f"{indent}) -> (", *self._union(union, depth + 1), f"{indent}):"])

    def _imported(self, text: str, depth: int) -> Iterator[str]:
        head, _, names = text.partition(" import ")
        names = names.strip("() \n").removesuffix(",")
        found = [name.strip() for name in names.split(",")]
        indent = INDENT * depth
        line = f"{indent}{head} import {', '.join(found)}"
        if not all(map(str.isidentifier, found)):
            raise Unforeseen
        if fits(line) and not text.rstrip(") \n").endswith(","):
            return iter([line])
        rows = [f"{indent}{INDENT}{name}," for name in found]
        return iter([f"{indent}{head} import (", *rows, f"{indent})"])

    def _annotated(self, item: Item, depth: int, end: str) -> Iterator[str]:
        """`name: A | B = value`, what is annotated in parentheses."""
        parts = item.parts
        if set(item.operators) - {"|"} or ":" not in parts or item.exploded:
            raise Unforeseen
        at = parts.index(":") + 2
        to = parts.index(" = ") if " = " in parts else len(parts)
        value = Item(parts=[")", *parts[to:]])
        first = f"{INDENT * depth}{Item(parts=parts[:at]).text}("
        if not fits(first) or (value.groups and end) or "|" in value.parts:
            raise Unforeseen
        annotated = self._union(parts[at:to], depth + 1)
        return iter([first, *annotated, *self._rows(value, depth, end)])

    def _union(self, parts: list[str | Brackets], depth: int, end: str = "") -> Iterator[str]:
        """`A | B` on one line, or a line for each of its arms."""
        if fits(line := INDENT * depth + Item(parts=parts).text + end):
            yield line
            return
        arms: list[Item] = [Item()]
        for part in parts:
            if part == "|":
                arms.append(Item())
            arms[-1].parts.append(part)
        for arm in arms[:-1]:
            yield from self._rows(Item(parts=arm.parts[:-1]), depth, "")
        yield from self._rows(arms[-1], depth, end)

    def _rows(self, item: Item, depth: int, end: str, *, long: bool = False) -> Iterator[str]:
        """The lines of an item: one, or its last brackets opened. `long`: see `_opened`."""
        indent = INDENT * depth
        line = indent + item.text + end
        groups = item.groups
        if not item.exploded and (fits(line) or (item.simple and not groups)):
            return iter([line])
        if not item.simple or not groups:
            raise Unforeseen
        return self._opened(item, groups[-1], depth, end, long=long)

    def _opened(
        self, item: Item, at: int, depth: int, end: str, *, long: bool = False
    ) -> Iterator[str]:
        """Three parts: up to the brackets there, what is in them, and from their end.

        `long`: the first may be longer than a line, where nothing else could be opened.
        """
        indent, last = INDENT * depth, item.parts[at]
        before, after = item.parts[:at], item.parts[at + 1 :]
        assert isinstance(last, Brackets)
        head = indent + Item(parts=before).text + last.opening
        tail = indent + CLOSING[last.opening] + Item(parts=after).text + end
        if not last.items or not (long or fits(head)) or not fits(tail) or exploded(before):
            raise Unforeseen
        return iter([head, *self._body(last, depth + 1, last.where), tail])

    def _body(self, brackets: Brackets, depth: int, where: Where, end: str = "") -> Iterator[str]:
        """What is in opened brackets. `end`: what follows if it is all on one line."""
        items = brackets.items
        apart = brackets.open or (brackets.literal and len(items) > 1)
        end = "," if len(items) == 1 and brackets.comma else end
        line = INDENT * depth + ", ".join(item.text for item in items) + end
        if not apart and not any(item.exploded for item in items) and fits(line):
            yield line
        elif len(items) == 1 and not end:
            yield from self._foreseen(items[0], depth, where, "")
        else:
            for item in items:
                yield from self._one(item, depth, where)

    def _one(self, item: Item, depth: int, where: Where) -> Iterator[str]:
        try:
            return iter(list(self._foreseen(item, depth, where, ",")))
        except Unforeseen:
            return iter(self._hard(item.source, depth, where))

    def _foreseen(self, item: Item, depth: int, where: Where, end: str) -> Iterator[str]:
        """The lines of an item, whose operators may be where it is broken."""
        if item.simple or item.exploded or fits(INDENT * depth + item.text + end):
            return self._rows(item, depth, end)
        if where == "parameter":
            return self._annotated(item, depth, end)
        if set(item.operators) == {"|"}:
            return self._union(item.parts, depth, end)
        return self._chosen(item, depth, where, end)

    def _chosen(self, item: Item, depth: int, where: Where, end: str) -> Iterator[str]:
        """`name=A if b else C`, or an element without a name: what is chosen in parentheses."""
        named = item.parts[1:2] == ["="]
        if item.operators not in _CHOICES or not (named or where == "element"):
            raise Unforeseen
        name, parts = (f"{item.parts[0]}=", item.parts[2:]) if named else ("", item.parts)
        at, other = parts.index("if"), parts.index("else")
        inner = [Item(parts=each) for each in (parts[: at - 1], parts[at : other - 1])]
        inner.append(Item(parts=parts[other:]))
        if not fits(INDENT * (depth + 1) + inner[1].text):
            raise Unforeseen
        yield f"{INDENT * depth}{name}("
        if fits(whole := INDENT * (depth + 1) + Item(parts=parts).text):
            yield whole
        else:
            for each in inner:
                yield from self._rows(each, depth + 1, "")
        yield f"{INDENT * depth}){end}"


def _default(parameter: Item) -> str:
    return parameter.source.partition(" = ")[2]


def _is_union(item: Item) -> bool:
    """`A | B`, neither end of it brackets that hold it together by themselves."""
    if set(item.operators) != {"|"}:
        return False
    ends = [part for part in (item.parts[0], item.parts[-1]) if isinstance(part, Brackets)]
    return all(end.opening == "[" and not end.literal for end in ends)
