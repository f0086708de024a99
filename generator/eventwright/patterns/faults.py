"""Why a pattern is not run."""

from __future__ import annotations


class PatternSyntaxError(Exception):
    """The text is no regular expression of ECMA-262."""


class Inexpressible(Exception):
    """ECMA-262 allows it, and Python's `re` has no equivalent."""


class TooLarge(Exception):
    """The automaton of a pattern is too large to be looked at."""
