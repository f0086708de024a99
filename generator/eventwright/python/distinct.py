"""Names that tell apart what would be called the same.

None is a counter, and no order plays a part: a name says how its owner is spelled or where it
stands, so that whatever comes beside it later renames nothing else.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

_SYMBOLS = {
    "+": "plus", "-": "dash", "_": "underscore", " ": "space", "$": "dollar", "@": "at",
    "#": "hash", ".": "dot", "/": "slash", "\\": "backslash", ":": "colon", ";": "semicolon",
    ",": "comma", "*": "star", "%": "percent", "&": "and", "=": "equals", "<": "less",
    ">": "greater", "!": "not", "?": "question", "~": "tilde", "^": "caret", "|": "bar",
    "'": "quote", '"': "quotes", "`": "backtick", "(": "open", ")": "close", "[": "of",
    "]": "end", "{": "by", "}": "end",
}  # fmt: skip
_PLAIN = " _-"
"""What separates words, and says nothing else."""
_SIGNED = re.compile(r"-(?=\d)")
_WORD = re.compile(r"[^\W_]+")

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What something would be called: `name`, or the first of `others` that is free.

    `rank`: of those that wish for one name the one with the lowest has it, if it is alone there.
    """

    name: str
    rank: tuple[int, ...]
    others: Sequence[str] = ()


def distinct(wishes: Mapping[_Key, Wish], taken: frozenset[str] = frozenset()) -> dict[_Key, str]:
    """A name of its own for each. `taken`: names that none may have."""
    names = {key: wishes[key].name for key in _first(wishes) if wishes[key].name not in taken}
    used = {*taken, *(wish.name for wish in wishes.values())}
    waiting = {key: _free(key, wish) for key, wish in wishes.items() if key not in names}
    while waiting:
        proposed = {key: next(names_left) for key, names_left in waiting.items()}
        count = Counter(proposed.values())
        for key, name in proposed.items():
            if count[name] == 1 and name not in used:
                names[key] = name
                del waiting[key]
        used.update(names.values())
    return {key: names[key] for key in wishes}


def _first(wishes: Mapping[_Key, Wish]) -> Iterator[_Key]:
    """Those that have the name they wish for."""
    groups: dict[str, list[_Key]] = {}
    for key, wish in wishes.items():
        groups.setdefault(wish.name, []).append(key)
    for keys in groups.values():
        best = min(wishes[key].rank for key in keys)
        winners = [key for key in keys if wishes[key].rank == best]
        if len(winners) == 1:
            yield winners[0]


def _free(key: Hashable, wish: Wish) -> Iterator[str]:
    yield from wish.others
    # Hardly anything leads here: the last of `others` spells every character. Two that are spelled
    # the same are told apart by what they are the wishes of.
    name = wish.others[-1] if wish.others else wish.name
    yield f"{name}_"
    name += "_" + sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    yield name
    while True:
        name += "_"
        yield name


def spellings(text: str) -> Iterator[str]:
    """The text with ever more of how it is spelled said in words, lower case.

    >>> list(spellings("$_type"))[:2], next(spellings("-1"))
    (['dollar type', 'dollar underscore type'], 'minus 1')
    """
    signed = _SIGNED.sub(" minus ", text, count=1) if text[:1] == "-" else text
    yield _symbols(signed, _PLAIN)
    yield _symbols(signed, "")
    yield " ".join(_cased(word) for word in _WORD.findall(_symbols(signed, "")))
    plain = (c if c.isascii() and (c.islower() or c.isdigit()) else f" u{ord(c):x} " for c in text)
    yield "".join(plain)


def _symbols(text: str, kept: str) -> str:
    named = (f" {_name(char)} " if _is_symbol(char) and char not in kept else char for char in text)
    return " ".join("".join(named).split())


def _is_symbol(char: str) -> bool:
    return not f"x{char}".isidentifier() or char == "_"


def _name(char: str) -> str:
    return _SYMBOLS.get(char) or f"u{ord(char):x}"


def _cased(word: str) -> str:
    if word == word.lower():
        return word
    upper = word == word.upper() and len(word) > 1
    case = "upper" if upper else "capital" if word[0].isupper() else "mixed"
    return f"{case} {word}"


def is_plain_identifier(text: str) -> bool:
    """Whether a text is an identifier as it is, public, and with no capital in front."""
    sound = text.isidentifier() and not keyword.iskeyword(text)
    folded = unicodedata.normalize("NFKC", text) == text
    return sound and folded and text[0] != "_" and not text[0].isupper()
