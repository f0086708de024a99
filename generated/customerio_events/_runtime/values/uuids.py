"""UUIDs as text; the module `uuid` takes long to import, and longer to make one."""

from __future__ import annotations

from os import urandom

_VARIANTS = "89ab"


def uuid_text() -> str:
    """A new one of version 4 (RFC 9562), random also after a fork."""
    digits = urandom(16).hex()
    variant = _VARIANTS[int(digits[16], 16) & 3]
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-"
        f"{digits[20:]}"
    )
