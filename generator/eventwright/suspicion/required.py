"""A required key that nothing declares, though it looks like one that is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..pointers import Tokens, join_pointer
from ..remarks import Remark
from .schemas import Found, Schemas


def undeclared(at: Tokens, schema: Found, schemas: Schemas) -> Iterator[Remark]:
    """Each of them. A key that nothing like it is declared for may be meant as it is."""
    required = schema.get("required")
    if not isinstance(required, list) or (schemas.legacy and "$ref" in schema):
        return
    missing = {name for name in required if name not in schema.get("properties", {})}
    missing = missing and missing - schemas.declared(schema)
    missing = missing and missing - schemas.declared_around(schema)
    alike = _Alike(schemas.declared_around(schema)) if missing else _Alike(())
    for index, name in enumerate(required):
        near = alike.find(name) if name in missing else ""
        if near and near not in required:
            yield Remark(
                code="N110",
                message=f"'{name}' is required and declared nowhere; did you mean '{near}'?",
                at=join_pointer((*at, "required", str(index))),
                help=f"write '{near}', or declare '{name}' under properties",
            )


class _Alike:
    """Names by their spelling, where one letter more, less or other makes no difference, nor do
    case and separators. Finding one takes as long as its name is, however many there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {near: each for each in sorted(names) for near in _shortened(each)}

    def find(self, name: str) -> str:
        """One that is like `name`, "" for none."""
        return next((self._names[near] for near in _shortened(name) if near in self._names), "")


def _shortened(name: str) -> Iterator[str]:
    """A name and, if it is a word, what is left of it without one of its letters."""
    folded = name.casefold().replace("_", "").replace("-", "")
    yield folded
    if len(folded) > 3:
        for index in range(len(folded)):
            yield folded[:index] + folded[index + 1 :]
