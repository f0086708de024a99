"""JSON values: exact, unchangeable, and what is wrong with them. The same in every package.

Here is UNSET, which stands for none: a key that is absent, where null is a value of its own.
"""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias, TypeVar

_T = TypeVar("_T")


class UnsetType(enum.Enum):
    """The type of UNSET, which is falsy, equal to itself alone and survives copy and pickle."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


Unset: TypeAlias = Literal[UnsetType.UNSET]
UNSET: Final = UnsetType.UNSET


def or_none(value: _T | Unset) -> _T | None:
    """What a key holds, None where it is absent: `str | None` from `str | None | Unset`."""
    return None if value is UNSET else value
