"""Source of methods, written and compiled at run time."""

from __future__ import annotations

import linecache
from types import CodeType, FunctionType
from typing import Any


class Code:
    """Source under way: its lines, and the values that they refer to.

    No attribute has a name that starts with a capital letter, so such names are free.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"Type": type}
        self._known: dict[int, str] = {id(type): "Type"}

    def add(self, indent: int, *lines: str) -> None:
        """Write lines of the function."""
        self._lines += [f"{'    ' * (indent + 1)}{line}" for line in lines]

    def add_if(self, condition: str, lines: list[str], indent: int) -> None:
        """Write lines under a condition; "" for always."""
        if condition:
            self.add(indent, f"if {condition}:")
        self.add(indent + 1 if condition else indent, *lines)

    def use(self, value: Any, meaning: str) -> str:
        """The name under which a value can be referred to; it starts with `meaning`."""
        name = self._known.setdefault(id(value), f"{meaning}{len(self._known)}")
        self._names[name] = value
        return name

    def made(self, builder: Any, name: str, arguments: str) -> Any:
        """The method of a class, compiled in its module."""
        owner = f"{builder.__qualname__}.{name}"
        filename = f"<eventwright {builder.__module__}.{owner}>"
        head = [f"def make({', '.join(self._names)}):", f"    def {name}({arguments}):"]
        source = "\n".join([*head, *self._lines, f"    return {name}", ""])
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
        constants = compile(source, filename, "exec").co_consts
        make = next(each for each in constants if isinstance(each, CodeType))
        module = builder.__constructor__.__globals__
        function = FunctionType(make, module)(**self._names)
        function.__qualname__ = owner
        return function
