"""The runtime of the generated packages, used by the generator: one implementation of each check.

What a package would say of a value is found out by its own kinds, made from the expressions that
the package would contain. The expressions are read, not run.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..quick.fingerprint import templates_folder

_NAME = "eventwright_static_runtime"

MODULES = {
    "_t": "kinds",
    "_bounded": "kinds.bounded",
    "_conditions": "kinds.conditions",
    "_formats": "kinds.formats",
    "_hosts": "kinds.hosts",
    "_native": "kinds.native",
    "_nesting": "kinds.nesting",
    "_unions": "kinds.unions",
    "_uris": "kinds.uris",
}
"""What the expressions of kinds call the runtime's modules; a package has those it names."""


@cache
def runtime(module: str) -> Any:
    """A module of `templates/static/_runtime`."""
    if _NAME not in sys.modules:
        folder = Path(templates_folder(), "static", "_runtime")
        spec = importlib.util.spec_from_file_location(
            _NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[_NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_NAME])
    return importlib.import_module(f"{_NAME}.{module}")


class KindReader:
    """Makes kinds of expressions. `shared`: the expressions of the variables they name, read when
    they are first needed."""

    def __init__(self, shared: Mapping[str, str]) -> None:
        self._shared = shared
        self._made: dict[str, Any] = {}

    def problems(self, expression: str, value: str) -> list[Any]:
        """What is wrong with a JSON value, given as the package would write it: the runtime's
        `Problem`s."""
        found: list[Any] = []
        self._kind(expression).check(self._read(value), (), found, True)
        return found

    def _read(self, expression: str) -> Any:
        return self._value(ast.parse(expression, mode="eval").body)

    def _kind(self, expression: str) -> Any:
        if expression not in self._made:
            self._made[expression] = self._read(expression)
        return self._made[expression]

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value):
                return value
            case ast.UnaryOp(ast.USub(), operand):
                return -self._value(operand)
            case ast.List(elements):
                return [self._value(each) for each in elements]
            case ast.Dict(keys, values):
                pairs = zip(keys, values, strict=True)
                return {self._value(key): self._value(each) for key, each in pairs if key}
            case ast.Attribute(ast.Name(alias), name):
                return getattr(runtime(MODULES[alias]), name)
            case ast.Call(called, arguments, keywords):
                named = {each.arg: self._value(each.value) for each in keywords if each.arg}
                made: Callable[..., Any] = self._value(called)
                return made(*map(self._value, arguments), **named)
            case ast.Lambda(_, ast.Name(variable)):
                return lambda: self._kind(self._shared[variable])
            case _:
                raise ValueError(f"no expression of a kind: {ast.unparse(node)}")
