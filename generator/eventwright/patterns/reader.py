"""The text of a regular expression -> its tree, by the grammar of ECMA-262.

As JSON Schema recommends it is read with the flag `u`: by code points. What only the grammar for
web browsers takes (annex B: `\\-`, a lone `{`, `\\Z` for a Z) is understood as that says, since
documents are full of it.
"""

from __future__ import annotations

import re
from typing import NoReturn

from .charsets import LINE_ENDS, Ranges, complement, union
from .escapes import CLASSES, character
from .faults import Inexpressible, PatternSyntaxError
from .tree import Boundary, Capture, Characters, Choice, Look, Node, Reference, Repeat, Sequence

MAX_NESTING = 50
"""Of groups: Python's own compiler descends by recursion."""

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]?|\((?!\?)|\(\?<([^=!>][^>]*)>|\(\?|.", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_REFERENCE = re.compile(r"k<([^>]*)>")
_NUMBER = re.compile(r"[1-9][0-9]*")
_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_QUANTIFIERS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_FLAGS = re.compile(r"\?([a-zA-Z]*(?:-[a-zA-Z]+)?)([:)])")
_LOOKS = {"?=": (False, False), "?!": (False, True), "?<=": (True, False), "?<!": (True, True)}
_ANY_BUT_LINE_ENDS = Characters(complement(LINE_ENDS))


def read(text: str) -> Node:
    """The tree of a pattern.

    Raises:
        PatternSyntaxError: it is no regular expression of ECMA-262.
        Inexpressible: it has something that Python has not.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._captures = 0
        self._names: list[str] = []
        """Of all groups, "" for one without."""
        for token in _TOKEN.finditer(text):
            if token[0] == "(" or token[1]:
                self._names.append(token[1] or "")

    def read(self) -> Node:
        tree = self._choice()
        if self._at < len(self._text):
            raise PatternSyntaxError("a ) closes nothing")
        return tree

    def _choice(self) -> Node:
        arms = [self._sequence()]
        while self._taken("|"):
            arms.append(self._sequence())
        return Choice(tuple(arms)) if len(arms) > 1 else arms[0]

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._term()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _taken(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _repeated(self, term: Node) -> Node:
        count = self._count()
        if count is None:
            return term
        if isinstance(term, Boundary) or (isinstance(term, Look) and term.behind):
            raise PatternSyntaxError("a quantifier follows what cannot be repeated")
        least, most = count
        if most is not None and least > most:
            raise PatternSyntaxError(f"{{{least},{most}}} is out of order")
        return Repeat(term, least, most, lazy=self._taken("?"))

    def _count(self) -> tuple[int, int | None] | None:
        sign = self._text[self._at : self._at + 1]
        if sign in _QUANTIFIERS:
            self._at += 1
            return _QUANTIFIERS[sign]
        found = _COUNT.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        least, most = _whole(found[1]), _whole(found[3] or found[1])
        return least, None if found[2] and not found[3] else most

    def _term(self) -> Node:
        start, sign = self._at, self._text[self._at]
        if sign in "*+?" or _COUNT.match(self._text, start):
            raise PatternSyntaxError(f"the {sign} at {start + 1} repeats nothing")
        self._at += 1
        match sign:
            case "^":
                return Boundary("start")
            case "$":
                return Boundary("end")
            case ".":
                return _ANY_BUT_LINE_ENDS
            case "(":
                return self._group()
            case "[":
                return Characters(self._class())
            case "\\":
                return self._escape()
            case _:
                return Characters(((ord(sign), ord(sign)),))

    def _group(self) -> Node:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise Inexpressible(f"its groups are nested more than {MAX_NESTING} deep")
        number = self._opened()
        looks = [kind for opener, kind in _LOOKS.items() if number is None and self._taken(opener)]
        if number is None and not looks and not self._taken("?:"):
            self._refuse_group()
        inner = self._choice()
        if not self._taken(")"):
            raise PatternSyntaxError("a ( is not closed")
        self._depth -= 1
        if number is not None:
            return Capture(inner, number)
        # The group stays one: `(?:^)*` is allowed and `^*` is not.
        return Look(inner, *looks[0]) if looks else Sequence((inner,))

    def _opened(self) -> int | None:
        """The number of the capturing group that begins here."""
        name = self._names[self._captures] if self._captures < len(self._names) else ""
        if name and self._taken(f"?<{name}>"):
            if not _NAME.fullmatch(name):
                raise PatternSyntaxError(f"a group cannot be called {name}")
        elif self._text.startswith("?", self._at):
            return None
        self._captures += 1
        return self._captures

    def _refuse_group(self) -> NoReturn:
        flags = _FLAGS.match(self._text, self._at)
        shown = self._text[self._at - 1 : self._at + 2]
        if flags and flags[2] == ":":
            raise Inexpressible(f"({flags[0]} has flags of its own")
        if flags:
            raise PatternSyntaxError(f"ECMA-262 has no ({flags[0]}")
        if shown == "(?P":
            raise PatternSyntaxError("ECMA-262 has no (?P; it writes (?<name>…)")
        raise PatternSyntaxError(f"no group begins with {shown}")

    def _escape(self) -> Node:
        sign = self._text[self._at : self._at + 1]
        if sign in CLASSES:
            self._at += 1
            return Characters(CLASSES[sign])
        if sign in ("b", "B"):
            self._at += 1
            return Boundary("word" if sign == "b" else "no word")
        number = _NUMBER.match(self._text, self._at)
        if number and _whole(number[0]) <= len(self._names):
            self._at = number.end()
            return Reference(int(number[0]))
        if sign == "k" and any(self._names):
            return self._named_reference()
        return Characters((self._character(in_class=False),))

    def _named_reference(self) -> Node:
        found = _REFERENCE.match(self._text, self._at)
        if found is None or found[1] not in self._names:
            raise PatternSyntaxError("\\k names no group")
        if self._names.count(found[1]) > 1:
            raise Inexpressible(f"several groups are called {found[1]}")
        self._at = found.end()
        return Reference(self._names.index(found[1]) + 1)

    def _character(self, *, in_class: bool) -> tuple[int, int]:
        """An escaped one, as a range."""
        value, self._at = character(self._text, self._at, in_class=in_class)
        return value, value

    def _class(self) -> Ranges:
        negative, found = self._taken("^"), list[Ranges]()
        while not self._taken("]"):
            low = self._member()
            if self._range_follows():
                self._at += 1
                high = self._member()
                found.append(_range(low, high))
            else:
                found.append(low)
        ranges = union(*found)
        return complement(ranges) if negative else ranges

    def _range_follows(self) -> bool:
        follows = self._text.startswith("-", self._at)
        return follows and not self._text.startswith("]", self._at + 1)

    def _member(self) -> Ranges:
        if self._at >= len(self._text):
            raise PatternSyntaxError("a [ is not closed")
        sign = self._text[self._at]
        self._at += 1
        if sign != "\\":
            return ((ord(sign), ord(sign)),)
        escaped = self._text[self._at : self._at + 1]
        if escaped in CLASSES:
            self._at += 1
            return CLASSES[escaped]
        return (self._character(in_class=True),)


def _range(low: Ranges, high: Ranges) -> Ranges:
    """`a-z`; beside a class, as in `\\w-z`, the hyphen stands for itself."""
    single = all(len(each) == 1 and each[0][0] == each[0][1] for each in (low, high))
    if not single:
        return union(low, ((ord("-"), ord("-")),), high)
    if low[0][0] > high[0][0]:
        raise PatternSyntaxError(f"the range {chr(low[0][0])}-{chr(high[0][0])} is out of order")
    return ((low[0][0], high[0][0]),)


def _whole(digits: str) -> int:
    """Of digits in any number: beyond what any quantifier may say, one is as good as another."""
    return int(digits.lstrip("0")[:12] or "0")
