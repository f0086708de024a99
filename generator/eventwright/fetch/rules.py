"""What a fetch may do, how long it may take, and how it fails."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..diagnostics.errors import CommandError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`sha256`: the hash the bytes must have, hex, or ""; `max_bytes` of the body.

    `timeout`: seconds for everything together: names, connections, redirects, body. `allow_private`
    lets addresses of this machine and of private networks pass, and plain http to this machine.
    """

    sha256: str = ""
    max_bytes: int = 64 << 20
    timeout: float = 60.0
    allow_private: bool = False


class FetchError(CommandError):
    """A document could not be had, or is not the one that was asked for: exit code 3."""

    def __init__(self, url: str, reason: str, *, help: str = "") -> None:
        super().__init__(f"cannot fetch {url}: {reason}", help=help, exit_code=3)
        self.url = url
        self.reason = reason


class Refused(Exception):
    """Why a fetch goes no further, without the URL that it was for."""

    def __init__(self, reason: str, help: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which everything must be done."""

    seconds: float
    _began: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds until then, more than 0. Raises TimeoutError."""
        left = self._began + self.seconds - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
