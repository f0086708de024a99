"""Servers: paired by what they are for, then by URL."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from urllib.parse import urlsplit

from ...model.model import Server
from ..pairing.place import Located, Place
from ..schemas.notes import words
from .servervariables import compare_variables, nameless


def compare_servers(
    place: Place, old: Sequence[Server], new: Sequence[Server], *where: Located
) -> None:
    """`where`: what holds the two lists, for what one of them lacks."""
    before, after = list(old), list(new)
    same = _take(before, after, lambda server: (_template(server), server.description))
    same += _take(before, after, lambda server: (server.url, server.description))
    moved = _take(before, after, lambda server: server.description or None)
    same += _take(before, after, _template) + _take(before, after, lambda server: server.url)
    for one, two in same:
        _compare(place, one, two)
    for one, two in moved + _same_purpose(before, after):
        phrase = f"the server {one.url} is {two.url} now"
        place.report("SERVER_URL_CHANGED", phrase, one, two, values=(one.url, two.url))
        words(place, f"description of the server {two.url}", one.description, two.description,
              one, two)  # fmt: skip
    for one in before:
        phrase = f"the server {one.url} is gone"
        place.report("SERVER_REMOVED", phrase, one, where[1], values=(one.url, None))
    for two in after:
        phrase = f"the server {two.url} is new"
        place.report("SERVER_ADDED", phrase, where[0], two, values=(None, two.url))


def _take(
    old: list[Server], new: list[Server], key: Callable[[Server], Hashable]
) -> list[tuple[Server, Server]]:
    """Pairs of equal keys, taken out of the two lists; a key of None pairs with nothing.

    A description says what a server is for: where those of two URLs trade places, both moved.
    """
    pairs: list[tuple[Server, Server]] = []
    for one in list(old):
        wanted = key(one)
        two = next((each for each in new if wanted is not None and key(each) == wanted), None)
        if two is not None:
            old.remove(one)
            new.remove(two)
            pairs.append((one, two))
    return pairs


def _same_purpose(old: list[Server], new: list[Server]) -> list[tuple[Server, Server]]:
    """The same, the most alike first; two with nothing in common are two servers."""
    scored = [(_likeness(one, two), one, two) for one in old for two in new]
    pairs: list[tuple[Server, Server]] = []
    for score, one, two in sorted(scored, key=lambda each: -each[0]):
        if score > 0 and one in old and two in new:
            old.remove(one)
            new.remove(two)
            pairs.append((one, two))
    return pairs


def _likeness(one: Server, two: Server) -> int:
    return (
        4 * (one.description == two.description)
        + 2 * (_host(one.url) == _host(two.url))
        + (one.name == two.name)
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url


def _compare(place: Place, old: Server, new: Server) -> None:
    """Two of one URL, or of one but for the defaults of its variables."""
    words(place, f"description of the server {new.url}", old.description, new.description, old, new)
    if old.name != new.name and old.url == new.url:
        phrase = f"the server {new.url} is called {new.name} instead of {old.name}"
        place.report("SOURCE_NAME_CHANGED", phrase, old, new, values=(old.name, new.name))
    compare_variables(place, old, new)


def _template(server: Server) -> str:
    return nameless(server.template) if server.variables else server.url
