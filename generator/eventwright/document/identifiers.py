"""The schemas of a document by `$id`, `$anchor` and `$dynamicAnchor` of JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

from ..text.pointers import Tokens, join_pointer, resolve, split_pointer
from .walk import below, objects

_SCHEMAS = ("schema", "itemSchema")


class Identifiers:
    """The schemas of a document by what they call themselves.

    `bases`: what the references in each schema are relative to, by its place; `dynamic`: of each
    base the places of its dynamic anchors.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.bases: dict[Tokens, str] = {}
        self.dynamic: dict[str, dict[str, Tokens]] = {}
        self._resources: dict[str, Tokens] = {"": ()}
        self._anchors: dict[tuple[str, str], Tokens] = {}
        for root in (*_components(data), *uses(data)):
            self._collect(root)

    def _collect(self, root: Tokens) -> None:
        """The identifiers of a schema and those in it."""
        stack: list[tuple[Tokens, Any, str]] = [(root, resolve(self.data, root), "")]
        while stack:
            at, schema, base = stack.pop()
            if at in self.bases or not isinstance(schema, dict):
                continue
            if isinstance(schema.get("$id"), str):
                base = urldefrag(_joined(base, schema["$id"])).url
                self._resources.setdefault(base, at)
            self.bases[at] = base
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(schema.get(keyword), str):
                    self._anchors.setdefault((base, schema[keyword]), at)
            if isinstance(schema.get("$dynamicAnchor"), str):
                self.dynamic.setdefault(base, {}).setdefault(schema["$dynamicAnchor"], at)
            stack += ((*each, base) for each in reversed(below(at, schema)))

    def target(self, base: str, ref: str) -> Tokens | None:
        """Where a reference leads in the document; None: nowhere, or out of it."""
        url, fragment = urldefrag(_joined(base, ref))
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((url, fragment))
        root = self._resources.get(url)
        # Many a document has `$id`s and refers to its components all the same.
        starts = [root, ()] if ref.startswith("#") else [root]
        for start in (each for each in starts if each is not None):
            at = (*start, *split_pointer(fragment))
            if _exists(self.data, at):
                return at
        return None

    def is_known(self, at: Tokens, ref: str) -> bool:
        """Whether the reference of a schema names another of the document by its `$id`."""
        base = self.bases.get(at)
        return base is not None and urldefrag(_joined(base, ref)).url in self._resources


def _components(data: Any) -> Iterator[Tokens]:
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name in schemas if isinstance(schemas, dict) else ():
        yield "components", "schemas", name


def uses(data: Any) -> Iterator[Tokens]:
    """The schemas that bodies, parameters and headers are."""
    for at, value in objects(data):
        if at[:2] != ("components", "schemas"):
            yield from ((*at, key) for key in _SCHEMAS if isinstance(value.get(key), dict))


def _joined(base: str, ref: str) -> str:
    # `urljoin` knows nothing of URNs.
    return urldefrag(base).url + ref if ref.startswith("#") else urljoin(base, ref)


def reference(at: Tokens) -> str:
    """The reference to a place of the document."""
    return "#" + quote(join_pointer(at), safe="/~!$&'()*+,;=:@")


def _exists(data: Any, at: Tokens) -> bool:
    try:
        resolve(data, at)
    except LookupError:
        return False
    return True
