"""Which operations are methods of a group: `client.orders.create_order(…)`.

A group is a tag, the first of an operation. What has none is a method of the client itself, and so
is everything where all have one and the same: that tells nothing apart.
"""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...model.model import Operation
from ...python.naming import (
    RESERVED_METHODS,
    Distinct,
    class_name,
    field_name,
    module_name,
    words,
)
from ...python.order import module_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Operations of one tag."""

    title: str
    attribute: str
    """Of the client."""
    module: str
    class_name: str
    operations: tuple[Operation, ...]
    methods: tuple[str, ...]
    """What each of them is called there."""


def groups(operations: Iterable[Operation], taken: Iterable[str]) -> list[Group]:
    """In the order of their modules; `taken`: names that their classes cannot have."""
    together: dict[str, list[Operation]] = {}
    titles: dict[str, str] = {}
    alone = set(RESERVED_METHODS)
    for operation in operations:
        key = _spelled(next(iter(operation.tags), ""))
        if key:
            together.setdefault(key, []).append(operation)
            titles.setdefault(key, operation.tags[0])
        else:
            alone.add(operation.name)
    if len(together) < 2:
        return []
    names = Distinct(*(name.removeprefix("Async") for name in taken))
    attributes = Distinct(*alone)
    modules = {module_name(key): key for key in together}
    return [
        Group(
            title=titles[key],
            attribute=attributes.of(key, _attribute(key)),
            module=module,
            class_name=names.of(module, class_name(f"{module} operations")),
            operations=tuple(together[key]),
            methods=_methods(key, together[key]),
        )
        for module, key in ((each, modules[each]) for each in module_names(modules))
    ]


def _spelled(tag: str) -> str:
    return field_name(tag, frozenset()).strip("_") if words(tag) else ""


def _attribute(key: str) -> str:
    return f"{key}_" if keyword.iskeyword(key) else key


def _methods(key: str, operations: Collection[Operation]) -> tuple[str, ...]:
    """Without the name of the group in front: `repos/list-forks` is `client.repos.list_forks`."""
    short = [_short(key, operation.name) for operation in operations]
    full = {operation.name for operation in operations}
    return tuple(
        name
        if short.count(name) == 1 and (name == operation.name or name not in full)
        else operation.name
        for name, operation in zip(short, operations, strict=True)
    )


def _short(key: str, name: str) -> str:
    rest = name.removeprefix(f"{key}_")
    usable = rest.isidentifier() and not keyword.iskeyword(rest) and rest not in RESERVED_METHODS
    return rest if usable else name
