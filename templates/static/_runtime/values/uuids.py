"""UUIDs as text; the module `uuid` takes long to import, and longer to make one."""

from __future__ import annotations

from os import urandom

_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def uuid_text() -> str:
    """A new one of version 4 (RFC 9562), random also after a fork."""
    random = urandom(16).hex()
    variant = _VARIANTS[random[16]]
    return f"{random[:8]}-{random[8:12]}-4{random[13:16]}-{variant}{random[17:20]}-{random[20:]}"
