"""Do two objects of a model have the same shape? Asked where configuration gives them one name."""

from __future__ import annotations

from dataclasses import replace

from .model import NO_NOTES, ArrayType, Model, NullableType, ObjectRef, ObjectType, Type, UnionType


def difference(model: Model, one: str, two: str) -> str:
    """Where the objects at two keys differ, in a reader's words; "" when they agree.

    Words (descriptions, examples) do not count; types, constraints and which keys are required do.
    """
    return _objects(model, one, two, frozenset())


def _objects(model: Model, one: str, two: str, open_pairs: frozenset[tuple[str, str]]) -> str:
    if one == two or (one, two) in open_pairs:
        return ""
    open_pairs |= {(one, two)}
    first, second = model.objects[one], model.objects[two]
    theirs = {field.wire: field for field in second.fields}
    for field in first.fields:
        other = theirs.pop(field.wire, None)
        if other is None:
            return f"only the first has `{field.wire}`"
        if field.required != other.required:
            return f"`{field.wire}` is required in one of them only"
        found = _types(model, field.type, other.type, open_pairs)
        if found:
            return f"`{field.wire}`: {found}"
    if theirs:
        return f"only the second has `{next(iter(theirs))}`"
    return _rest(model, first, second, open_pairs)


def _rest(
    model: Model, first: ObjectType, second: ObjectType, open_pairs: frozenset[tuple[str, str]]
) -> str:
    if _bare(first, first.extra) != _bare(second, first.extra):
        return "their constraints differ"
    return _types(model, first.extra, second.extra, open_pairs)


def _bare(item: ObjectType, extra: Type) -> ObjectType:
    return replace(item, key="", name="", fields=(), notes=NO_NOTES, extra=extra)


def _types(model: Model, one: Type, two: Type, open_pairs: frozenset[tuple[str, str]]) -> str:
    if isinstance(one, ObjectRef) and isinstance(two, ObjectRef):
        return _objects(model, one.key, two.key, open_pairs)
    if isinstance(one, NullableType) and isinstance(two, NullableType):
        return _types(model, one.inner, two.inner, open_pairs)
    if isinstance(one, ArrayType) and isinstance(two, ArrayType):
        inner = _types(model, one.items, two.items, open_pairs)
        return inner or _plain(replace(one, items=two.items), two)
    if isinstance(one, UnionType) and isinstance(two, UnionType) and len(one.arms) == len(two.arms):
        arms = zip(one.arms, two.arms, strict=True)
        return next(filter(None, (_types(model, a, b, open_pairs) for a, b in arms)), "")
    return _plain(one, two)


def _plain(one: Type, two: Type) -> str:
    # Defaults count: they change what is sent.
    ours = replace(one, notes=replace(NO_NOTES, default=one.notes.default))
    theirs = replace(two, notes=replace(NO_NOTES, default=two.notes.default))
    return "" if ours == theirs else "the types differ"
