"""The methods of operations that would share one: exact spelling wins, the others tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from ...diagnostics.remarks import Remark
from ...model.model import Model, Operation
from ...python.distinct import Wish, distinct, is_plain_identifier, spellings
from ...python.naming import RESERVED_METHODS, field_name
from ...text.pointers import Pointer


def with_method_names(
    model: Model, configured: Collection[str]
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a method of its own for each operation, and what is to be said of those that
    met. `configured`: the ids of operations that the configuration names; they keep their names.
    """
    count = Counter(operation.name for operation in model.operations)
    if len(count) == len(model.operations):
        return model, ()
    chosen = {each.name for each in model.operations if each.id in configured}
    wishes = {
        each.at: _wish(each, several=count[each.name] > 1)
        for each in model.operations
        if each.id not in configured
    }
    names = distinct(wishes, frozenset(chosen))
    renamed = tuple(replace(each, name=names.get(each.at, each.name)) for each in model.operations)
    return replace(model, operations=renamed), tuple(_remarks(model, names))


def _wish(operation: Operation, *, several: bool) -> Wish:
    given = operation.id != without_id(operation.method, operation.path)
    return Wish(
        name=operation.name,
        rank=(operation.id != operation.name, not given, not (given or _is_plain(operation.path))),
        others=tuple(_others(operation, given=given)) if several else (),
    )


def without_id(method: str, path: str) -> str:
    """What an operation is called that has no operationId: `get /orders/{id}`."""
    return f"{method.lower()} {path}"


def _others(operation: Operation, *, given: bool) -> Iterator[str]:
    identity = operation.id
    if is_plain_identifier(identity) and identity not in RESERVED_METHODS:
        yield identity
    route = without_id(operation.method, operation.path)
    spoken = route.replace("{", " by ").replace("}", " ")
    if spoken.endswith("/"):
        spoken += " slash"
    texts = [*spellings(identity), route] if given else []
    for text in (*texts, " ".join(spoken.replace("/", " ").split()), *spellings(spoken)):
        yield field_name(text, RESERVED_METHODS)


def _is_plain(path: str) -> bool:
    """Whether a path says in its words all that it is."""
    return "{" not in path and not path.endswith("/")


def _remarks(model: Model, names: dict[Pointer, str]) -> Iterator[Remark]:
    by_name: dict[str, list[Operation]] = {}
    for operation in model.operations:
        by_name.setdefault(operation.name, []).append(operation)
    for name, alike in by_name.items():
        # The one that has the name comes first.
        alike.sort(key=lambda each: names.get(each.at, each.name) != name)
    for operation in model.operations:
        name = names.get(operation.at, operation.name)
        if name != operation.name:
            other = next(e.id for e in by_name[operation.name] if e.at != operation.at)
            yield Remark(
                code="N107",
                about=f"the operation {operation.id}",
                message=f"is the method {name}: {other} would be {operation.name} as well",
                at=operation.at,
                help=f'choose a name: [client.operations."{operation.id}"] name = "…"',
            )
