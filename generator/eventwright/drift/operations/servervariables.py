"""Variables of a server's URL: which addresses may still be called?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...model.model import Server
from ...text.jsonvalues import Json
from ..findings.wirepath import show
from ..pairing.place import Place
from ..schemas.keywords import unclassified
from ..schemas.notes import words
from ..values.signature import canonical

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_KNOWN = frozenset({"default", "enum", "description"})


def nameless(template: str) -> str:
    """A URL whose variables have no names, which nobody sends.

    >>> nameless("https://{region}.example.com")
    'https://{}.example.com'
    """
    return _VARIABLE.sub("{}", template)


def compare_variables(place: Place, old: Server, new: Server) -> None:
    """Those of two servers that are one. A variable that no URL has counts for nothing."""
    by_place = nameless(old.template) == nameless(new.template)
    before, after = (_used(server, by_place=by_place) for server in (old, new))
    for key in (*before, *(key for key in after if key not in before)):
        one, two = before.get(key), after.get(key)
        name = _VARIABLE.findall((old if one else new).template)[key] if by_place else key
        what = f"the variable {name} of the server {new.url}"
        if one is not None and two is not None:
            _compare(place, what, (one, two), old, new)
        elif one is not None:
            _alone(place, "SERVER_VARIABLE_REMOVED", f"{what} is gone", one, old, new)
        elif two is not None:
            _alone(place, "SERVER_VARIABLE_ADDED", f"{what} is new", two, old, new)


def _used(server: Server, *, by_place: bool) -> dict[Any, Mapping[str, Any]]:
    """By name, or by place in the URL."""
    variables: dict[str, Any] = dict(server.variables)
    names = dict.fromkeys(_VARIABLE.findall(server.template))
    found = {name: variables[name] for name in names if name in variables}
    order = {name: place for place, name in enumerate(names)}
    return {order[name] if by_place else name: said for name, said in found.items()}


def _alone(
    place: Place, kind: str, phrase: str, said: Mapping[str, Any], old: Server, new: Server
) -> None:
    """One that can have a single value is that value, written otherwise."""
    fixed = said.get("enum") == [said.get("default")]
    values: tuple[Json, Json] = (
        (dict(said), None) if kind.endswith("REMOVED") else (None, dict(said))
    )
    place.report("DOCS_INFO_CHANGED" if fixed else kind, phrase, old, new, values=values)


def _compare(
    place: Place, what: str, pair: tuple[Mapping[str, Any], Mapping[str, Any]], *of: Server
) -> None:
    one, two = pair
    _values(place, what, one.get("enum"), two.get("enum"), *of)
    before, after = one.get("default"), two.get("default")
    if before != after:
        phrase = f"{what} is {show(after)} by default, not {show(before)}"
        place.report("SERVER_VARIABLE_DEFAULT_CHANGED", phrase, *of, values=(before, after))
    said = [each.get("description", "") for each in pair]
    words(place, f"description of {what}", said[0], said[1], *of)
    rest: list[Json] = [
        {k: v for k, v in each.items() if k not in _KNOWN and not k.startswith("x-")}
        for each in pair
    ]
    if canonical(rest[0]) != canonical(rest[1]):
        unclassified(place, "variables", rest[0], rest[1], *of)


def _values(place: Place, what: str, old: Any, new: Any, *of: Server) -> None:
    """Without `enum`, or with an empty one, a variable may be anything."""
    if not old and new:
        phrase = f"{what} is one of {show(new)} now"
        place.report("SERVER_VARIABLE_CLOSED", phrase, *of, values=(None, new))
    elif old and not new:
        phrase = f"{what} may be anything now"
        place.report("SERVER_VARIABLE_VALUE_ADDED", phrase, *of, values=(old, None))
    elif old and new:
        for value in (value for value in old if value not in new):
            phrase = f"{what} is no longer {show(value)}"
            place.report("SERVER_VARIABLE_VALUE_REMOVED", phrase, *of, values=(value, None))
        for value in (value for value in new if value not in old):
            phrase = f"{what} may be {show(value)} as well"
            place.report("SERVER_VARIABLE_VALUE_ADDED", phrase, *of, values=(None, value))
