"""Bodies that are text."""

from __future__ import annotations


def text_body(value: object, charset: str = "utf-8") -> bytes:
    """The text in the charset of its media type.

    Raises:
        TypeError: no text.
        ValueError: the charset has no form for a character of it.
    """
    if isinstance(value, (bytes, bytearray)):  # encoded already
        return bytes(value)
    if isinstance(value, str):
        return value.encode(charset)
    raise TypeError(f"expected a str, got {type(value).__name__}")
