"""A schema with values for it, judged by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """`components` may be referred to by the schema as `#/components/schemas/…`."""

    schema: Any
    good: tuple[Any, ...]
    bad: tuple[Any, ...]
    version: str = "3.1.0"
    components: dict[str, Any] = field(default_factory=dict)
