"""Kinds of objects: mappings, and builders inside builders."""

from __future__ import annotations

from typing import Any

from ..values.frozen import (
    freeze_mapping,
    is_mapping,
    thaw,
)
from ..values.jsontext import members
from ..values.problems import Path, Problem, ValidationError
from .base import ANSWER, Code, Kind, Piece, wrong


class Map(Kind):
    """Any object, kept as an unchangeable dict."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if value.__class__ is dict or is_mapping(value):
            return freeze_mapping(value, path, problems)
        return wrong("an object", value, path, problems)

    def look(self, name: str, path: str, code: Code, wire: int) -> list[str]:
        (close,) = super().look(name, path, code, wire)
        freeze = f"{code.use(freeze_mapping, 'Freeze')}({name}, {path}, Problems)"
        return [f"if Type({name}) is Dict: {name} = {freeze}", f"else: {close}"]

    def plain(self, name: str, code: Code) -> str:
        return f"{code.use(thaw, 'Thaw')}({name})"

    def dump(self, value: Any) -> Any:
        return thaw(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return (None,)

    def text(self, name: str, code: Code) -> Piece:
        return "{", f"{code.use(members, 'Members')}({name})", "}"


class Closed(Map):
    """No undeclared keys, but those that an answer of a newer server has."""

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        for key, item in value.items() if wire != ANSWER else ():
            wrong("no such key", item, (*path, key), problems)
        return super().check(value, path, problems, wire)

    def look(self, name: str, path: str, code: Code, wire: int) -> list[str]:
        return Kind.look(self, name, path, code, wire)


class Nested(Kind):
    """An object with a builder of its own: the builder, or a mapping with wire names."""

    def __init__(self, builder: type[Any]) -> None:
        self._builder = builder

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        if value.__class__ is self._builder:
            return value
        if value.__class__ is not dict:
            if isinstance(value, self._builder):  # a subclass might write anything
                value = self._builder.to_dict(value)
            if not is_mapping(value):
                own = f"{self._builder.__name__} or a mapping"
                return wrong("an object" if wire else own, value, path, problems)
        shape = self._builder.__shape__
        read = shape.receive if wire == ANSWER else shape.read
        try:
            return read(value, path, self._builder)
        except ValidationError as error:
            problems.extend(error.problems)
            return None

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def objects(self) -> tuple[type[Any] | None, ...]:
        return (self._builder,)

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not {code.use(self._builder, 'Builder')}"

    def look(self, name: str, path: str, code: Code, wire: int) -> list[str]:
        shape = code.use(self._builder.__shape__, "Shape")
        builder = code.use(self._builder, "Builder")
        (close,) = super().look(name, path, code, wire)
        return [
            f"if Type({name}) is not Dict: {close}",
            "else:",
            f"    Read = {shape}.{'receive' if wire == ANSWER else 'read'}",
            f"    try: {name} = Read({name}, {path}, {builder})",
            "    except Invalid as Found:",
            f"        {name} = Problems.extend(Found.problems)",
        ]

    def plain(self, name: str, code: Code) -> str:
        return f"{name}.to_dict()"

    def text(self, name: str, code: Code) -> Piece:
        return "", f"{name}.to_json_text()", ""
