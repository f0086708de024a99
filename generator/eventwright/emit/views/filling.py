"""The view of what clients fill in: an expression that says so by the names of classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.model import Model
from ...python.quoting import literal
from ...text.jsonvalues import Json


def filled_in(model: Model, fill: Mapping[str, Any]) -> str:
    """Source of the runtime's `Fill` for what `[client.fill]` says; "" for nothing."""
    every: dict[str, Json] = {key: said for key, said in fill.items() if isinstance(said, str)}
    some: dict[str, Json] = {
        model.objects[event.key].name: dict(fill[event.literal])
        for event in model.events
        if isinstance(fill.get(event.literal), Mapping)
    }
    if not (every or some):
        return ""
    given = [literal(every), *([literal(some)] if some else [])]
    return f"filling.Fill({', '.join(given)})"
