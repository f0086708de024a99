"""JSON values that cannot change: what an event holds is what was checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from .problems import Path, Problem, shown

_K = TypeVar("_K")
_V = TypeVar("_V")
_T = TypeVar("_T")
_DEEPEST = 200


def _refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
    raise TypeError("this mapping or list belongs to an event and cannot change; copy it first")


class FrozenDict(dict[_K, _V]):
    """A dict that cannot change. Equal to a dict with the same items."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __copy__(self: _T) -> _T:
        return self

    def __deepcopy__(self: _T, memo: object) -> _T:
        return self

    def __hash__(self) -> int:  # the keys will do: equal mappings have equal keys
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(list[_V]):
    """A list that cannot change. Equal to a list with the same items."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __copy__(self: _T) -> _T:
        return self

    def __deepcopy__(self: _T, memo: object) -> _T:
        return self

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


EMPTY: FrozenDict[str, Any] = FrozenDict()


def freeze(value: object, path: Path, problems: list[Problem]) -> Any:
    """An unchangeable copy of a JSON value; what JSON cannot hold becomes a problem."""
    kind = value.__class__
    if kind is str or value is None or kind is bool or kind is int:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        problems.append(Problem(path, "a finite number (JSON has no NaN or infinity)", repr(value)))
        return None
    if len(path) > _DEEPEST:
        problems.append(Problem(path, f"at most {_DEEPEST} levels of nesting", "more"))
        return None
    if isinstance(value, Mapping):
        return _freeze_mapping(value, path, problems)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return FrozenList(freeze(item, (*path, i), problems) for i, item in enumerate(value))
    problems.append(Problem(path, "a JSON value", shown(value)))
    return None


def _freeze_mapping(
    value: Mapping[Any, Any], path: Path, problems: list[Problem]
) -> FrozenDict[str, Any]:
    items: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, str):
            items[str.__str__(key)] = freeze(item, (*path, key), problems)
        else:
            problems.append(Problem(path, "keys that are strings", f"the key {shown(key)}"))
    return FrozenDict(items)


def thaw(value: Any) -> Any:
    """A plain copy of a frozen value, free to be changed."""
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [thaw(item) for item in value]
    return value


def same(one: Any, two: Any) -> bool:
    """JSON equality: true is not 1, but 1.0 is."""
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        return len(one) == len(two) and all(map(same, one, two))
    return bool(one == two)
