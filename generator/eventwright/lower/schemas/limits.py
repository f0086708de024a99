"""How deep and how large what is lowered may be."""

from __future__ import annotations

from ...text.pointers import Pointer

MAX_DEPTH = 64
"""Of lists, unions, conditions and maps in each other; classes in each other may go on and on."""

MAX_MERGED = 5000
"""Objects that are several schemas at once, if the document has fewer schemas than that. Schemas
that lead on in circles of different lengths meet in every combination."""


class TooDeep(Exception):
    """Schemas are nested beyond MAX_DEPTH; `at` is where."""

    def __init__(self, at: Pointer) -> None:
        super().__init__(at)
        self.at = at


class TooMany(Exception):
    """Merging schemas makes more than MAX_MERGED objects; `at` is one of them."""

    def __init__(self, at: Pointer) -> None:
        super().__init__(at)
        self.at = at
