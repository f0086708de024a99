"""One of the two documents of a comparison, with its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...document.load import Document
from ...model.model import Model, Operation
from ...text.jsonvalues import Json
from ...text.pointers import Pointer, split_pointer


@dataclass(frozen=True, kw_only=True)
class Version:
    """A document and its model."""

    document: Document
    model: Model

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """By the id that findings name them by; callbacks belong to theirs."""
        return {each.id: each for each in (*self.model.operations, *self.model.webhooks)}

    def around(self, pointer: Pointer) -> Iterator[Mapping[str, Json]]:
        """The objects that `pointer` leads through, the innermost first."""
        value: Any = self.document.data
        found = [value]
        for token in split_pointer(pointer):
            if isinstance(value, dict):
                value = value.get(token)
            elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            else:
                break
            found.append(value)
        return (each for each in reversed(found) if isinstance(each, dict))
