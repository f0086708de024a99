"""Does one type accept every value of another? Yes only when that is certain."""

from __future__ import annotations

from collections.abc import Callable

from ...model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    BooleanType,
    EnumType,
    Model,
    NeverType,
    NullableType,
    NullType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ...text.jsonvalues import Json
from .disjoint import Disjoint
from .formats import is_checked, wider
from .membership import Takes
from .patterns import contains
from .ranges import limits
from .wholenumbers import exact


def admits(node: Type, value: Json) -> bool:
    """Whether a type takes this value, for certain. Objects are not looked into."""
    return Takes()(node, value) is True


def accepts(wide: Type, narrow: Type) -> bool:
    """Whether every value of `narrow` is one of `wide`, as far as can be told from the two alone.

    Objects are not looked into.
    """
    return Accepts()(wide, narrow)


class Accepts:
    """Asks of types of two models, the first of which is that of the wider type."""

    def __init__(self, wide: Model | None = None, narrow: Model | None = None) -> None:
        self._wide, self._narrow = wide, narrow
        self._takes = Takes(wide)
        self._disjoint = Disjoint(wide, narrow)
        self._assumed: set[tuple[str, str]] = set()
        """Pairs of keys that are being asked about: what leads back to them refutes nothing."""

    def __call__(self, wide: Type, narrow: Type) -> bool:
        if isinstance(narrow, NeverType):
            return True
        if wide.assertions:
            return False
        if isinstance(wide, AnyType):
            return True
        if isinstance(narrow, EnumType):
            return all(self._takes(wide, value) is True for value in narrow.values)
        if isinstance(narrow, NullableType):
            return self._takes(wide, None) is True and self(wide, narrow.inner)
        if isinstance(wide, NullableType):
            return isinstance(narrow, NullType) or self(wide.inner, narrow)
        if isinstance(narrow, UnionType):
            return all(self(wide, arm) for arm in narrow.arms)
        if isinstance(wide, UnionType):
            return any(self(arm, narrow) and self._alone(wide, arm, narrow) for arm in wide.arms)
        return self._plain(wide, narrow)

    def _alone(self, union: UnionType, arm: Type, narrow: Type) -> bool:
        others = (other for other in union.arms if other is not arm)
        return not union.exclusive or all(self._disjoint(other, narrow) for other in others)

    def _plain(self, wide: Type, narrow: Type) -> bool:
        match wide, narrow:
            case NumberType(), NumberType():
                return _numbers(wide, narrow)
            case StringType(), StringType():
                return _strings(wide, narrow)
            case ArrayType(), ArrayType():
                return self._arrays(wide, narrow)
            case ObjectRef(), ObjectRef():
                return self._objects(wide.key, narrow.key)
            case AliasRef(), AliasRef():
                return self._aliases(wide.key, narrow.key)
        return isinstance(wide, BooleanType | NullType) and type(wide) is type(narrow)

    def _arrays(self, wide: ArrayType, narrow: ArrayType) -> bool:
        if (wide.min_items or 0) > (narrow.min_items or 0) or (wide.unique and not narrow.unique):
            return False
        if wide.max_items is not None and not _at_most(narrow.max_items, wide.max_items):
            return False
        places = range(max(len(wide.prefix), len(narrow.prefix)))
        pairs = [(_item(wide, place), _item(narrow, place)) for place in places]
        return all(self(one, two) for one, two in [*pairs, (wide.items, narrow.items)])

    def _aliases(self, wide: str, narrow: str) -> bool:
        if self._wide is None or self._narrow is None:
            return False
        one, two = self._wide.aliases[wide], self._narrow.aliases[narrow]
        return self._assuming(wide, narrow, lambda: self(one, two))

    def _objects(self, wide: str, narrow: str) -> bool:
        if self._wide is None or self._narrow is None:
            return False
        if self._wide is self._narrow and wide == narrow:
            return True
        one, two = self._wide.objects[wide], self._narrow.objects[narrow]
        return self._assuming(wide, narrow, lambda: self._object(one, two))

    def _assuming(self, wide: str, narrow: str, ask: Callable[[], bool]) -> bool:
        if (wide, narrow) in self._assumed:
            return True
        before = set(self._assumed)
        self._assumed.add((wide, narrow))
        found = ask()
        if not found:
            self._assumed = before
        return found

    def _object(self, wide: ObjectType, narrow: ObjectType) -> bool:
        if wide.assertions or wide.patterns or narrow.patterns:
            return False
        if (wide.min_properties or 0) > max(
            narrow.min_properties or 0, sum(field.required for field in narrow.fields)
        ):
            return False
        if wide.max_properties is not None and not _at_most(
            narrow.max_properties, wide.max_properties
        ):
            return False
        given = {field.wire: field for field in narrow.fields}
        wanted = {field.wire: field for field in wide.fields}
        needed = {field.wire for field in wide.fields if field.required}
        if not needed <= {field.wire for field in narrow.fields if field.required}:
            return False
        return self(wide.extra, narrow.extra) and all(
            self(
                wanted[wire].type if wire in wanted else wide.extra,
                given[wire].type if wire in given else narrow.extra,
            )
            for wire in {**wanted, **given}
        )


def _item(node: ArrayType, place: int) -> Type:
    return node.prefix[place] if place < len(node.prefix) else node.items


def _at_most(bound: int | None, most: int) -> bool:
    return bound is not None and bound <= most


def _numbers(wide: NumberType, narrow: NumberType) -> bool:
    if wide.integral and not narrow.integral:
        return False
    if wide.multiple_of is not None:
        step = narrow.multiple_of or (1 if narrow.integral else None)
        if step is None or (exact(step) / exact(wide.multiple_of)).denominator > 1:
            return False
    ours, theirs = limits(wide), limits(narrow)
    return ours[0] <= theirs[0] and ours[1] >= theirs[1]


def _strings(wide: StringType, narrow: StringType) -> bool:
    formats = {narrow.format, *wider(narrow.format)}
    if is_checked(wide.format) and wide.format not in formats:
        return False
    if (wide.min_length or 0) > (narrow.min_length or 0):
        return False
    if wide.max_length is not None and not _at_most(narrow.max_length, wide.max_length):
        return False
    return not wide.pattern or contains(wide.pattern, narrow.pattern)
