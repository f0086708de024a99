"""Kinds of objects: mappings, and builders inside builders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..values.frozen import (
    EMPTY,
    FrozenDict,
    freeze_mapping,
    is_mapping,
    plain_items,
    thaw,
    too_deep,
)
from ..values.jsontext import members
from ..values.problems import Path, Problem, ValidationError
from .base import ANY, MISSING, Code, Kind, Piece, check_size, wrong


class Map(Kind):
    """An object without a class, kept as an unchangeable dict.

    `declared` and `required` serve conditions, which may speak of keys without naming a class.
    """

    def __init__(
        self,
        values: Kind = ANY,
        *,
        declared: Mapping[str, Kind] = EMPTY,
        required: Sequence[str] = (),
        patterns: Mapping[str, Kind] = EMPTY,
        min_properties: int = 0,
        max_properties: int | None = None,
    ) -> None:
        self._values = values
        self._declared = declared
        self._required = tuple(required)
        self._patterns = patterns
        self._min = min_properties
        self._max = max_properties
        said = declared or required or patterns or min_properties
        self._free = values is ANY and not said and max_properties is None

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if value.__class__ is not dict and not is_mapping(value):
            return wrong("an object", value, path, problems)
        if self._free:
            return freeze_mapping(value, path, problems)
        if too_deep(path, problems):
            return None
        kept = plain_items(value, path, problems)
        for name, item in kept.items():
            for kind in reversed(self._kinds(name)):
                kept[name] = kind.check(item, (*path, name), problems, wire)
        for key in self._required:
            if key not in kept:
                wrong("a value", MISSING, (*path, key), problems)
        check_size(len(kept), self._min, self._max, path, problems)
        return FrozenDict(kept)

    def dump(self, value: Any) -> Any:
        return {key: self._kinds(key)[0].dump(item) for key, item in value.items()}

    def look(self, name: str, path: str, code: Code, wire: bool) -> list[str]:
        close = super().look(name, path, code, wire)
        if not self._free:
            return close
        freeze = code.use(freeze_mapping, "Freeze")
        return [
            f"if Type({name}) is Dict: {name} = {freeze}({name}, {path}, Problems)",
            f"else: {close[0]}",
        ]

    def plain(self, name: str, code: Code) -> str:
        return f"{code.use(thaw if self._free else self.dump, 'Dump')}({name})"

    def text(self, name: str, code: Code) -> Piece:
        kept = name if self._free else self.plain(name, code)
        return "{", f"{code.use(members, 'Members')}({kept})", "}"

    def _kinds(self, key: str) -> list[Kind]:
        """Every kind a key's value must be of; the first decides how it is kept."""
        kinds = [self._declared[key]] if key in self._declared else []
        kinds += [
            kind for pattern, kind in self._patterns.items() if re.search(pattern, key)
        ]
        return kinds or [self._values]


class Nested(Kind):
    """An object with a builder of its own: the builder, or a mapping with wire names."""

    def __init__(self, builder: type[Any]) -> None:
        self._builder = builder

    def check(self, value: Any, path: Path, problems: list[Problem], wire: bool) -> Any:
        if value.__class__ is self._builder:
            return value
        if value.__class__ is not dict:
            if isinstance(value, self._builder):  # a subclass might write anything
                value = self._builder.to_dict(value)
            if not is_mapping(value):
                own = f"{self._builder.__name__} or a mapping"
                return wrong("an object" if wire else own, value, path, problems)
        try:
            return self._builder.__shape__.read(value, path, self._builder)
        except ValidationError as error:
            problems.extend(error.problems)
            return None

    def dump(self, value: Any) -> Any:
        return value.to_dict()

    def doubt(self, name: str, code: Code) -> str:
        return f"Type({name}) is not {code.use(self._builder, 'Builder')}"

    def look(self, name: str, path: str, code: Code, wire: bool) -> list[str]:
        shape = code.use(self._builder.__shape__, "Shape")
        builder = code.use(self._builder, "Builder")
        (close,) = super().look(name, path, code, wire)
        return [
            f"if Type({name}) is not Dict: {close}",
            "else:",
            f"    try: {name} = {shape}.read({name}, {path}, {builder})",
            "    except Invalid as Found:",
            f"        {name} = Problems.extend(Found.problems)",
        ]

    def plain(self, name: str, code: Code) -> str:
        return f"{name}.to_dict()"

    def text(self, name: str, code: Code) -> Piece:
        return "", f"{name}.to_json_text()", ""
