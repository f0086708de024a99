"""The methods of operations that would share one: exact spelling wins, the others tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from ...diagnostics.remarks import Remark
from ...model.givennames import GivenNames
from ...model.model import Model, Operation
from ...python.distinct import Wish, distinct, is_plain_identifier, spellings
from ...python.naming import RESERVED_METHODS, field_name
from ...text.pointers import Pointer


def with_method_names(
    model: Model, configured: Collection[str], given: GivenNames
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a method of its own for each operation, and what is to be said of those that
    met. `configured`: the ids of operations that the configuration names; they keep their names.
    `given`: what the methods of the package are called that is there.
    """
    free = [each for each in model.operations if each.id not in configured]
    kept = {
        each.at: name for each in free if _is_method(name := given.method_of(each.at, each.name))
    }
    wanted = {each.at: kept.get(each.at, each.name) for each in model.operations}
    count = Counter(wanted.values())
    if not kept and len(count) == len(wanted):
        return model, ()
    wishes = {
        each.at: _wish(each, wanted[each.at], each.at in kept, several=count[wanted[each.at]] > 1)
        for each in free
    }
    chosen = {each.name for each in model.operations if each.id in configured}
    names = {**wanted, **distinct(wishes, frozenset(chosen))}
    renamed = tuple(replace(each, name=names[each.at]) for each in model.operations)
    return replace(model, operations=renamed), tuple(_remarks(model, names))


def _is_method(name: str) -> bool:
    return is_plain_identifier(name) and name not in RESERVED_METHODS if name else False


def _wish(operation: Operation, name: str, kept: bool, *, several: bool) -> Wish:
    given = operation.id != without_id(operation.method, operation.path)
    plain = given or _is_plain(operation.path)
    return Wish(
        name=name,
        rank=(not kept, operation.id != operation.name, not given, not plain),
        others=tuple(_others(operation, given=given)) if several else (),
    )


def without_id(method: str, path: str) -> str:
    """What an operation is called that has no operationId: `get /orders/{id}`.

    A method of its own may have small letters, which tell it from those that have none.
    """
    return f"{method.lower() if method.isupper() else repr(method)} {path}"


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
    alike: dict[str, list[Operation]] = {}
    for operation in model.operations:
        for name in {operation.name, names[operation.at]}:
            alike.setdefault(name, []).append(operation)
    for name, some in alike.items():
        # The one that has the name comes first.
        some.sort(key=lambda each: names[each.at] != name)
    for operation in model.operations:
        name = names[operation.at]
        others = [each.id for each in alike[operation.name] if each.at != operation.at]
        if name != operation.name and others:
            yield Remark(
                code="N107",
                about=f"the operation {operation.id}",
                message=f"is the method {name}: {others[0]} would be {operation.name} as well",
                at=operation.at,
                help=f'choose a name: [client.operations."{operation.id}"] name = "…"',
            )
