"""Syntax trees of datamodel-code-generator's annotations -> annotations of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set

from ...python.quoting import literal
from ...text.jsonvalues import Json
from .codegen import unexpected

_NAMES = {
    "AwareDatetime": "DateTime",
    "Any": "Json",
    "StrictBool": "StrictBool",
    "StrictFloat": "Number",
    "StrictInt": "Integer",
    "StrictStr": "Text",
    "date": "Date",
}
_CONSTRAINTS = frozenset("ge gt le lt multiple_of min_length max_length pattern".split())


class Writer:
    """Writes annotations, and remembers which of the module's names they use.

    Args:
        classes: class in the answer -> class in the module.
        helpers: further classes in the answer, each standing for an annotation.
        names: our names for types -> how they are spelled in the module.
        strings: every string the answer may hold.
        tags: classes in a union of the answer -> the attribute that tells them apart.
    """

    def __init__(
        self,
        classes: Mapping[str, str],
        helpers: Mapping[str, ast.expr],
        names: Mapping[str, str],
        strings: Set[str],
        tags: Mapping[frozenset[str], str],
    ) -> None:
        self._classes = classes
        self._helpers = helpers
        self._names = names
        self._strings = strings
        self._tags = tags
        self.used: set[str] = set()

    def use(self, name: str) -> str:
        """One of our names as it is spelled in the module."""
        self.used.add(name)
        return self._names[name]

    def annotation(self, node: ast.expr) -> str:
        """Raises CommandError for a form that is not expected."""
        match node:
            case ast.Constant(value=None):
                return "None"
            case ast.Name(id=name):
                return self._name(name)
            case ast.BinOp(op=ast.BitOr()):
                return self._union(list(_arms(node)))
            case ast.Subscript(value=ast.Name(id=generic), slice=inside):
                return self._generic(generic, inside)
            case _:
                raise unexpected(ast.unparse(node))

    def _union(self, arms: list[ast.expr]) -> str:
        said = " | ".join(map(self.annotation, arms))
        named = frozenset(arm.id for arm in arms if isinstance(arm, ast.Name))
        tag = self._tags.get(named)
        if tag is None:
            return said
        field = f"{self.use('Field')}(discriminator={literal(tag)})"
        return f"{self.use('Annotated')}[{said}, {field}]"

    def _name(self, name: str) -> str:
        if name in self._classes:
            return self._classes[name]
        if name in self._helpers:
            return self.annotation(self._helpers[name])
        if name in _NAMES:
            return self.use(_NAMES[name])
        raise unexpected(name)

    def _generic(self, generic: str, inside: ast.expr) -> str:
        match generic, inside:
            case "list", _:
                return f"list[{self.annotation(inside)}]"
            case "dict", ast.Tuple(elts=[ast.Name(id="str"), ast.Name(id="Any")]):
                return self.use("JsonObject")
            case "dict", ast.Tuple(elts=[ast.Name(id="str"), value]):
                return f"dict[{self.use('Text')}, {self.annotation(value)}]"
            case "Literal", _:
                return self._literal(inside)
            case "Annotated", ast.Tuple(elts=[inner, call]):
                constraints = self._constraints(call)
                said = f"{self.use('Annotated')}[{self.annotation(inner)}, {constraints}]"
                return said if constraints else self.annotation(inner)
            case _:
                raise unexpected(f"{generic}[{ast.unparse(inside)}]")

    def _literal(self, inside: ast.expr) -> str:
        values = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        constants = [self._constant(value) for value in values]
        said = f"{self.use('Literal')}[{', '.join(map(literal, constants))}]"
        if all(isinstance(value, str) for value in constants):
            return said
        return f"{self.use('Annotated')}[{said}, {self.use('Exact')}]"

    def _constraints(self, call: ast.expr) -> str:
        match call:
            case ast.Call(func=ast.Name(id="Field"), args=[], keywords=keywords) if {
                keyword.arg for keyword in keywords
            } <= _CONSTRAINTS:
                given = [f"{k.arg}={literal(self._constant(k.value))}" for k in keywords]
                return f"{self.use('Field')}({', '.join(given)})" if given else ""
            case ast.Call(func=ast.Name(id="Field"), args=[ast.Constant(value=None)], keywords=[]):
                return ""
            case _:
                raise unexpected(ast.unparse(call))

    def _constant(self, node: ast.expr) -> Json:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return -value
            case ast.Call(func=ast.Name(id="compile"), args=[ast.Constant() as pattern]):
                return self._constant(pattern)  # the models compile patterns themselves
            case ast.Constant(value=str(value)) if value in self._strings:
                return value
            case ast.Constant(value=int() | float() as value):
                return value
            case _:
                raise unexpected(ast.unparse(node))


def _arms(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _arms(node.left)
        yield from _arms(node.right)
    else:
        yield node
