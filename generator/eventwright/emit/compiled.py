"""Compiled templates, kept in `__pycache__` beside them, as Python keeps its modules."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source

from jinja2 import __version__
from jinja2.bccache import Bucket, BytecodeCache


class Compiled(BytecodeCache):
    """Compiling takes longer than rendering a small package does.

    What is kept is used by the same Python and Jinja alone, and for the same source. A folder that
    cannot be written to costs nothing but the time; nor is anything kept where Python keeps none of
    its modules (`PYTHONDONTWRITEBYTECODE`).
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The path of the file; "" for a template from elsewhere."""
        release = "".join(filter(str.isalnum, __version__))
        return cache_from_source(filename, optimization=f"jinja{release}") if filename else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, unless there is nothing for it."""
        with suppress(OSError), open(bucket.key, "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket. Another process never sees a part of it."""
        if sys.dont_write_bytecode or not bucket.key:
            return
        unfinished = f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            os.makedirs(os.path.dirname(bucket.key), exist_ok=True)
            with open(unfinished, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(unfinished, bucket.key)
