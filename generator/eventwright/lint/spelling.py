"""Which known name a name is like: misspelt, or spelt in another case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SHORT, _LONG, _TOO_LONG = 3, 9, 40
"""Letters: in so many, one makes another word; from so many on, two are a slip; names of more
than so many are held against others as they are."""


class Alike:
    """Names by their spelling. Two are alike if one letter more, less or other makes one of the
    other (two, in long names), or letters that changed places; case and separators do not count.

    Finding one takes as long as its name is, however many there are. `slips`: how many letters may
    be wrong at most, 1 or 2; the second makes the index ten times as large.
    """

    def __init__(self, names: Iterable[str], *, slips: int = 2) -> None:
        self._slips = slips
        self._names = {
            near: each for each in sorted(names) for near in self._spellings(each, _SHORT + 1)
        }

    def find(self, name: str) -> str:
        """One that is like `name`, the nearest first; "" for none."""
        spellings = self._spellings(name, _SHORT)
        return next((self._names[near] for near in spellings if near in self._names), "")

    def _spellings(self, name: str, least: int) -> Iterator[str]:
        """What names that are alike have in common, by how near that makes them; a name of fewer
        than `least` letters is like no other."""
        folded = name.casefold().replace("_", "").replace("-", "")
        yield f"={folded}"
        if least <= len(folded) <= _TOO_LONG:
            yield f"{folded[0]} {''.join(sorted(folded))}"
            once = dict.fromkeys((folded, *_shortened(folded)))
            yield from once
            if len(folded) >= _LONG and self._slips > 1:
                twice = dict.fromkeys(less for each in once for less in _shortened(each))
                yield from (f"~{each}" for each in (*once, *twice))


def _shortened(word: str) -> Iterator[str]:
    """What is left of a word without one of its letters."""
    return (word[:index] + word[index + 1 :] for index in range(len(word)))
