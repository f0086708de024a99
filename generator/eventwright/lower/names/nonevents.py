"""The arms of a request's union that are no events, though others are: which, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...diagnostics.remarks import Remark
from ...model.model import ObjectType
from ...schema.parse import Parser
from ...schema.schema import Flat
from ...text.jsonvalues import Json
from ...text.pointers import Pointer
from .events import Tag, constants
from .names import component_name
from .sharedtags import telling_key

_ONE_CONSTANT = "an event has one constant text there, which no other has: `const: …`"


class NonEvents:
    """Those met so far, in the document's order."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._untold: dict[tuple[Pointer, str], None] = {}

    def look(
        self,
        arms: Sequence[Flat],
        tags: Sequence[Tag | None],
        discriminator: Mapping[str, Json] | None,
    ) -> None:
        """Keep what is to be said of the arms of one body: unions among them are opened."""
        constant = [constants(arm, self._parser) for arm in arms]
        wire = telling_key(constant, tags, discriminator)
        for arm, tag in zip(arms, tags, strict=True) if wire else ():
            if not tag and not is_null(arm):
                self._untold[arm.key, _why(arm, wire)] = None

    def closed(self, arms: Iterable[Flat]) -> None:
        """The same of events whose union stays closed."""
        for arm in arms:
            why = "it is an arm of a union in the union, and not all arms beside it are events"
            self._untold[arm.key, why] = None

    def remarks(self, objects: Mapping[str, ObjectType]) -> Iterator[Remark]:
        """`objects`: what was lowered, for their names."""
        for key, why in self._untold:
            at = place(key)
            name = (key in objects and objects[key].name) or component_name(at) or "an arm"
            yield Remark(
                code="N102", about=name, at=at, message=f"is no event: {why}", help=_ONE_CONSTANT
            )


def _why(arm: Flat, wire: str) -> str:
    if wire not in arm.properties:
        return f'it has no "{wire}"'
    return f'its "{wire}" is no constant text'


def is_null(flat: Flat) -> bool:
    """Whether null is all that a schema allows."""
    return flat.types == frozenset({"null"}) or flat.values == (None,)


def place(key: str) -> Pointer:
    """Where the arm of a union is defined whose key may name what stands beside the union too."""
    return key.rpartition("&")[2]
