"""Which module an operation stands in, where there are too many for one.

Those of one tag stand together, and without a tag those whose paths begin with the same word: so
another operation changes one module, and none moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...model.model import Operation
from ...python.naming import Distinct, class_name, field_name, module_name
from ...python.order import module_names

MOST_IN_ONE_MODULE = 50
"""Operations: about two hundred kilobytes in the modules of the clients."""

_SAYS_LITTLE = re.compile(r"api|rest|v\d[\w.]*|\{.*", re.IGNORECASE)
"""Beginnings of paths that most operations of a document have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Operations that belong together."""

    title: str
    module: str
    class_name: str
    operations: tuple[Operation, ...]


def parts(operations: Iterable[Operation], taken: Iterable[str]) -> list[Part]:
    """In the order of their modules; `taken`: names that their classes cannot have."""
    together: dict[str, list[Operation]] = {}
    titles: dict[str, str] = {}
    for operation in operations:
        title = operation.tags[0] if operation.tags else _beginning(operation.path)
        module = module_name(title)
        together.setdefault(module, []).append(operation)
        titles.setdefault(module, title)
    names = Distinct(*(name.removeprefix("Async") for name in taken))
    return [
        Part(
            title=titles[module],
            module=module,
            class_name=names.of(module, class_name(f"{module} operations")),
            operations=tuple(together[module]),
        )
        for module in module_names(together)
    ]


def _beginning(path: str) -> str:
    """The first word of a path that says something: `/v1/orders/{id}` -> `orders`."""
    segments = [each for each in path.split("/") if each]
    telling = [each for each in segments if not _SAYS_LITTLE.fullmatch(each)]
    first, *_ = field_name(next(iter(telling or segments), "")).split("_")
    return first.rstrip("0123456789") or "others"
