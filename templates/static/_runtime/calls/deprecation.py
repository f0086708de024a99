"""What type checkers and editors strike through: `warnings.deprecated` of Python 3.13.

Nothing warns at run time: a program that runs says nothing of what its author has to decide.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    from collections.abc import Callable
    from typing import TypeVar

    _T = TypeVar("_T")

    def deprecated(message: str, *, category: None) -> Callable[[_T], _T]:
        """The same method: before Python 3.13 nothing is marked."""
        return lambda method: method


__all__ = ["deprecated"]
