"""A document of several files → one tree, in which every reference is a pointer from its root.

What is referred to in another file becomes a component, once; where there are no components of its
kind, such as path items in OpenAPI 3.0, it is put where the reference was.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..diagnostics.diagnostic import DocumentError, Found
from ..diagnostics.remarks import Remark
from ..text.pointers import Tokens, join_pointer, resolve
from ..text.positions import Problem
from .identifiers import Identifiers
from .origins import Origins
from .refkinds import kind_at, name_for
from .targets import File, Files, Target
from .walk import parts

MAX_PLACED = 5_000_000
"""How many objects and arrays of other files the tree may have: it might grow without end."""


@dataclass(frozen=True, slots=True)
class _Context:
    """Which file a part of the tree is from, and what it was put there for."""

    file: str
    chain: frozenset[Target] = frozenset()


def assembled(
    data: dict[str, Any], origins: Origins, files: Files
) -> tuple[tuple[Remark, ...], dict[str, File]]:
    """Make `data`, which a file refers from, one tree in place; what is to be said, and the other
    files. Raises DocumentError."""
    found = re.match(r"3\.([0-9]+)", str(data.get("openapi")))
    assembly = _Assembly(data, origins, files, (3, int(found[1]) if found else 0))
    assembly.assemble()
    return tuple(assembly.notes), files.others()


class _Assembly:
    """The making of one document."""

    def __init__(
        self, data: dict[str, Any], origins: Origins, files: Files, version: tuple[int, int]
    ) -> None:
        self.found: list[Found] = []
        self.notes: list[Remark] = []
        self._data = data
        self._origins = origins
        self._files = files
        self._version = version
        self._places: dict[tuple[str, Target], Tokens] = {}
        self._contexts: dict[Tokens, _Context] = {}
        self._fresh: list[Tokens] = []
        self._left = MAX_PLACED
        self._known = Identifiers(data)

    def assemble(self) -> None:
        """Raise DocumentError where references cannot be followed."""
        try:
            self._claim()
            self._walk()
        except _TooMuch:
            message = f"more than {MAX_PLACED} objects come from other files"
            help = "refer to parts of files rather than to files as wholes"
            self._complain((), Problem("E027", message, 0, (), help))
        if self.found:
            raise DocumentError(self.found)

    def _claim(self) -> None:
        """Components that are a reference alone are what it leads to, under their own name."""
        context = self._put_here(("components",), _Context(self._files.entry))
        components: Any = self._data.get("components")
        for kind in list(components) if isinstance(components, dict) else ():
            at = ("components", kind)
            within = self._put_here(at, context)
            named = components[kind]
            for name, value in named.items() if isinstance(named, dict) else ():
                if isinstance(value, dict) and list(value) == ["$ref"]:
                    target = self._files.target(within.file, value["$ref"])
                    if isinstance(target, Target) and target.file != self._files.entry:
                        self._places.setdefault((kind, target), (*at, name))

    def _put_here(self, at: Tokens, context: _Context) -> _Context:
        """What is at a place, put there if it is a reference; which file it is from."""
        try:
            value = resolve(self._data, at)
        except LookupError:
            return context
        context = self._visit(at, value, context)[1]
        if context.file != self._files.entry:
            self._contexts[at] = context
        return context

    def _walk(self) -> None:
        done: set[Tokens] = set()
        start = ((), self._data, False, _Context(self._files.entry))
        stack: list[tuple[Tokens, Any, bool, _Context]] = [start]
        while stack:
            at, value, named, context = stack.pop()
            if at in done:
                continue
            if at in self._contexts:
                done.add(at)
                context = self._contexts[at]
            if isinstance(value, dict):
                value, context = self._visit(at, value, context)
            stack += reversed([(*each, context) for each in parts(at, value, named)])
            stack += [(place, resolve(self._data, place), False, context) for place in self._fresh]
            self._fresh.clear()

    def _visit(self, at: Tokens, holder: Any, context: _Context) -> tuple[Any, _Context]:
        """An object with its reference rewritten, or what the reference leads to in its place."""
        while isinstance(holder, dict) and isinstance(holder.get("$ref"), str):
            target = self._followed(at, holder["$ref"], context)
            if target is None:
                break
            kind = kind_at(at, self._version)
            if target.file == self._files.entry:
                holder["$ref"] = _pointer(target.tokens)
                break
            place = self._places.get((kind, target)) if kind else at
            if place != at:
                holder["$ref"] = _pointer(place or self._place(kind, target))
                break
            if target in context.chain:
                message = f"following the reference {holder['$ref']} does not end"
                help = "in OpenAPI 3.0 path items cannot be components; in 3.1 they can"
                self._complain((*at, "$ref"), Problem("E021", message, 0, (), help))
                break
            holder, context = self._inlined(at, holder, target, context)
        if isinstance(holder, dict):
            self._localise(at, holder, context)
        return holder, context

    def _followed(self, at: Tokens, ref: str, context: _Context) -> Target | None:
        """Where a reference leads; None where it is left as it is, or leads nowhere."""
        own = context.file == self._files.entry
        if own and (ref.startswith("#") or self._known.is_known(at, ref)):
            return None
        target = self._files.target(context.file, ref)
        if isinstance(target, Target) or target is None:
            if target and target.file == self._files.entry and ref.startswith("#"):
                message = f"the reference {ref} is read as one into {self._files.shown}"
                help = f"write it as one: {posixpath.basename(self._files.entry)}{ref}"
                self.notes.append(
                    Remark(code="N130", message=message, help=help, at=join_pointer(at))
                )
            return target
        code, message, help = target
        self._complain((*at, "$ref"), Problem(code, message, 0, (), help))
        return None

    def _complain(self, at: Tokens, problem: Problem) -> None:
        source, tokens = self._origins.find(at)
        placed = problem._replace(offset=source.offset(tokens), tokens=tokens)
        self.found.append(source.diagnostic(placed))

    def _place(self, kind: str, target: Target) -> Tokens:
        """Make what a reference leads to a component."""
        components: Any = self._data.setdefault("components", {})
        named: Any = components.setdefault(kind, {})
        at = ("components", kind, name_for(*target, named))
        self._put(at, named, target)
        self._places[kind, target] = at
        self._contexts[at] = _Context(target.file)
        self._fresh.append(at)
        return at

    def _inlined(
        self, at: Tokens, holder: dict[str, Any], target: Target, context: _Context
    ) -> tuple[Any, _Context]:
        """What a reference leads to, put where the reference is; what is beside it comes first."""
        beside = [(key, value, self._origins.find((*at, key))) for key, value in holder.items()]
        parent: Any = resolve(self._data, at[:-1])
        value = self._put(at, parent, target)
        for key, own, origin in beside:
            if key != "$ref" and isinstance(value, dict):
                value[key] = own
                self._origins.put((*at, key), *origin)
                self._contexts[(*at, key)] = context
        return value, _Context(target.file, context.chain | {target})

    def _put(self, at: Tokens, holder: Any, target: Target) -> Any:
        value = self._copy(self._files.value(target))
        holder[int(at[-1]) if isinstance(holder, list) else at[-1]] = value
        self._origins.put(at, self._files.source(target.file), target.tokens)
        return value

    def _copy(self, value: Any) -> Any:
        if not isinstance(value, dict | list):
            return value
        self._left -= 1
        if self._left < 0:
            raise _TooMuch
        if isinstance(value, dict):
            return {key: self._copy(item) for key, item in value.items()}
        return [self._copy(item) for item in value]

    def _mapped(self, holder: Any, keys: Tokens, context: _Context) -> None:
        """References of a discriminator, which may be names."""
        entry = self._files.entry
        for key in keys:
            ref = holder.get(key)
            target = self._files.mapped(context.file, ref) if isinstance(ref, str) else None
            if target and (target.file, context.file) != (entry, entry):
                own = target.file == entry
                place = target.tokens if own else self._places.get(("schemas", target))
                holder[key] = _pointer(place or self._place("schemas", target))

    def _localise(self, at: Tokens, holder: dict[str, Any], context: _Context) -> None:
        """References that are no `$ref`, and names that its own file knows it by."""
        entry = self._files.entry
        if at[-1:] == ("discriminator",):
            self._mapped(holder, ("defaultMapping",), context)
            mapping = holder.get("mapping")
            if isinstance(mapping, dict):
                self._mapped(mapping, tuple(mapping), context)
        if context.file == entry:
            return
        if not any(key.startswith("$dynamic") for key in holder):
            for key in ("$id", "$anchor"):
                if isinstance(holder.get(key), str):
                    del holder[key]


class _TooMuch(Exception):
    pass


def _pointer(at: Tokens) -> str:
    return "#" + quote(join_pointer(at), safe="/~!$&'()*+,;=:@")
