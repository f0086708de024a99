"""`$id`, `$anchor` and `$dynamicRef` of JSON Schema 2020-12, said as pointers into the document.

After this every reference that leads to somewhere in the document is a JSON pointer from its root;
one that does not is left as it is, for `references` to report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, unquote, urldefrag, urljoin

from ..text.pointers import Tokens, join_pointer, resolve, split_pointer
from .walk import below, objects

_DEFINITIONS = ("$defs", "definitions")
"""Looked at only by reference."""

_Scope: TypeAlias = "tuple[tuple[str, Tokens], ...]"
"""Where each dynamic anchor leads that was met on the way: the first of a name counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """A `$dynamicRef` that leads to one schema or another, depending on where it is come from."""

    at: Tokens
    ref: str
    targets: tuple[Tokens, ...]


def localise(data: dict[str, Any]) -> list[Ambiguous]:
    """Rewrite the references in a document that was just read."""
    return _Identifiers(data).localise()


class _Identifiers:
    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._resources: dict[str, Tokens] = {"": ()}
        self._anchors: dict[tuple[str, str], Tokens] = {}
        self._dynamic: dict[str, dict[str, Tokens]] = {}
        self._bases: dict[Tokens, str] = {}
        self._chosen: dict[Tokens, dict[Tokens, None]] = {}
        for root in (*_components(data), *_uses(data)):
            self._collect(root)

    def localise(self) -> list[Ambiguous]:
        for root in _uses(self._data):
            self._follow(root)
        ambiguous = list(self._ambiguous())
        for at in self._bases:
            schema = resolve(self._data, at)
            if isinstance(schema, dict):
                self._rewrite(at, schema)
        return ambiguous

    def _collect(self, root: Tokens) -> None:
        """The identifiers of a schema and those in it."""
        stack: list[tuple[Tokens, Any, str]] = [(root, resolve(self._data, root), "")]
        while stack:
            at, schema, base = stack.pop()
            if at in self._bases or not isinstance(schema, dict):
                continue
            if isinstance(schema.get("$id"), str):
                base = urldefrag(_joined(base, schema["$id"])).url
                self._resources.setdefault(base, at)
            self._bases[at] = base
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(schema.get(keyword), str):
                    self._anchors.setdefault((base, schema[keyword]), at)
            if isinstance(schema.get("$dynamicAnchor"), str):
                self._dynamic.setdefault(base, {}).setdefault(schema["$dynamicAnchor"], at)
            stack += ((*each, base) for each in reversed(below(at, schema)))

    def _target(self, base: str, ref: str) -> Tokens | None:
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
            if _exists(self._data, at):
                return at
        return None

    def _rewrite(self, at: Tokens, schema: dict[str, Any]) -> None:
        base = self._bases[at]
        ref = schema.get("$ref")
        if isinstance(ref, str):
            target = self._target(base, ref)
            if target is not None and not _leads(ref, target):
                schema["$ref"] = _pointer(target)
        if isinstance(schema.get("$dynamicRef"), str):
            found = next(iter(self._chosen.get(at, {})), None)
            found = found or self._target(base, schema["$dynamicRef"])
            local = schema.pop("$dynamicRef") if found is None else _pointer(found)
            schema.pop("$dynamicRef", None)
            if "$ref" in schema:
                schema["allOf"] = [*schema.get("allOf", ()), {"$ref": local}]
            else:
                schema["$ref"] = local
        for keyword in ("$id", "$anchor", "$dynamicAnchor"):
            schema.pop(keyword, None)

    def _follow(self, root: Tokens) -> None:
        """Every way from a schema that a request or an answer is, and what it makes of
        `$dynamicRef`s."""
        seen: set[tuple[Tokens, str, _Scope]] = set()
        stack: list[tuple[Tokens, str | None, _Scope]] = [(root, None, ())]
        while stack:
            at, outer, scope = stack.pop()
            schema, base = resolve(self._data, at), self._bases.get(at, outer or "")
            if base != outer:
                scope = tuple({**self._dynamic.get(base, {}), **dict(scope)}.items())
            if (at, base, scope) in seen or not isinstance(schema, dict):
                continue
            seen.add((at, base, scope))
            targets = [
                place for place, _ in below(at, schema) if place[len(at)] not in _DEFINITIONS
            ]
            if isinstance(schema.get("$ref"), str):
                targets += filter(None, [self._target(base, schema["$ref"])])
            if isinstance(schema.get("$dynamicRef"), str):
                targets += filter(None, [self._choose(at, base, schema["$dynamicRef"], scope)])
            stack += ((target, base, scope) for target in reversed(targets))

    def _choose(self, at: Tokens, base: str, ref: str, scope: _Scope) -> Tokens | None:
        target = self._target(base, ref)
        name = unquote(urldefrag(ref).fragment)
        if target is not None and self._dynamic.get(self._bases.get(target, ""), {}).get(name) == (
            target
        ):
            target = dict(scope).get(name, target)
        if target is not None:
            self._chosen.setdefault(at, {})[target] = None
        return target

    def _ambiguous(self) -> Iterator[Ambiguous]:
        for at, targets in self._chosen.items():
            if len(targets) > 1:
                ref = resolve(self._data, at)["$dynamicRef"]
                yield Ambiguous(at=at, ref=ref, targets=tuple(targets))


def _components(data: Any) -> Iterator[Tokens]:
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name in schemas if isinstance(schemas, dict) else ():
        yield "components", "schemas", name


def _uses(data: Any) -> Iterator[Tokens]:
    """The schemas that bodies, parameters and headers are."""
    for at, value in objects(data):
        if at[:2] != ("components", "schemas") and isinstance(value.get("schema"), dict):
            yield (*at, "schema")


def _joined(base: str, ref: str) -> str:
    # `urljoin` knows nothing of URNs.
    return urldefrag(base).url + ref if ref.startswith("#") else urljoin(base, ref)


def _pointer(at: Tokens) -> str:
    return "#" + quote(join_pointer(at), safe="/~!$&'()*+,;=:@")


def _leads(ref: str, target: Tokens) -> bool:
    """Whether a reference is the pointer already."""
    return ref.startswith("#/") and split_pointer(unquote(ref[1:])) == target


def _exists(data: Any, at: Tokens) -> bool:
    try:
        resolve(data, at)
    except LookupError:
        return False
    return True
