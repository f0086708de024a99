"""Notes for people: what a client leaves out of a document, and what is surely not meant there.

The quick answers print what the lock keeps of them, so this imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

Note = Mapping[str, str]
"""As the lock keeps it: `code`, `at` (`spec/shop.yaml:84:7`, or "" for the whole document),
`pointer`, `message`, `help`. Paths are relative to the configuration."""

SHOWN = 20
"""How many are printed, and kept in the lock."""

SHOWN_OF_A_CODE = 3
"""How many of those have one code: of two hundred names that met, three are enough to see it."""


def note_lines(
    notes: Sequence[Note], count: int, paint: Callable[[str, str], str]
) -> Iterator[str]:
    """Each as `spec/shop.yaml:84:7: note[N102]: CartUpdated is no event: …`, where it stands and
    what helps. `count`: how many there are in all; `paint` puts a text in a style."""
    for note in notes:
        place = f"{note['at']}: " if note["at"] else ""
        code = paint(f"note[{note['code']}]", "yellow")
        yield f"{place}{code}: {note['message']}"
        if note["pointer"]:
            yield f"  at {note['pointer']}"
        if note["help"]:
            yield f"  {paint('help', 'cyan')}: {note['help']}"
    if count > len(notes):
        yield f"… and {count - len(notes)} more notes: eventwright inspect"
