"""What header and query parameters are called that hold credentials."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|[0-9]+")
_SAY_IT = frozenset(
    (
        "auth",
        "authorization",
        "apikey",
        "credential",
        "credentials",
        "jwt",
        "passwd",
        "password",
        "secret",
        "cookie",
    )
)
_BEFORE = {
    "key": frozenset(("access", "api", "auth", "private", "secret", "subscription")),
    "token": frozenset(
        (
            "access",
            "api",
            "auth",
            "bearer",
            "csrf",
            "id",
            "refresh",
            "security",
            "session",
            "xsrf",
        )
    ),
}
"""What stands before these words where they mean a credential, and no key of an event."""


@lru_cache(maxsize=256)
def names_credential(name: str) -> bool:
    """Whether a name says that a credential is in it: `X-Api-Key`, `access_token`."""
    words = [word.lower() for word in _WORD.findall(name)]
    if any(word in _SAY_IT for word in words):
        return True
    return any(before in _BEFORE.get(word, ()) for before, word in pairwise(words))


@lru_cache(maxsize=256)
def may_hold_credential(name: str) -> bool:
    """Whether one may be in it, to the best of what a name can say: also `X-Token`."""
    words = [word.lower() for word in _WORD.findall(name)]
    is_token = "token" in words and not any(
        word.startswith("idempot") for word in words
    )
    return is_token or names_credential(name)
