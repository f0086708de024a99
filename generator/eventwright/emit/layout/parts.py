"""Which module an operation stands in, where there are too many for one.

Those of one tag stand together, and without a tag those whose paths begin with the same word. Where
these are too many still, the next word of the path tells them apart. So another operation changes
one module, and others stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...model.model import Operation
from ...python.naming import Distinct, class_name, field_name, module_name, words
from ...python.order import module_names

MOST_IN_ONE_MODULE = 50
"""Operations: about two hundred kilobytes."""
MOST_OF_ONE_KIND = 200
"""Operations that stand together because of one word: a large tag is a module still."""

_SAYS_NOTHING = re.compile(r"api|rest|v\d[\w.]*|\{.*", re.IGNORECASE)
"""Segments of a path that do not say what it is about."""

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Operations that belong together; `title`: what they have in common."""

    title: str
    module: str
    class_name: str
    operations: tuple[Operation, ...]


def parts(operations: Iterable[Operation], taken: Iterable[str]) -> list[Part]:
    """In the order of their modules; `taken`: names that their classes cannot have."""
    together: dict[str, list[Operation]] = {}
    titles: dict[str, str] = {}
    for key, found in _grouped(list(operations), 1):
        module = module_name("_".join(key) or "root")
        together.setdefault(module, []).extend(found)
        titles.setdefault(module, _title(key, found[0]))
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


def _grouped(operations: list[Operation], length: int) -> Iterator[tuple[_Key, list[Operation]]]:
    """Operations by so many words, or by more where these are too many."""
    groups: dict[_Key, list[Operation]] = {}
    for operation in operations:
        groups.setdefault(_words(operation)[:length], []).append(operation)
    for key, found in groups.items():
        if len(found) > MOST_OF_ONE_KIND and len(key) == length:
            yield from _grouped(found, length + 1)
        else:
            yield key, found


def _words(operation: Operation) -> _Key:
    """What an operation is about, the most general first: `("orders", "items")`."""
    segments = [each for each in operation.path.split("/") if each]
    telling = [each for each in segments if not _SAYS_NOTHING.fullmatch(each)]
    found = [_spelled(_tag(operation)), *map(_short, _spelled("_".join(telling)).split("_"))]
    return tuple(dict.fromkeys(word for word in found if word))


def _tag(operation: Operation) -> str:
    return next(iter(operation.tags), "")


def _spelled(text: str) -> str:
    return field_name(text, frozenset()).strip("_") if words(text) else ""


def _short(word: str) -> str:
    """Without a number that may only count."""
    return re.sub(r"(\d)\d+$", r"\1", word)


def _title(key: _Key, operation: Operation) -> str:
    tag = _tag(operation)
    if len(key) == 1 and _spelled(tag) == key[0]:
        return tag
    return " ".join(key) or "/"  # no segment of their paths says what they are about
