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


def with_method_names(
    model: Model, configured: Collection[str], given: GivenNames
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with a method of its own for each operation, and what is to be said of those that
    met. `configured`: the ids of operations that the configuration names; they keep their names.
    `given`: what the methods of the package are called that is there.
    """
    free = [each for each in model.operations if each.id not in configured]
    kept = {
        route(each): name
        for each in free
        if _is_method(name := given.method_of(route(each), each.name))
    }
    wanted = {route(each): kept.get(route(each), each.name) for each in model.operations}
    count = Counter(wanted.values())
    if not kept and len(count) == len(wanted):
        return model, ()
    wishes = {
        key: _wish(each, wanted[key], key in kept, several=count[wanted[key]] > 1)
        for key, each in ((route(each), each) for each in free)
    }
    chosen = {each.name for each in model.operations if each.id in configured}
    names = {**wanted, **distinct(wishes, frozenset(chosen))}
    renamed = tuple(replace(each, name=names[route(each)]) for each in model.operations)
    return replace(model, operations=renamed), tuple(_remarks(model, names))


def route(operation: Operation) -> str:
    """Method and path, which no other operation has: where it is written may be several paths' own
    by reference."""
    return without_id(operation.method, operation.path)


def _is_method(name: str) -> bool:
    return is_plain_identifier(name) and name not in RESERVED_METHODS if name else False


def _wish(operation: Operation, name: str, kept: bool, *, several: bool) -> Wish:
    given = operation.id != route(operation)
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
    told = route(operation)
    spoken = told.replace("{", " by ").replace("}", " ")
    if spoken.endswith("/"):
        spoken += " slash"
    texts = [*spellings(identity), told] if given else []
    for text in (*texts, " ".join(spoken.replace("/", " ").split()), *spellings(spoken)):
        yield field_name(text, RESERVED_METHODS)


def _is_plain(path: str) -> bool:
    """Whether a path says in its words all that it is."""
    return "{" not in path and not path.endswith("/")


def _remarks(model: Model, names: dict[str, str]) -> Iterator[Remark]:
    alike: dict[str, list[Operation]] = {}
    for operation in model.operations:
        for name in {operation.name, names[route(operation)]}:
            alike.setdefault(name, []).append(operation)
    for name, some in alike.items():
        # The one that has the name comes first.
        some.sort(key=lambda each: names[route(each)] != name)
    for operation in model.operations:
        name = names[route(operation)]
        others = [each.id for each in alike[operation.name] if each is not operation]
        if name != operation.name and others:
            yield Remark(
                code="N107",
                about=f"the operation {operation.id}",
                message=f"is the method {name}: {others[0]} would be {operation.name} as well",
                at=operation.at,
                help=f'choose a name: [client.operations."{operation.id}"] name = "…"',
            )
