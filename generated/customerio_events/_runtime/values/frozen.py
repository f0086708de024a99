"""JSON values that cannot change: what an event holds is what was checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn, TypeGuard, TypeVar

from .numbers import NUMBERS, equal, plain_number
from .problems import Path, Problem, conversion, shown

_K = TypeVar("_K")
_V = TypeVar("_V")
_PLAIN = frozenset({str, bool, type(None)})
_STRINGS = frozenset({str})
DEEPEST = 100  # each level takes Python up to six of the 1000 calls it has


class Unchangeable:
    """What cannot change is its own copy."""

    __slots__ = ()

    def __copy__(self) -> object:
        return self

    def __deepcopy__(self, memo: object) -> object:
        return self


def _refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
    raise TypeError(
        "this mapping or list belongs to an event and cannot change; copy it first"
    )


def _hash_keys(self: Iterable[Any]) -> int:
    # Equal mappings have equal keys; the values may be anything.
    return hash(frozenset(self))


def _hash_items(self: Iterable[Any]) -> int:
    return hash(tuple(self))


class FrozenDict(Unchangeable, dict[_K, _V]):
    """A dict that cannot change. Equal to a dict with the same items."""

    __slots__ = ()

    def __new__(
        cls, items: Mapping[_K, _V] | Iterable[tuple[_K, _V]] = ()
    ) -> FrozenDict[_K, _V]:
        made = super().__new__(cls)
        super(FrozenDict, made).update(items)
        return made

    def __init__(self, items: Mapping[_K, _V] | Iterable[tuple[_K, _V]] = ()) -> None:
        """Filled already, and not to be filled again."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse
    __hash__: ClassVar[Any] = _hash_keys

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(Unchangeable, list[_V]):
    """A list that cannot change. Equal to a list with the same items."""

    __slots__ = ()

    def __new__(cls, items: Iterable[_V] = ()) -> FrozenList[_V]:
        made = super().__new__(cls)
        super(FrozenList, made).extend(items)
        return made

    def __init__(self, items: Iterable[_V] = ()) -> None:
        """Filled already, and not to be filled again."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse
    __hash__: ClassVar[Any] = _hash_items

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


EMPTY: FrozenDict[str, Any] = FrozenDict()


class Record(Unchangeable):
    """An object whose attributes are one tuple, in their order.

    Setting that once costs a fraction of what setting each slot of a frozen class does.
    """

    __slots__ = ("__values__",)
    __values__: tuple[Any, ...]


set_values: Callable[[Record, tuple[Any, ...]], None] = vars(Record)[
    "__values__"
].__set__
"""Give a new record the values of its attributes."""


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether a value can stand for a JSON object."""
    # Most are dicts, and that is cheap to ask.
    return isinstance(value, (dict, Mapping))


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a value can stand for a JSON array: a sequence that is neither text nor bytes."""
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        return False
    return isinstance(value, Sequence)


def freeze(value: object, path: Path, problems: list[Problem]) -> Any:
    """An unchangeable copy of a JSON value; what JSON cannot hold becomes a problem."""
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)):
        number = plain_number(value)
        if number is None:
            problems.append(Problem(path, NUMBERS, shown(value)))
        return number
    if is_mapping(value):
        return freeze_mapping(value, path, problems)
    if is_list(value):
        if too_deep(path, problems):
            return None
        return FrozenList(
            freeze(item, (*path, i), problems) for i, item in enumerate(value)
        )
    expected = "a JSON value"
    problems.append(Problem(path, expected, shown(value) + conversion(expected, value)))
    return None


def freeze_mapping(
    value: Mapping[Any, Any], path: Path, problems: list[Problem]
) -> FrozenDict[str, Any] | None:
    """The same for an object."""
    if len(path) > DEEPEST and too_deep(path, problems):
        return None
    if value.__class__ is not dict:
        value = plain_items(value, path, problems)
    frozen: FrozenDict[str, Any] = _new_dict(FrozenDict)
    _fill(frozen, value)
    for key in value:
        if key.__class__ is not str:
            return freeze_mapping(FrozenDict(value), path, problems)
        item = value[key]
        if item.__class__ not in _PLAIN:
            _set(frozen, key, freeze(item, (*path, key), problems))
    return frozen


_new_dict: Callable[[Any], Any] = dict.__new__
_fill: Callable[[Any, Mapping[Any, Any]], None] = dict[Any, Any].update
_set: Callable[[Any, Any, Any], None] = dict[Any, Any].__setitem__


def too_deep(path: Path, problems: list[Problem]) -> bool:
    """Whether an object or a list stands deeper than Python can be trusted to follow."""
    if len(path) <= DEEPEST:
        return False
    problems.append(Problem(path, f"at most {DEEPEST} levels of nesting", "more"))
    return True


def plain_items(
    value: Mapping[Any, Any], path: Path, problems: list[Problem]
) -> dict[str, Any]:
    """The items of an object under keys that are what they say, whatever a subclass adds."""
    if _STRINGS.issuperset(map(type, value)):
        return dict(value)
    items: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            got = f"the key {shown(key)}"
            problems.append(Problem(path, "keys that are strings", got))
            continue
        name = key if key.__class__ is str else str.__str__(key)
        if name in items:
            problems.append(Problem((*path, name), "every key once", "it twice"))
        items[name] = item
    return items


def thaw(value: Any) -> Any:
    """A plain copy of a frozen value, free to be changed."""
    if is_mapping(value):
        return {key: thaw(item) for key, item in value.items()}
    if is_list(value):
        return [thaw(item) for item in value]
    return value


def same(one: Any, two: Any) -> bool:
    """JSON equality: true is not 1, but 1.0 is."""
    if one.__class__ is str:  # most constants: spare them the questions below
        return bool(one == two)
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if is_mapping(one) and is_mapping(two):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if is_list(one) and is_list(two):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, (int, float)) and isinstance(two, (int, float)):
        return equal(one, two)
    return bool(one == two)
