"""Which dead letters are meant, by their ids or by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..delivery.checks import kind, several, whole
from ..delivery.failures import Failure
from ..store.storage import DeadLetter

Letters: TypeAlias = Iterable[int | DeadLetter | Failure]


def ids_of(letters: Any) -> list[int] | None:
    """The ids of dead letters; None is for all.

    Raises:
        TypeError: something else than ids, dead letters and what `on_failure` was told of.
    """
    if letters is None:
        return None
    if not several(letters):
        wanted = (
            "which dead letters: a list of them or of their ids, or nothing for all"
        )
        raise TypeError(f"{wanted}, not {kind(letters)}")
    return [_id(each) for each in letters]


def window(after: object, most: object) -> dict[str, int]:
    """From beyond which id, and how many. Raises TypeError and ValueError for what is no such."""
    return {
        "after": whole("after", after, least=0),
        "most": whole("most", most, least=0),
    }


def _id(letter: object) -> int:
    if isinstance(letter, (DeadLetter, Failure)):
        return letter.id
    if isinstance(letter, int) and not isinstance(letter, bool):
        return letter
    raise TypeError(
        f"a dead letter is told by its id, or is itself, not {kind(letter)}"
    )
