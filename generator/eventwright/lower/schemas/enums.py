"""Which of the values that `enum` lists its other keywords leave."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any

from ...patterns.translate import matches
from ...schema.jsontypes import is_of
from ...schema.schema import Flat, identity
from ...text.jsonvalues import Json


def allowed(flat: Flat) -> list[Json]:
    """Each once. Of lists and objects only the type is looked at, and an unchecked pattern not at
    all: see `unlooked`."""
    fits = [
        value
        for value in flat.values or ()
        if (flat.types is None or any(is_of(kind, value) for kind in flat.types))
        and _bounded(value, flat.scalars)
    ]
    once: dict[Hashable, Json] = {}
    for value in fits:
        once.setdefault(identity(value), value)
    return list(once.values())


def unlooked(flat: Flat, values: list[Json]) -> bool:
    """Whether keywords for lists and objects, or an unchecked pattern, may exclude some values."""
    pattern = flat.scalars.get("pattern", "")
    if any(isinstance(value, str) and matches(pattern, value) is None for value in values):
        return True
    said = flat.properties or flat.required or flat.patterns or flat.additional or flat.items
    sized = flat.scalars.keys() & {"minItems", "maxItems", "minProperties", "maxProperties"}
    inner = said or flat.prefix or sized
    return bool(inner) and any(isinstance(value, (list, dict)) for value in values)


def _bounded(value: Json, bound: Mapping[str, Any]) -> bool:
    if isinstance(value, str):
        fits = bound.get("minLength", 0) <= len(value) <= bound.get("maxLength", math.inf)
        return fits and matches(bound.get("pattern", ""), value) is not False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        least, most = bound.get("minimum", -math.inf), bound.get("maximum", math.inf)
        above, below = bound.get("exclusiveMinimum"), bound.get("exclusiveMaximum")
        inside = (above is None or value > above) and (below is None or value < below)
        step = Fraction(str(bound.get("multipleOf", value or 1)))
        return least <= value <= most and inside and Fraction(str(value)) % step == 0
    return True
