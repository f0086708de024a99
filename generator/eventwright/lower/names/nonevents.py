"""The arms of a request's union that are no events, though others are: which, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...diagnostics.remarks import Remark
from ...model.model import ObjectType
from ...schema.parse import Parser
from ...schema.schema import Flat
from ...text.jsonvalues import Json
from ...text.pointers import Pointer
from .events import Tag, constants, preferred
from .names import component_name

_ONE_CONSTANT = "an event has one constant text there, which no other has: `const: …`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two arms that nothing tells apart but that have a constant like an event's: the same."""

    tag: Tag
    first: Pointer
    second: Pointer


class NonEvents:
    """Those met so far, in the document's order."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._twins: dict[Twins, None] = {}
        self._untold: dict[tuple[Pointer, str], None] = {}

    def look(
        self,
        arms: Sequence[Flat],
        tags: Sequence[Tag | None],
        discriminator: Mapping[str, Json] | None,
    ) -> None:
        """Keep what is to be said of the arms of one body: unions among them are opened."""
        constant = [constants(arm, self._parser) for arm in arms]
        keys = preferred(constant, discriminator)
        rest = [arm for arm, tag in zip(arms, tags, strict=True) if not tag and not is_null(arm)]
        telling = [key for key in keys if _tells(key, constant, discriminator)]
        counts = Counter(item for found in constant for item in found.items())
        self._twins.update(dict.fromkeys(self._alike(rest, telling, counts)))
        told = Counter(tag.wire for tag in tags if tag)
        for arm in rest if told else ():
            why = self._why(arm, max(keys, key=lambda key: told[key]))
            self._untold[arm.key, why] = None

    def closed(self, arms: Iterable[Flat]) -> None:
        """The same of events whose union stays closed."""
        for arm in arms:
            why = "it is an arm of a union in the union, and not all arms beside it are events"
            self._untold[arm.key, why] = None

    def twins(self) -> tuple[Twins, ...]:
        return tuple(self._twins)

    def remarks(self, objects: Mapping[str, ObjectType]) -> Iterator[Remark]:
        """`objects`: what was lowered, for their names."""
        for key, why in self._untold:
            at = place(key)
            name = (key in objects and objects[key].name) or component_name(at) or "an arm"
            yield Remark(
                code="N102", about=name, at=at, message=f"is no event: {why}", help=_ONE_CONSTANT
            )

    def _alike(
        self, rest: Sequence[Flat], keys: Sequence[str], counts: Mapping[tuple[str, str], int]
    ) -> Iterator[Twins]:
        """Of an arm's constants the one that the fewest others have is to tell it apart."""
        first: dict[Tag, Flat] = {}
        for arm in rest:
            own = constants(arm, self._parser)
            items = [(key, own[key]) for key in keys if key in own]
            if items:
                wire, literal = min(items, key=lambda item: counts[item])
                tag = Tag(wire=wire, literal=literal)
                other = first.setdefault(tag, arm)
                if other is not arm:
                    yield Twins(tag=tag, first=place(other.key), second=place(arm.key))

    def _why(self, arm: Flat, wire: str) -> str:
        if wire not in arm.properties:
            return f'it has no "{wire}"'
        literal = constants(arm, self._parser).get(wire)
        if literal is None:
            return f'its "{wire}" is no constant text'
        return f'its "{wire}" is {literal!r}, as that of another arm'


def is_null(flat: Flat) -> bool:
    """Whether null is all that a schema allows."""
    return flat.types == frozenset({"null"}) or flat.values == (None,)


def place(key: str) -> Pointer:
    """Where the arm of a union is defined whose key may name what stands beside the union too."""
    return key.rpartition("&")[2]


def _tells(
    key: str, constant: Sequence[Mapping[str, str]], discriminator: Mapping[str, Json] | None
) -> bool:
    """Whether a key is there to tell events apart: a constant that all arms share, such as
    `object: cart`, may mean anything."""
    several = len({found[key] for found in constant if key in found}) > 1
    named = discriminator is not None and discriminator.get("propertyName") == key
    return several or named or "event" in key.lower()
