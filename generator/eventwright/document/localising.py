"""References by `$id`, `$anchor` and `$dynamicRef`, said as pointers into the document.

After this every reference that leads to somewhere in the document is a JSON pointer from its root;
one that does not is left as it is, for `references` to report. A schema that depends on where it is
come from, such as a list whose items others define by `$dynamicAnchor`, is written out there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeAlias
from urllib.parse import unquote, urldefrag

from ..text.pointers import Tokens, resolve, split_pointer
from .identifiers import Identifiers, reference, uses
from .walk import below

_DEFINITIONS = ("$defs", "definitions")
"""Looked at only by reference."""
MAX_COPIES = 1000

_SILENT = frozenset(
    "$id $anchor $dynamicAnchor $schema $comment $defs definitions title description allOf".split()
)
"""A reference with these beside it stands for what it leads to."""

_Scope: TypeAlias = "tuple[tuple[str, Tokens], ...]"
"""Where each dynamic anchor leads that was met on the way: the first of a name counts."""


class TooManyCopies(Exception):
    """A `$dynamicRef` means too many schemas; `at` is where one too many would have stood."""

    def __init__(self, at: Tokens) -> None:
        super().__init__(f"there are more than {MAX_COPIES} schemas for one $dynamicRef")
        self.at = at


def localise(data: dict[str, Any]) -> dict[Tokens, Tokens]:
    """Rewrite the references in a document that was just read.

    Returns of what was written out once more where it is from. Raises TooManyCopies.
    """
    known = Identifiers(data)
    copies = _without_dynamic(known) if known.dynamic else {}
    for at, base in known.bases.items():
        schema = resolve(data, at)
        if isinstance(schema, dict):
            _rewrite(known, base, schema)
    return copies


def _rewrite(known: Identifiers, base: str, schema: dict[str, Any]) -> None:
    ref = schema.get("$ref")
    if isinstance(ref, str):
        target = known.target(base, ref)
        if target is not None and not _leads(ref, target):
            schema["$ref"] = reference(target)
    dynamic = schema.get("$dynamicRef")
    if isinstance(dynamic, str):
        found = known.target(base, dynamic)
        _refer(schema, "$dynamicRef", dynamic if found is None else reference(found))
    for keyword in ("$id", "$anchor", "$dynamicAnchor"):
        schema.pop(keyword, None)


def _leads(ref: str, target: Tokens) -> bool:
    """Whether a reference is the pointer already."""
    return ref.startswith("#/") and split_pointer(unquote(ref[1:])) == target


def _without_dynamic(known: Identifiers) -> dict[Tokens, Tokens]:
    """Replace, in its data, every `$dynamicRef` that a request or an answer leads to;
    of what was written out once more, where it is from."""
    walk = _Walk(known)
    for root in uses(known.data):
        walk.follow(root)
    return walk.copied


def _refer(schema: dict[str, Any], keyword: str, ref: str) -> None:
    """Put a plain reference in the place of `keyword`, beside another one where there is one."""
    schema.pop(keyword, None)
    if "$ref" in schema:
        schema["allOf"] = [*schema.get("allOf", ()), {"$ref": ref}]
    else:
        schema["$ref"] = ref


class _Walk:
    """Every way from a schema that a request or an answer is."""

    def __init__(self, known: Identifiers) -> None:
        self._known = known
        self._written: dict[str, Any] = deepcopy(known.data)
        self._bases = dict(known.bases)
        self._names: dict[Tokens, frozenset[str]] = {}
        self.copied: dict[Tokens, Tokens] = {}
        self._places: dict[tuple[Tokens, _Scope], Tokens] = {}
        self._seen: set[tuple[Tokens, str, _Scope]] = set()
        anchors: dict[str, list[Tokens]] = {}
        for each in known.dynamic.values():
            for name, at in each.items():
                anchors.setdefault(name, []).append(at)
        self._anchors: Mapping[str, list[Tokens]] = anchors

    def follow(self, root: Tokens) -> None:
        stack: list[tuple[Tokens, str | None, _Scope]] = [(root, None, ())]
        while stack:
            at, outer, scope = stack.pop()
            schema, base = resolve(self._known.data, at), self._known.bases.get(at, outer or "")
            scope = self._entered(base, scope) if base != outer else scope
            if (at, base, scope) in self._seen or not isinstance(schema, dict):
                continue
            self._seen.add((at, base, scope))
            targets = self._targets(at, schema, base, scope)
            targets += [
                place for place, _ in below(at, schema) if place[len(at)] not in _DEFINITIONS
            ]
            stack += ((target, base, scope) for target in reversed(targets))

    def _entered(self, base: str, scope: _Scope) -> _Scope:
        return tuple({**self._known.dynamic.get(base, {}), **dict(scope)}.items())

    def _targets(
        self, at: Tokens, schema: dict[str, Any], base: str, scope: _Scope
    ) -> list[Tokens]:
        """Where the references of a schema lead; its dynamic one is a plain one from now on."""
        found: list[Tokens] = []
        for keyword in ("$ref", "$dynamicRef"):
            ref = schema.get(keyword)
            plain = self._known.target(base, ref) if isinstance(ref, str) else None
            if plain is not None and plain not in self._bases:  # it was led somewhere before
                found.append(plain)
            elif isinstance(ref, str) and plain is not None:
                target = plain
                if keyword == "$dynamicRef":
                    target = dict(scope).get(self._dynamic_name(plain, ref), plain)
                found += self._led(at, schema, keyword, target, self._scope_in(target, scope))
        return found

    def _scope_in(self, target: Tokens, scope: _Scope) -> _Scope:
        """The dynamic anchors that matter where a reference leads."""
        met = dict(self._entered(self._bases.get(target, ""), scope))
        return tuple((name, met[name]) for name in sorted(self._asked(target)) if name in met)

    def _led(
        self, at: Tokens, schema: dict[str, Any], keyword: str, target: Tokens, scope: _Scope
    ) -> list[Tokens]:
        """Where a reference leads: a plain reference or, where other anchors than usual are
        in force, to what is written out here."""
        usual = self._scope_in(target, self._entered("", ()))
        same = scope == usual or self._is_same(target, scope, usual)
        place = target if same else self._places.get((target, scope))
        if place is None:
            self._write_out(at, schema, keyword, target, scope)
            return []
        if place != target or keyword == "$dynamicRef":
            _refer(schema, keyword, reference(place))
        return [place]

    def _is_same(self, start: Tokens, scope: _Scope, usual: _Scope) -> bool:
        """Whether all that a schema leads to is the same with other anchors in force."""
        waiting: list[tuple[Tokens, str | None, _Scope, _Scope]] = [(start, None, scope, usual)]
        seen: set[tuple[Tokens, str, _Scope, _Scope]] = set()
        while waiting:
            at, outer, one, two = waiting.pop()
            schema, base = resolve(self._written, at), self._bases.get(at, outer or "")
            if base != outer:
                one, two = self._entered(base, one), self._entered(base, two)
            if (at, base, one, two) in seen or not isinstance(schema, dict):
                continue
            seen.add((at, base, one, two))
            led = [place for place, _ in below(at, schema) if place[len(at)] not in _DEFINITIONS]
            for plain, name in self._references(schema, base):
                found = {dict(each).get(name, plain) for each in (one, two)}
                if len(found) > 1:
                    return False
                led += found
            waiting += ((place, base, one, two) for place in led)
        return True

    def _references(self, schema: dict[str, Any], base: str) -> Iterator[tuple[Tokens, str]]:
        """Where the references of a schema lead by themselves, and the anchors they look for."""
        for keyword in ("$ref", "$dynamicRef"):
            ref = schema.get(keyword)
            target = self._known.target(base, ref) if isinstance(ref, str) else None
            if isinstance(ref, str) and target is not None:
                dynamic = keyword == "$dynamicRef"
                yield target, self._dynamic_name(target, ref) if dynamic else ""

    def _write_out(
        self, at: Tokens, schema: dict[str, Any], keyword: str, target: Tokens, scope: _Scope
    ) -> None:
        if len(self.copied) >= MAX_COPIES:
            raise TooManyCopies(at)
        del schema[keyword]
        arms = schema.setdefault("allOf", [])
        copy = (*at, "allOf", str(len(arms)))
        self.copied[copy] = target
        self._places[target, scope] = copy if arms or schema.keys() - _SILENT else at
        arms.append(deepcopy(resolve(self._written, target)))
        for place, base in self._bases.items():
            if place[: len(target)] == target:
                self._known.bases[(*copy, *place[len(target) :])] = base

    def _dynamic_name(self, target: Tokens, ref: str) -> str:
        """The anchor that a reference looks for on the way; "" for none: it is a plain one."""
        name = unquote(urldefrag(ref).fragment)
        own = self._known.dynamic.get(self._bases.get(target, ""), {})
        return name if own.get(name) == target else ""

    def _asked(self, start: Tokens) -> frozenset[str]:
        """The dynamic anchors that what a schema leads to looks for."""
        if start in self._names:
            return self._names[start]
        found: set[str] = set()
        waiting, seen = [start], {start}
        while waiting:
            at = waiting.pop()
            schema, base = resolve(self._written, at), self._bases.get(at, "")
            if not isinstance(schema, dict):
                continue
            led = [place for place, _ in below(at, schema) if place[len(at)] not in _DEFINITIONS]
            for target, name in self._references(schema, base):
                found |= {name} - {""}
                led += [target, *self._anchors.get(name, ())]
            waiting += (each for each in led if each not in seen)
            seen.update(led)
        self._names[start] = frozenset(found)
        return self._names[start]
