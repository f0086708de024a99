"""Does every `$ref` lead somewhere, and does following them end?

Checked before the validator runs: it would fetch what is outside, and stop at the first fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Found, did_you_mean
from ..text.jsonvalues import kind
from ..text.pointers import Tokens, destination, join_pointer, resolve, split_pointer, target

if TYPE_CHECKING:
    from ..document.load import Document

_IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_IN_PLACE_BY_KEY = ("dependentSchemas", "dependencies")
"""Keywords of schemas for the same value."""


def check_references(document: Document) -> Iterator[tuple[Tokens, Found]]:
    """Every `$ref` that dangles, leads out, or goes in circles, and where it is."""
    yield from References(document).check()


def circular(document: Document) -> list[Tokens]:
    """The places of schemas that refer to themselves without end, one of each circle."""
    return References(document).circles()


class References:
    """The check of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._data: Any = document.data
        self._found: list[tuple[Tokens, Found]] = []
        self._leading: dict[str, tuple[Tokens, Any] | None] = {}

    def check(self) -> list[tuple[Tokens, Found]]:
        """All that is wrong."""
        found: list[tuple[Tokens, str]] = []
        for at, value in self._document.objects:
            self._check_kind(at, value)
            if isinstance(value.get("$ref"), str):
                found.append(((*at, "$ref"), value["$ref"]))
        for at, ref in found:
            self._check_target(at, ref)
        self._check_circles((at[:-1], resolve(self._data, at[:-1])) for at, _ in found)
        return self._found

    def circles(self) -> list[Tokens]:
        """Where schemas are that are in themselves."""
        found = self._document.objects
        self._check_circles(each for each in found if isinstance(each[1].get("$ref"), str))
        return [at for at, _ in self._found]

    def _check_circles(self, holders: Iterable[tuple[Tokens, Any]]) -> None:
        """`holders`: what has references, and where it is."""
        done: set[int] = set()
        for at, holder in holders:
            if id(holder) not in done:
                self._check_circle(at, holder, done)

    def _check_kind(self, at: Tokens, value: dict[str, Any]) -> None:
        """What stands at a `$ref` must be a text."""
        ref = value.get("$ref", "")
        if not isinstance(ref, str):
            message = f"this reference is {kind(ref)}, not a text"
            help = 'quote it: "#/…"; without quotes, # begins a comment in YAML'
            self._add("E023", message, (*at, "$ref"), "" if ref is not None else help)

    def _check_target(self, at: Tokens, ref: str) -> None:
        if ref == "#" or ref.startswith("#/"):
            self._check_pointer(at, ref)
            return
        if ref.startswith("#"):
            code, what = "E023", "is not a JSON pointer"
            help = "write it as #/components/schemas/Name"
        else:
            code, what = "E022", "leads out of this document"
            help = "nothing is fetched here: eventwright pull fetches what a `source` refers to"
        meant = self._meant(ref)
        if meant:
            what += f"; did you mean {meant}?"
            help = f'write it in quotes: "{meant}"'
        self._add(code, f"the reference {ref} {what}", at, help)

    def _meant(self, ref: str) -> str:
        """The reference to what a bare name or pointer names in this document, "" for none."""
        name = ref.lstrip("#/")
        for pointer in (f"#/{name}", f"#/components/schemas/{name}") if name else ():
            try:
                resolve(self._data, split_pointer(target(pointer)))
            except LookupError:
                continue
            return pointer
        return ""

    def _check_pointer(self, at: Tokens, ref: str) -> None:
        if self._led(ref) is not None:
            return
        tokens = split_pointer(target(ref))
        for depth in range(len(tokens)):
            try:
                resolve(self._data, tokens[: depth + 1])
            except LookupError:
                self._add_dangling(at, ref, tokens, depth)
                return

    def _add_dangling(self, at: Tokens, ref: str, tokens: Tokens, depth: int) -> None:
        def words() -> tuple[str, str]:
            near = _near(tokens, depth, resolve(self._data, tokens[:depth]))
            return f"the reference {ref} points at nothing{near}", _DEFINE

        self._found.append((at, self._document.pending("E020", join_pointer(at), ref, words)))

    def _check_circle(self, at: Tokens, holder: dict[str, Any], done: set[int]) -> None:
        """Depth first along what applies to the same value: `$ref` and what is in _IN_PLACE."""
        path: dict[int, Tokens] = {}
        stack: list[tuple[Tokens, Any, bool]] = [(at, holder, False)]
        while stack:
            place, value, leaving = stack.pop()
            if leaving:
                path.pop(id(value))
                done.add(id(value))
            elif id(value) in path:
                self._add_circle(path, value)
            elif isinstance(value, dict) and id(value) not in done:
                path[id(value)] = place
                stack.append((place, value, True))
                stack += [(*step, False) for step in self._steps(place, value)]

    def _steps(self, at: Tokens, schema: dict[str, Any]) -> Iterator[tuple[Tokens, Any]]:
        ref = schema.get("$ref")
        led = self._led(ref) if isinstance(ref, str) else None
        if led is not None:
            yield led
        for key in _IN_PLACE:
            value = schema.get(key)
            if isinstance(value, dict):
                yield (*at, key), value
            elif isinstance(value, list):
                yield from (((*at, key, str(index)), arm) for index, arm in enumerate(value))
        for key in _IN_PLACE_BY_KEY:
            value = schema.get(key)
            for name, each in value.items() if isinstance(value, dict) else ():
                yield (*at, key, name), each

    def _led(self, ref: str) -> tuple[Tokens, Any] | None:
        """Where a reference leads in the document, and what stands there; many are alike."""
        if ref not in self._leading:
            place = destination(self._data, ref)
            led = None if place is None else (place, resolve(self._data, place))
            self._leading[ref] = led
        return self._leading[ref]

    def _add_circle(self, path: dict[int, Tokens], value: Any) -> None:
        places = list(path)
        circle = [path[each] for each in places[places.index(id(value)) :]]
        shown = [join_pointer(each) for each in circle[:_SHOWN_OF_CIRCLE]]
        more = [f"{len(circle) - len(shown)} more"] if len(circle) > len(shown) else []
        message = f"this refers to itself without end: {' → '.join([*shown, *more, shown[0]])}"
        help = "a schema may hold itself in properties or items, but not be itself"
        self._add("E021", message, path[id(value)], help)

    def _add(self, code: str, message: str, at: Tokens, help: str) -> None:
        fault = self._document.diagnostic(code, message, join_pointer(at), help)
        self._found.append((at, fault))


_SHOWN_OF_CIRCLE = 5
_DEFINE = "correct the reference, or define what it names"


def _near(tokens: Tokens, depth: int, parent: Any) -> str:
    names = list(parent) if isinstance(parent, dict) else []
    near = did_you_mean(tokens[depth], names)
    if not near:
        return ""
    name = near.split("'")[1]
    fixed = join_pointer((*tokens[:depth], name, *tokens[depth + 1 :]))
    return f"; did you mean #{fixed}?"
