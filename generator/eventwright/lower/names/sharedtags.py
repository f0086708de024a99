"""The literals of arms that no constant of their own tells from all others.

An arm may have several literals (`enum: [opened, reopened]`), and arms may share one: they are
events all the same, and what is received is told by what else they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ...schema.parse import Parser
from ...schema.schema import Flat
from ...text.jsonvalues import Json
from .events import Literal, Tag, constants, is_named, literals, may_be_object, preferred


def with_shared_tags(
    flats: Sequence[Flat],
    tags: Sequence[Tag | None],
    parser: Parser,
    discriminator: Mapping[str, Json] | None,
) -> list[Tag | None]:
    """The tags, and for each arm without one what it holds under the key that tells the others."""
    if all(tags):
        return list(tags)
    constant = [constants(flat, parser) if may_be_object(flat) else {} for flat in flats]
    wire = _wire(constant, tags, discriminator)
    twins = _twins(constant, tags, discriminator)
    return [
        tag or _several(flat, wire, parser) or twins.get(index)
        for index, (flat, tag) in enumerate(zip(flats, tags, strict=True))
    ]


def telling_key(
    constant: Sequence[Mapping[str, Literal]],
    tags: Sequence[Tag | None],
    discriminator: Mapping[str, Json] | None,
) -> str:
    """The key that tells most arms apart; "" where none does."""
    told = Counter(tag.wire for tag in tags if tag)
    keys = (*preferred(constant, discriminator), *told)
    return max(keys, key=lambda key: told[key]) if told else ""


def _wire(
    constant: Sequence[Mapping[str, Literal]],
    tags: Sequence[Tag | None],
    discriminator: Mapping[str, Json] | None,
) -> str:
    named = discriminator.get("propertyName") if discriminator else None
    return named if isinstance(named, str) else telling_key(constant, tags, discriminator)


def _several(flat: Flat, wire: str, parser: Parser) -> Tag | None:
    values = literals(flat, wire, parser) if wire and may_be_object(flat) else ()
    return Tag(wire=wire, literals=values) if values else None


def _twins(
    constant: Sequence[Mapping[str, Literal]],
    tags: Sequence[Tag | None],
    discriminator: Mapping[str, Json] | None,
) -> dict[int, Tag]:
    """Arms without a tag that have one constant in common, which is like an event's.

    Of an arm's constants the one that the fewest others have is to tell it.
    """
    keys = [
        key for key in preferred(constant, discriminator) if _tells(key, constant, discriminator)
    ]
    counts = Counter(item for found in constant for item in found.items())
    found: dict[Tag, list[int]] = {}
    for index, (own, tag) in enumerate(zip(constant, tags, strict=True)):
        items = [(key, own[key]) for key in keys if key in own]
        if items and tag is None:
            wire, literal = min(items, key=lambda item: counts[item])
            found.setdefault(Tag(wire=wire, literals=(literal,)), []).append(index)
    return {index: tag for tag, indexes in found.items() if len(indexes) > 1 for index in indexes}


def _tells(
    key: str,
    constant: Sequence[Mapping[str, Literal]],
    discriminator: Mapping[str, Json] | None,
) -> bool:
    """Whether a key is there to tell events apart: a constant that all arms share, such as
    `object: cart`, may mean anything."""
    several = len({found[key] for found in constant if key in found}) > 1
    return several or is_named(key, discriminator) or "event" in key.lower()
