"""Changes to a document's data that keep it known where each part comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..text.pointers import Tokens, resolve

if TYPE_CHECKING:
    from ..document.origins import Origins
    from ..text.jsonvalues import Json


@dataclass(frozen=True, slots=True)
class Edits:
    """The data to change, and their origins. `version`: of OpenAPI."""

    data: Any
    origins: Origins
    version: tuple[int, int]

    def value(self, at: Tokens) -> Any:
        """What is at a place, None where nothing is."""
        try:
            return resolve(self.data, at)
        except LookupError:
            return None

    def has(self, at: Tokens) -> bool:
        """Whether there is anything at a place."""
        try:
            resolve(self.data, at)
        except LookupError:
            return False
        return True

    def put(self, at: Tokens, value: Json, origin: Tokens | None = None) -> None:
        """A member of an object, or an item at the end of a list or in place of another.

        `origin`: the part of the document that it is made from; by default what is there.
        """
        source, tokens = self.origins.find(at if origin is None else origin)
        holder = resolve(self.data, at[:-1])
        if isinstance(holder, dict):
            holder[at[-1]] = value
        elif int(at[-1]) == len(holder):
            holder.append(value)
        else:
            holder[int(at[-1])] = value
        self.origins.put(at, source, tokens)

    def remove(self, at: Tokens) -> None:
        """A member of an object or an item of a list."""
        holder = resolve(self.data, at[:-1])
        if isinstance(holder, list):
            self.origins.remove_item(at[:-1], int(at[-1]), len(holder))
            del holder[int(at[-1])]
        else:
            del holder[at[-1]]

    def rename(self, at: Tokens, key: str) -> None:
        """A member of an object gets another key, and stays where it is among the others."""
        holder = resolve(self.data, at[:-1])
        renamed = {key if name == at[-1] else name: value for name, value in holder.items()}
        self.origins.move(at, key)
        holder.clear()
        holder.update(renamed)
