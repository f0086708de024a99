"""What is to be said of a document: notes to print, or errors where it is to stop generation."""

from __future__ import annotations

from dataclasses import dataclass, field

from .diagnostic import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a client leaves out of a document, or what is valid there and surely not meant.

    Worth a word, no reason to stop. `about` begins the sentence: `CartUpdated` `is no event: …`.
    `code` is a key of `codes.CODES`; `help` says how to mend it. One that is about the whole
    document is about nothing in particular, and nowhere.
    """

    code: str
    about: str = ""
    message: str
    at: str = ""
    """A JSON pointer."""
    help: str = ""
    location: Location | None = field(default=None, compare=False)
    """Where that is, if the pointer does not say it."""

    @property
    def sentence(self) -> str:
        """What is to be said, as a whole."""
        return f"{self.about} {self.message}" if self.about else self.message
