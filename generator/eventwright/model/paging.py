"""Can an operation be asked for more as the configuration says, and what does it list?"""

from __future__ import annotations

from collections.abc import Sequence

from .bodies import json_answer
from .model import ArrayType, Model, NullableType, ObjectRef, Operation, Type


def listed(model: Model, operation: Operation) -> ArrayType | None:
    """The list in the answer of an operation with pages; None where there is none."""
    found = (
        [found_at(model, answer, operation.paging.items) for answer in _answers(operation)]
        if (operation.paging)
        else []
    )
    lists = [each for each in found if isinstance(each, ArrayType)]
    return lists[0] if lists and len(lists) == len(found) else None


def paging_problem(model: Model, operation: Operation) -> str:
    """What is wrong with how an operation is asked for more; "" if nothing is."""
    paging = operation.paging
    if paging is None:
        return ""
    ways = [paging.next is not None, paging.link, bool(paging.counts)]
    if sum(ways) != 1:
        return "exactly one of `next`, `link` and `counts` says what leads on"
    if paging.counts and not paging.parameter:
        return "`counts` needs the `parameter` that counts"
    if paging.link and paging.parameter:
        return "the header `Link` has the whole query: `parameter` has no use"
    queries = {each.wire for each in operation.parameters if each.location == "query"}
    if paging.parameter and paging.parameter not in queries:
        return f"it has no query parameter {paging.parameter}"
    if listed(model, operation) is None:
        return f"its answer has no list at {pointer(paging.items)}"
    if paging.next and not all(found_at(model, each, paging.next) for each in _answers(operation)):
        return f"its answer has nothing at {pointer(paging.next)}"
    return ""


def pointer(keys: Sequence[str]) -> str:
    """The keys as a JSON pointer, in quotes where it is empty."""
    return "".join(f"/{key}" for key in keys) or '""'


def found_at(model: Model, node: Type, keys: Sequence[str]) -> Type | None:
    """The type that keys lead to, without null."""
    bare = node.inner if isinstance(node, NullableType) else node
    if not keys:
        return bare
    if not isinstance(bare, ObjectRef):
        return None
    fields = model.objects[bare.key].fields
    inner = next((field.type for field in fields if field.wire == keys[0]), None)
    return None if inner is None else found_at(model, inner, keys[1:])


def _answers(operation: Operation) -> list[Type]:
    found = [json_answer(each) for each in operation.responses if each.status[:1] == "2"]
    return [content.type for content in found if content]
