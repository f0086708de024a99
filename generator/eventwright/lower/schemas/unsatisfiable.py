"""Schemas that no value fits, though nobody wrote `false`: which, why, and what that takes away."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.remarks import Remark
from ...model.model import (
    AliasRef,
    ArrayType,
    Model,
    NeverType,
    ObjectRef,
    ObjectType,
    Type,
    UnionType,
)
from ...schema.schema import Flat
from ...text.pointers import Pointer
from .contradictions import contradiction

_LISTED = 5
_MEND = "correct it: as it is, a key with this schema can only be left out"


class Unsatisfiable:
    """Those met so far, in the document's order."""

    def __init__(self) -> None:
        self._found: dict[Pointer, str] = {}

    def look(self, flat: Flat, lowered: Type) -> None:
        """Keep a schema if what became of it has no value."""
        why = "" if flat.never else _why(flat, lowered)
        if why:
            self._found.setdefault(flat.pointer, why)

    def look_at_object(self, item: ObjectType) -> None:
        """The same of how many keys an object may have."""
        most, least = item.max_properties, item.min_properties or 0
        required = sum(field.required for field in item.fields)
        if most is not None and most < max(least, required):
            few = f"it has at most {most} keys, and needs {max(least, required)}"
            self._found.setdefault(item.at, few)

    def remarks(self, model: Model) -> Iterator[Remark]:
        """One for each, then one for each class that cannot be built without one of them."""
        for at, why in self._found.items():
            message = f"no value fits this schema: {why}"
            yield Remark(code="N114", message=message, at=at, help=_MEND)
        events = {event.key: event.literal for event in model.events}
        possible = _Possible(model)
        for key, item in model.objects.items():
            culprits = possible.culprits(item) if item.name else []
            if culprits:
                listed = ", ".join(f'"{wire}"' for wire in culprits[:_LISTED])
                yield Remark(
                    code="N117",
                    about=f"the event {events[key]!r}" if key in events else item.name,
                    message=f"can never be built: it requires {listed}, which no value fits",
                    at=item.at,
                    help="correct what is said of that key, or do not require it",
                )


def _why(flat: Flat, lowered: Type) -> str:
    match lowered:
        case NeverType() if flat.values is not None:
            if not flat.values:
                return "its lists of values have nothing in common"
            return "its other keywords exclude each of its values"
        case NeverType():
            return "its types exclude each other"
    return contradiction(lowered)


class _Possible:
    """The objects that can be built.

    One that needs another of its own kind, without end, is none of them.
    """

    def __init__(self, model: Model) -> None:
        self._aliases = model.aliases
        self._keys: set[str] = set()
        # What an object needs was met after it: from the end, one round is enough but for circles.
        waiting = list(model.objects.items())[::-1]
        before = -1
        while before != len(self._keys):
            before = len(self._keys)
            for key, item in waiting:
                if not self.culprits(item):
                    self._keys.add(key)
            waiting = [each for each in waiting if each[0] not in self._keys]

    def culprits(self, item: ObjectType) -> list[str]:
        """The required keys that no value fits."""
        return [f.wire for f in item.fields if f.required and not self._fits(f.type, ())]

    def _fits(self, node: Type, inside: tuple[str, ...]) -> bool:
        """Whether some value fits a type; `inside`: the aliases it is a part of."""
        if contradiction(node):
            return False
        match node:
            case NeverType():
                return False
            case ObjectRef():
                return node.key in self._keys
            case UnionType():
                return any(self._fits(arm, inside) for arm in node.arms)
            case ArrayType(items=items, prefix=prefix, min_items=int(least)):
                return least <= len(prefix) or self._fits(items, inside)
            case AliasRef():
                further = (*inside, node.key)
                return node.key not in inside and self._fits(self._aliases[node.key], further)
        return True
