"""Bodies that a server compressed although nobody asked it to."""

from __future__ import annotations

import gzip
import io
import zlib

from .rules import Refused


def uncompressed(body: bytes, encoding: str, limit: int) -> bytes:
    """The body as it was, but no more than one byte above `limit` of it. Raises Refused."""
    name = encoding.strip(" \t").lower()
    try:
        if name in ("", "identity"):
            return body
        if name in ("gzip", "x-gzip"):
            return gzip.GzipFile(fileobj=io.BytesIO(body)).read(limit + 1)
        if name == "deflate":
            return _inflated(body, limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(f"it came compressed ({name}), and not whole") from error
    raise Refused(f"it came compressed in a way that is not known ({name})")


def _inflated(body: bytes, most: int) -> bytes:
    """With the frame that deflate is to have, or without, as some servers send it."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(window)
        try:
            found = stream.decompress(body, most)
        except zlib.error:
            continue
        if stream.eof or len(found) == most:
            return found
    raise EOFError
