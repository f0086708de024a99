"""Sets of characters as ranges of code points, in order and apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""First and last code point of each range."""

LAST = 0x10FFFF


def union(*sets: Ranges) -> Ranges:
    """What is in any of them.

    >>> union(((97, 99),), ((100, 102), (48, 57)))
    ((48, 57), (97, 102))
    """
    merged: list[tuple[int, int]] = []
    for first, last in sorted(each for ranges in sets for each in ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Every other character."""
    found: list[tuple[int, int]] = []
    begin = 0
    for first, last in ranges:
        if first > begin:
            found.append((begin, first - 1))
        begin = last + 1
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


def of(characters: Iterable[str]) -> Ranges:
    """The set of some characters."""
    return union(*(((ord(each), ord(each)),) for each in characters))


ANY = ((0, LAST),)
DIGITS = ((0x30, 0x39),)
WORD = union(DIGITS, ((0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)))
LINE_ENDS = of("\n\r\u2028\u2029")
SPACES = union(LINE_ENDS, of("\t\v\f \u00a0\u1680\u202f\u205f\u3000\ufeff"), ((0x2000, 0x200A),))
"""ECMA-262's WhiteSpace and LineTerminator."""
