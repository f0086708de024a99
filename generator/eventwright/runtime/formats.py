"""Which `format`s of strings are checked, and what expressions of kinds call them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .runtime import MODULES, runtime

_WITH_FORMATS = ("_t", "_formats", "_hosts", "_uris")


@cache
def checked_formats() -> Mapping[str, tuple[str, Any]]:
    """By the name of a format: the expression for it, and what the runtime has under that.

    >>> checked_formats()["date-time"][0], checked_formats()["uri"][0]
    ('_t.DATE_TIME', '_uris.URI')
    """
    return {
        name.lower().replace("_", "-"): (f"{alias}.{name}", value)
        for alias in _WITH_FORMATS
        for name, value in vars(runtime(MODULES[alias])).items()
        if isinstance(value, tuple) and name[0].isupper()
    }
