"""Modules that annotations name and few programs need: imported when they are looked into.

`typing.get_type_hints` and `inspect.signature(…, eval_str=True)` find them here; type checkers read
the real import.
"""

from __future__ import annotations

from typing import Any


class _Lazy:
    """Stands for a module of the standard library."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(__import__(self._name), name)


ssl = _Lazy("ssl")
