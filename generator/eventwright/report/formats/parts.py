"""What `check` and `pull` say of one client or document among several."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from .base import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something beside findings that is not as it should be. `kind`: a word for programs."""

    kind: str
    path: str
    message: str
    fix: str = ""

    @property
    def text(self) -> str:
        """In one line, with what mends it."""
        return f"{self.message}; to mend it: {self.fix}" if self.fix else self.message

    @property
    def fingerprint(self) -> str:
        """The same as long as it is the same trouble."""
        known = "\0".join((self.kind, self.path, self.message))
        return sha256(known.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is said of one client or document. `said`: in a few words; `report`: what moved in it,
    and `note` what else there is to say of that."""

    name: str
    said: str
    troubles: tuple[Trouble, ...] = ()
    note: str = ""
    report: Report | None = None
