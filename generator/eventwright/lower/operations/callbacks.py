"""What an operation makes the other side call: its `callbacks`, lowered like webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...model.model import Operation
from ...schema.parse import Parser
from ...text.pointers import Pointer, join
from ..schemas.types import Types
from .operations import Operations

if TYPE_CHECKING:
    from ...config.config import ClientConfig


class Callbacks:
    """Adds callbacks to operations: afterwards, so that what a callback shares is named by others.

    Nothing is generated for them, and what they carry is no event.
    """

    def __init__(self, parser: Parser, types: Types, client: ClientConfig) -> None:
        self._parser = parser
        self._operations = Operations(parser, types, replace(client, events=()))

    def added(self, operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
        """The same operations with their callbacks."""
        return tuple(self._with(operation, frozenset()) for operation in operations)

    def _with(self, operation: Operation, above: frozenset[Pointer]) -> Operation:
        """`above`: the operations that led here, since a callback may have itself as a callback."""
        data: Mapping[str, Any] = self._parser.lookup(operation.at)
        if operation.at in above or not data.get("callbacks"):
            return operation
        above |= {operation.at}
        found = self._callbacks(data["callbacks"], join(operation.at, "callbacks"))
        return replace(operation, callbacks=tuple(self._with(each, above) for each in found))

    def _callbacks(self, callbacks: Mapping[str, Any], at: Pointer) -> Iterator[Operation]:
        for name, value in callbacks.items():
            if not name.startswith("x-"):
                data, pointer = self._parser.follow(value, join(at, name))
                items = {k: v for k, v in data.items() if not k.startswith("x-")}
                for each in self._operations.lower(items, pointer, None):
                    yield _called(each, name)


def _called(operation: Operation, name: str) -> Operation:
    path = f"{name} {operation.path}"
    given = operation.id != f"{operation.method.lower()} {operation.path}"
    identity = operation.id if given else f"{operation.method.lower()} {path}"
    # No client has a method for it, so it has no name that could change.
    return replace(operation, path=path, id=identity, name="")
