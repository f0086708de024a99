"""What JSON Schema cannot say about a document, yet decides whether a client is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Found, did_you_mean
from ..text.faulty import Faulty
from ..text.pointers import Tokens, chain, destination, join_pointer, resolve

if TYPE_CHECKING:
    from ..document.load import Document

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_KINDS: dict[str, type] = {"in": str, "name": str, "content": dict, "description": str}


def check_semantics(document: Document, faulty: Faulty) -> Iterator[Found]:
    """Faults in operations. What is not as OpenAPI has it is left to other checks.

    `faulty`: where they found something.
    """
    yield from _Operations(document, faulty).check()


def _operations(item: dict[str, Any], at: Tokens) -> Iterator[tuple[Tokens, dict[str, Any]]]:
    """Those of a path, with their places."""
    more = _object(item.get("additionalOperations"))
    for method in _METHODS:
        if isinstance(item.get(method), dict):
            yield (*at, method), item[method]
    for method, operation in more.items():
        if isinstance(operation, dict):
            yield (*at, "additionalOperations", method), operation


class _Operations:
    """Parameters and path templates."""

    def __init__(self, document: Document, faulty: Faulty) -> None:
        self._document = document
        self._faulty = faulty
        self._data: Any = document.data
        self._of_responses = ("description",) if document.version < (3, 2) else ()
        self._found: list[Found] = []

    def check(self) -> list[Found]:
        for path, item in _object(self._data.get("paths")).items():
            if not path.startswith("x-"):
                self._item(path, chain(self._data, item, ("paths", path)))
        return self._found

    def _item(self, path: str, parts: list[tuple[dict[str, Any], Tokens]]) -> None:
        """A path item, and what its references lead to."""
        operations = [each for item, at in parts for each in _operations(item, at)]
        shared: list[tuple[Tokens, Any]] = []
        for item, at in parts if operations else ():
            listed = self._parameters(item, at)
            self._repeated(listed)
            shared += listed
        for place, operation in operations:
            self._references(operation, place)
            own = self._parameters(operation, place)
            self._repeated(own)
            places = (place, *(at for _, at in parts))
            if not any(self._faulty.touches((*each, "parameters")) for each in places):
                self._template(path, place, [*shared, *own])

    def _references(self, operation: dict[str, Any], place: Tokens) -> None:
        if "requestBody" in operation:
            self._followed(operation["requestBody"], (*place, "requestBody"), ("content",))
        for status, response in _object(operation.get("responses")).items():
            if not status.startswith("x-"):
                self._followed(response, (*place, "responses", status), self._of_responses)

    def _parameters(self, holder: dict[str, Any], at: Tokens) -> list[tuple[Tokens, Any]]:
        listed = _list(holder.get("parameters"))
        places = [(*at, "parameters", str(n)) for n in range(len(listed))]
        pairs = [
            (place, self._followed(each, place, ("in", "name"))[0])
            for place, each in zip(places, listed, strict=True)
        ]
        return [pair for pair in pairs if pair[1]]

    def _repeated(self, parameters: list[tuple[Tokens, Any]]) -> None:
        seen: set[tuple[str, str]] = set()
        for at, parameter in parameters:
            key = (parameter["in"], parameter["name"])
            if key in seen:
                message = f"the {key[0]} parameter '{key[1]}' is here twice"
                self._fault("E032", message, at, "remove one of the two")
            seen.add(key)

    def _template(self, path: str, place: Tokens, parameters: list[tuple[Tokens, Any]]) -> None:
        declared = {each["name"]: at for at, each in parameters if each["in"] == "path"}
        wanted = re.findall(r"\{([^{}]*)\}", path)
        for name in wanted:
            if name not in declared:
                words = partial(_without_parameter, name, declared.keys() - set(wanted))
                self._pending("E033", place, name, words)
        for name, at in declared.items():
            if name not in wanted:
                near = did_you_mean(name, wanted)
                message = f"the path parameter '{name}' is not in the path {path}{near}"
                self._fault("E033", message, at, f"write {{{name}}} in the path")

    def _followed(
        self, value: Any, at: Tokens, needed: tuple[str, ...]
    ) -> tuple[dict[str, Any], Tokens]:
        """What a reference stands for and where that is; empty if it is of another kind."""
        place, passed = at, {at}
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            leads = destination(self._data, value["$ref"])
            if leads is None or leads in passed:
                return {}, place  # said by the check of references
            place = leads
            passed.add(place)
            value = resolve(self._data, place)
        if isinstance(value, dict) and all(isinstance(value.get(k), _KINDS[k]) for k in needed):
            return value, place
        if place != at and not self._faulty.touches(place):
            message = f"the reference leads to {join_pointer(place)}, which is of another kind"
            help = f"it needs to lead to an object with {' and '.join(needed)}"
            self._fault("E024", message, (*at, "$ref"), help if needed else "")
        return {}, place

    def _fault(self, code: str, message: str, at: Tokens, help: str) -> None:
        self._pending(code, at, message, lambda: (message, help))

    def _pending(
        self, code: str, at: Tokens, key: str, words: Callable[[], tuple[str, str]]
    ) -> None:
        self._found.append(self._document.pending(code, join_pointer(at), key, words))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _without_parameter(name: str, declared: Iterable[str]) -> tuple[str, str]:
    near = did_you_mean(name, declared)
    return f"{{{name}}} in the path has no path parameter{near}", "declare it under parameters"
