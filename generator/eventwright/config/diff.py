"""`[diff]` in the configuration: what the findings of `eventwright diff` count as here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Weight: TypeAlias = Literal["error", "warning", "info", "docs", "off"]
"""A severity, or "off": not told at all."""


def _key(description: str, **options: Any) -> dict[str, Any]:
    return {"description": description, **options}


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreKeys:
    """What is no promise to anybody, and may move as it likes."""

    paths: tuple[str, ...] = field(
        default=(),
        metadata=_key("Paths of operations, with * and ? for any characters: /internal/*."),
    )
    tags: tuple[str, ...] = field(default=(), metadata=_key("Tags of operations."))
    extensions: tuple[str, ...] = field(
        default=(),
        metadata=_key(
            "Extensions, such as x-internal: what has one that is not false, and all inside it."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffKeys:
    """What `[diff]` may say."""

    severity: Mapping[str, Weight] = field(
        default_factory=dict,
        metadata=_key("Rule to error, warning, info, docs, or off: not told at all."),
    )
    ignore: IgnoreKeys = field(
        default_factory=IgnoreKeys, metadata=_key("What is no promise, and may move.")
    )
    stability: Mapping[str, Weight] = field(
        default_factory=dict,
        metadata=_key(
            "x-stability-level of an operation to the severest that a change of it counts as."
        ),
    )
    sunset_notice: int | None = field(
        default=None,
        metadata=_key(
            "Days between the announcement of an end (deprecated, with x-sunset) and that end, at "
            "least. What is removed after its x-sunset is no break then.",
            ge=0,
            strict=True,
        ),
    )
