"""Do two objects of a model have the same shape? Asked where configuration gives them one name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from .model import NO_NOTES, ArrayType, Model, NullableType, ObjectRef, ObjectType, Type, UnionType

_Step: TypeAlias = "str | tuple[Type, Type, str]"
"""A difference; or two types to compare and the words that lead to them."""


def difference(model: Model, one: str, two: str) -> str:
    """Where the objects at two keys differ, in a reader's words; "" when they agree.

    Words (descriptions, examples) do not count; types, constraints and which keys are required do.
    """
    # With a stack of its own: documents nest deeper than Python likes to.
    seen: set[tuple[str, str]] = set()
    stack: list[Iterator[_Step]] = [_types(ObjectRef(key=one), ObjectRef(key=two), "")]
    while stack:
        step = next(stack[-1], None)
        if isinstance(step, str):
            return step
        if step is None:
            stack.pop()
            continue
        first, second, where = step
        if not (isinstance(first, ObjectRef) and isinstance(second, ObjectRef)):
            stack.append(_types(first, second, where))
        elif first.key != second.key and (first.key, second.key) not in seen:
            seen.add((first.key, second.key))
            stack.append(_objects(model.objects[first.key], model.objects[second.key], where))
    return ""


def _objects(first: ObjectType, second: ObjectType, where: str) -> Iterator[_Step]:
    theirs = {field.wire: field for field in second.fields}
    for field in first.fields:
        other = theirs.pop(field.wire, None)
        if other is None:
            yield f"{where}only the first has `{field.wire}`"
        elif field.required != other.required:
            yield f"{where}`{field.wire}` is required in one of them only"
        else:
            yield field.type, other.type, f"{where}`{field.wire}`: "
    if theirs:
        yield f"{where}only the second has `{next(iter(theirs))}`"
    if _bare(first, first.extra) != _bare(second, first.extra):
        yield f"{where}their constraints differ"
    yield first.extra, second.extra, where


def _bare(item: ObjectType, extra: Type) -> ObjectType:
    return replace(item, key="", name="", fields=(), notes=NO_NOTES, extra=extra)


def _types(one: Type, two: Type, where: str) -> Iterator[_Step]:
    if isinstance(one, ObjectRef) and isinstance(two, ObjectRef):
        yield one, two, where
    elif isinstance(one, NullableType) and isinstance(two, NullableType):
        yield one.inner, two.inner, where
    elif isinstance(one, ArrayType) and isinstance(two, ArrayType):
        yield one.items, two.items, where
        yield from _plain(replace(one, items=two.items), two, where)
    elif isinstance(one, UnionType) and isinstance(two, UnionType) and _alike(one, two):
        yield from ((a, b, where) for a, b in zip(one.arms, two.arms, strict=True))
    else:
        yield from _plain(one, two, where)


def _alike(one: UnionType, two: UnionType) -> bool:
    return len(one.arms) == len(two.arms)


def _plain(one: Type, two: Type, where: str) -> Iterator[str]:
    # Defaults count: they change what is sent.
    ours = replace(one, notes=replace(NO_NOTES, default=one.notes.default))
    theirs = replace(two, notes=replace(NO_NOTES, default=two.notes.default))
    if ours != theirs:
        yield f"{where}the types differ"
