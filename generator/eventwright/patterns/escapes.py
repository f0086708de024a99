"""What a backslash begins: a character, or a class of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .charsets import DIGITS, LAST, SPACES, WORD, Ranges, complement
from .faults import Inexpressible, PatternSyntaxError

CLASSES: Mapping[str, Ranges] = {
    "d": DIGITS,
    "D": complement(DIGITS),
    "s": SPACES,
    "S": complement(SPACES),
    "w": WORD,
    "W": complement(WORD),
}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = re.compile(r"x([0-9A-Fa-f]{2})")
_UNIT = re.compile(r"u([0-9A-Fa-f]{4})")
_TRAIL = re.compile(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_BRACED = re.compile(r"u\{([0-9A-Fa-f]+)\}")
_LETTER = re.compile(r"c([A-Za-z])")
_LETTER_IN_CLASS = re.compile(r"c([A-Za-z0-9_])")
_OCTAL = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?")


def character(text: str, at: int, *, in_class: bool) -> tuple[int, int]:
    """The code point that an escape stands for, and where it ends; `at` follows its backslash.

    Raises:
        Inexpressible: it is a property of Unicode.
        PatternSyntaxError: it names no character.
    """
    if at >= len(text):
        raise PatternSyntaxError("it ends with a lone backslash")
    sign = text[at]
    if sign in "pP":
        end = text.find("}", at) + 1 if text.startswith("{", at + 1) else at + 2
        shown = text[at : end or at + 2]
        raise Inexpressible(f"Python has no \\{shown}")
    if sign in _CONTROLS:
        return _CONTROLS[sign], at + 1
    if sign == "b" and in_class:
        return 8, at + 1
    if sign == "c":
        found = (_LETTER_IN_CLASS if in_class else _LETTER).match(text, at)
        # Without a letter the backslash stands for itself.
        return (ord(found[1]) % 32, found.end()) if found else (ord("\\"), at)
    if sign in "xu":
        return _hexadecimal(text, at)
    octal = _OCTAL.match(text, at)
    return (int(octal[0], 8), octal.end()) if octal else (ord(sign), at + 1)


def _hexadecimal(text: str, at: int) -> tuple[int, int]:
    braced = _BRACED.match(text, at)
    if braced:
        value = int(braced[1].lstrip("0")[:8] or "0", 16)
        if value > LAST:
            raise PatternSyntaxError(f"\\{braced[0]} is beyond the last character")
        return value, braced.end()
    found = _HEX.match(text, at) or _UNIT.match(text, at)
    if found is None:
        return ord(text[at]), at + 1
    value = int(found[1], 16)
    trail = _TRAIL.match(text, found.end()) if 0xD800 <= value <= 0xDBFF else None
    if trail is None:
        return value, found.end()
    return 0x10000 + (value - 0xD800) * 0x400 + int(trail[1], 16) - 0xDC00, trail.end()
