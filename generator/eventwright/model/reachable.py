"""Which objects of a model become classes: those that a body or an event is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .bodies import answer_types, classed
from .model import (
    AliasRef,
    ArrayType,
    EnumType,
    Model,
    NullableType,
    ObjectRef,
    ObjectType,
    Type,
    UnionType,
)


def children(node: Type) -> Sequence[Type]:
    """The types directly inside a type, not those of its assertions."""
    if isinstance(node, ArrayType):
        return (*node.prefix, node.items)
    if isinstance(node, NullableType):
        return (node.inner,)
    return node.arms if isinstance(node, UnionType) else ()


def object_children(item: ObjectType) -> Sequence[Type]:
    """The types of an object's keys, declared and not."""
    return (
        *(field.type for field in item.fields),
        *(pattern for _, pattern in item.patterns),
        item.extra,
    )


def emitted(model: Model) -> Mapping[str, ObjectType]:
    """Key -> object, each after the objects it is made of; objects without a name are left out.

    Those of requests come first.
    """
    if "emitted" not in model.worked_out:
        model.worked_out["emitted"] = classes(model, [*requested(model), *answered(model)])
    return model.worked_out["emitted"]


def requested(model: Model) -> Iterator[Type]:
    """The bodies of requests, those of webhooks among them."""
    for operation in (*model.operations, *model.webhooks):
        yield from classed(model, operation.body)


def answered(model: Model) -> Iterator[Type]:
    """The JSON that answers are read as."""
    for operation in model.operations:
        for response in operation.responses:
            yield from answer_types(response)


def classes(model: Model, roots: Iterable[Type]) -> dict[str, ObjectType]:
    """The objects with a name that are part of types."""
    found: dict[str, ObjectType] = {}
    seen: set[str] = set()
    for root in roots:
        _visit(model, root, seen, found)
    return found


def _visit(model: Model, root: Type, seen: set[str], found: dict[str, ObjectType]) -> None:
    """Depth first, with a stack of its own: documents nest deeper than Python likes to."""
    stack: list[Type | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):  # all that the object of this key is made of has been seen
            item = model.objects[node]
            if item.name:
                found[node] = item
        elif isinstance(node, (ObjectRef, AliasRef)):
            if node.key not in seen:
                seen.add(node.key)
                if isinstance(node, ObjectRef):
                    stack.append(node.key)
                    stack.extend(reversed(object_children(model.objects[node.key])))
                else:
                    stack.append(model.aliases[node.key])
        else:
            stack.extend(reversed(children(node)))


def enums(model: Model) -> Iterator[EnumType]:
    """Those that a builder or a parameter holds; schemas of their own come first."""
    found = [each for root in _roots(model) for each in _inside(model, root)]
    yield from sorted(found, key=lambda each: not each.component)


def _roots(model: Model) -> Iterator[Type]:
    for item in emitted(model).values():
        yield from object_children(item)
    for operation in model.operations:
        yield from (parameter.type for parameter in operation.parameters)
        yield from (each.type for each in (operation.body.contents if operation.body else ()))


def _inside(model: Model, root: Type) -> Iterator[EnumType]:
    seen: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, EnumType):
            if node.name and not node.constant:
                yield node
        elif isinstance(node, (ObjectRef, AliasRef)):
            if node.key not in seen:
                seen.add(node.key)
                stack.extend(_referred(model, node))
        else:
            stack.extend(reversed(children(node)))


def _referred(model: Model, node: ObjectRef | AliasRef) -> Iterator[Type]:
    if isinstance(node, AliasRef):
        yield model.aliases[node.key]
    elif not model.objects[node.key].name:
        yield from object_children(model.objects[node.key])


def plain(model: Model, node: Type) -> Type:
    """What a type is behind its name, where it may also be null."""
    seen = set[str]()
    while True:
        if isinstance(node, NullableType):
            node = node.inner
        elif isinstance(node, AliasRef) and node.key not in seen:
            seen.add(node.key)
            node = model.aliases[node.key]
        else:
            return node


def holds_events(model: Model, node: Type) -> bool:
    """Whether a type is an event, or holds some."""
    holders = _holders(model) if model.events else {}
    waiting, seen = [*_named(node)], set[str]()
    while waiting and holders:
        key = waiting.pop()
        if key in holders:
            return True
        if key in model.aliases and key not in seen:
            seen.add(key)
            waiting += _named(model.aliases[key])
    return False


def _holders(model: Model) -> Mapping[str, ObjectType]:
    """The events, and the objects that lead to one."""
    if "holders" not in model.worked_out:
        outer: dict[str, list[str]] = {}
        for key, item in model.objects.items():
            for inner in (each for node in object_children(item) for each in _named(node)):
                outer.setdefault(inner, []).append(key)
        for key, alias in model.aliases.items():
            for inner in _named(alias):
                outer.setdefault(inner, []).append(key)
        waiting, found = [event.key for event in model.events], dict[str, None]()
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = None
                waiting += outer.get(key, ())
        model.worked_out["holders"] = {k: i for k, i in model.objects.items() if k in found}
    return model.worked_out["holders"]


def _named(node: Type) -> Iterator[str]:
    """The keys of the objects and aliases that a type names itself."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, (ObjectRef, AliasRef)):
            yield each.key
        else:
            stack.extend(children(each))
