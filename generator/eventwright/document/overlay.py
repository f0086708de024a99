"""OpenAPI Overlay 1.0 and 1.1: actions that change a document before it is used.

Two points where this is stricter than the specification: an action whose target matches nothing is
an error, because the document has moved on and a silently lost change would generate a wrong
client; so is an action with both `update` and `copy`. Where 1.0 leaves open what an array does to
an array, 1.1 decides: they are concatenated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from ..diagnostics.diagnostic import DocumentError
from ..text.pointers import Tokens, join_pointer
from ..text.positions import Problem, Source
from .overlayshape import check_overlay

if TYPE_CHECKING:
    from ..text.jsonvalues import Json
    from .origins import Origins

Keys: TypeAlias = tuple[str | int, ...]
"""A JSONPath location: names and indexes from the root."""


def apply_overlay(
    data: dict[str, Json], origins: Origins, overlay: dict[str, Json], source: Source
) -> None:
    """Apply an overlay, as read from `source`, to `data` in place, keeping `origins` true.

    Raises DocumentError, and then `data` may be changed in part.
    """
    version = check_overlay(overlay, source)
    actions: Any = overlay["actions"]
    for index, action in enumerate(actions):
        _Action(data, origins, source, action, ("actions", str(index)), version).apply()


class _Action:
    """One action on one document."""

    def __init__(
        self, data: Any, origins: Origins, source: Source, action: Any, at: Tokens, minor: int
    ) -> None:
        self._data = data
        self._origins = origins
        self._source = source
        self._action = action
        self._at = at
        self._minor = minor

    def apply(self) -> None:
        targets = self._query("target")
        if not targets:
            target = self._action["target"]
            help = "the document may have changed: correct the target, or remove the action"
            raise self._error("E042", f"{target} matches nothing in the document", "target", help)
        if self._action.get("remove") is True:
            self._remove(targets)
        elif "copy" in self._action:
            self._copy(targets)
        else:
            self._update(targets, self._action["update"], (self._source, (*self._at, "update")))

    def _query(self, key: str) -> list[Keys]:
        """The places a JSONPath query matches, each once."""
        # Releases 1 and 2 of the library agree on this much, and on little else.
        library = import_module("jsonpath_rfc9535")
        find: Callable[[str, Any], Iterable[Any]] = library.find
        query = self._action[key]
        try:
            return list(dict.fromkeys(tuple(n.location) for n in find(query, self._data)))
        except library.JSONPathRecursionError:
            message = f"{query} descends deeper than JSONPath queries may"
            help = "name the parts of the path instead of using .."
            raise self._error("E041", message, key, help) from None
        except library.JSONPathError as error:
            message = f"{query} is not a JSONPath query: {str(error).splitlines()[0]}"
            help = "RFC 9535: it begins with $, and names with other signs are quoted: $['a-b']"
            raise self._error("E041", message, key, help) from None

    def _remove(self, targets: list[Keys]) -> None:
        if () in targets:
            raise self._error("E043", "the whole document cannot be removed", "target")
        # Last and innermost first, so that no removal moves or drops a target still to come.
        for keys in sorted(targets, key=_order, reverse=True):
            parent, last = self._value(keys[:-1]), keys[-1]
            if isinstance(last, int):
                self._origins.remove_item(_tokens(keys[:-1]), last, len(parent))
            del parent[last]

    def _copy(self, targets: list[Keys]) -> None:
        found = self._query("copy")
        if len(found) != 1:
            query = self._action["copy"]
            message = f"copy must match one value, but {query} matches {len(found)}"
            raise self._error("E042", message, "copy")
        self._update(targets, self._value(found[0]), self._origins.find(_tokens(found[0])))

    def _update(self, targets: list[Keys], new: Json, origin: tuple[Source, Tokens]) -> None:
        kinds = {_kind(self._value(keys)) for keys in targets}
        if len(kinds) > 1:
            message = f"the targets must be of one kind, but are {' and '.join(sorted(kinds))}"
            raise self._error("E043", message, "target")
        if self._minor == 0 and kinds == {"a primitive value"}:
            raise self._error("E043", "Overlay 1.0 cannot target a primitive value", "target")
        for keys in targets:
            self._merge(keys, deepcopy(new), origin)

    def _merge(
        self, keys: Keys, new: Json, origin: tuple[Source, Tokens], nested: bool = False
    ) -> None:
        old = self._value(keys)
        source, tokens = origin
        if isinstance(old, dict) and isinstance(new, dict):
            for key, value in new.items():
                self._member(old, (*keys, key), value, (source, (*tokens, key)))
        elif isinstance(old, list) and isinstance(new, list):
            for index, value in enumerate(new):
                self._append(old, keys, value, (source, (*tokens, str(index))))
        elif isinstance(old, list) and not nested:
            self._append(old, keys, new, origin)
        elif keys and _kind(old) == _kind(new) == "a primitive value":
            self._value(keys[:-1])[keys[-1]] = new
            self._origins.put(_tokens(keys), source, tokens)
        else:
            raise self._misfit(keys, old, new, origin)

    def _member(
        self, old: dict[str, Json], keys: Keys, value: Json, origin: tuple[Source, Tokens]
    ) -> None:
        key = str(keys[-1])
        if key in old:
            self._merge(keys, value, origin, nested=True)
        else:
            old[key] = value
            self._origins.put(_tokens(keys), *origin)

    def _append(
        self, old: list[Json], keys: Keys, value: Json, origin: tuple[Source, Tokens]
    ) -> None:
        self._origins.put(_tokens((*keys, len(old))), *origin)
        old.append(value)

    def _value(self, keys: Keys) -> Any:
        value = self._data
        for key in keys:
            value = value[key]
        return value

    def _misfit(
        self, keys: Keys, old: Json, new: Json, origin: tuple[Source, Tokens]
    ) -> DocumentError:
        place = join_pointer(keys) or "the root"
        message = f"{_kind(new)} cannot be merged into {_kind(old)}, which {place} is"
        source, tokens = origin
        help = "remove the old value in an action before this one"
        problem = Problem("E043", message, source.offset(tokens), tokens, help)
        return DocumentError([source.diagnostic(problem)])

    def _error(self, code: str, message: str, key: str, help: str = "") -> DocumentError:
        tokens = (*self._at, key)
        problem = Problem(code, message, self._source.offset(tokens), tokens, help)
        return DocumentError([self._source.diagnostic(problem)])


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a primitive value"


def _tokens(keys: Keys) -> Tokens:
    return tuple(map(str, keys))


def _order(keys: Keys) -> tuple[tuple[int, str], ...]:
    return tuple((key, "") if isinstance(key, int) else (-1, key) for key in keys)
