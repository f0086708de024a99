"""What a generated package would say of a value."""

from __future__ import annotations

from dataclasses import replace

from ..model.model import Model, Type
from ..python.quoting import literal
from ..text.jsonvalues import Json
from .kinds import Kinds
from .runtime import KindReader


class Verdicts:
    """Asks the kinds that a package made from a `checkable` model would have."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._kinds = Kinds(replace(model, enums={}), ())  # by their values
        self._reader = KindReader(self._kinds.shared)
        self._known: dict[tuple[str, str], str] = {}

    def problem(self, node: Type, value: Json) -> str:
        """Why a place of that type does not take a JSON value; "" if it does."""
        key = self._kinds.kind(node), literal(value)
        if key not in self._known:
            self._known[key] = self._problem(*key)
        return self._known[key]

    def _problem(self, expression: str, value: str) -> str:
        found = self._reader.problems(expression, value)
        if not found:
            return ""
        first = found[0]
        where = f"at {first.path} " if first.keys else ""
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        return f"{where}expected {first.expected}, got {first.got}{more}"
