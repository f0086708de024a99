"""What keeps events in order: those of one key are delivered one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from ..builders.base import Builder
from ..values.problems import nearest
from .checks import kind, shown

Key: TypeAlias = str | Callable[[Any], object] | None
"""What events have in common that are delivered in order: a key of theirs by its wire name, as in
`userId`; a function of the event; None: nothing."""


def check_key(key: object, classes: Iterable[type[Any]]) -> None:
    """Refuse a key that no event of those classes has.

    Raises:
        TypeError: it is no text, no function and not None.
        ValueError: no event has a key of that wire name; says which is like it.
    """
    if key is None or callable(key):
        return
    if not isinstance(key, str):
        raise TypeError(
            "key must be the wire name of a key that events have, a function of the event, or "
            f"None for no order, not {kind(key)}"
        )
    takes: list[Any] = [*classes]
    if not any(_attribute(each, key) for each in takes):
        wires = {m.wire: None for c in takes for m in c.__shape__.members}
        near = nearest(key, [*wires])
        hint = f" (did you mean {near!r}?)" if near else ""
        raise ValueError(
            f"key is {shown(key)}, and no event declares a key of that name{hint}; a function "
            "of the event can give what else it is ordered by, and None is for no order"
        )


def ordering_key(event: object, key: Key) -> str:
    """What an event shares with those that it is kept in order with; "" for nothing."""
    if key is None:
        return ""
    value = key(event) if callable(key) else _value(event, key)
    if not isinstance(value, str):
        return "" if value is None else repr(value)
    if value.isascii():
        return value
    # Half of a surrogate pair, which JSON can say, is no text that a database takes.
    return value.encode("utf-8", "backslashreplace").decode()


def _value(event: object, wire: str) -> object:
    builder: Any = type(event)
    name = _attribute(builder, wire)
    if name:
        return getattr(event, name)
    extra: Mapping[str, object] | None = getattr(event, "extra", None)
    return None if extra is None else extra.get(wire)


@lru_cache(maxsize=1024)
def _attribute(builder: type[Any], wire: str) -> str:
    """The attribute of a wire name; "" where the class declares none."""
    if not issubclass(builder, Builder):
        return ""
    names = [m.name for m in builder.__shape__.members if m.wire == wire]
    return names[0] if names else ""
