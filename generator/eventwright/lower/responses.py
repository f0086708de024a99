"""Answers of an operation, and where their error texts stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..model import Content, NullableType, ObjectRef, Parameter, Pointer, Response, Type
from ..naming import class_name
from ..parse import Parser
from ..pointers import join, split_pointer
from .notes import others
from .types import Types

if TYPE_CHECKING:
    from ..config import ClientConfig

Contents = Callable[[Mapping[str, Any], Pointer, str], Iterator[Content]]
Header = Callable[[Mapping[str, Any], Any, str, Pointer], Parameter]
_KEYS = frozenset({"description", "content", "headers"})


class Responses:
    """Lowers `responses`."""

    def __init__(
        self,
        parser: Parser,
        types: Types,
        lowering: tuple[Contents, Header],
        client: ClientConfig,
    ) -> None:
        """`lowering`: of contents and of headers, as requests have them too."""
        self._parser = parser
        self._types = types
        self._contents, self._header = lowering
        self._client = client

    def lower(
        self, responses: Mapping[str, Any], at: Pointer, identity: str
    ) -> tuple[Response, ...]:
        """`identity`: of the operation, as configuration calls it."""
        return tuple(
            self._response(str(status), value, join(at, status), identity)
            for status, value in responses.items()
            if not str(status).startswith("x-")
        )

    def _response(self, status: str, value: Any, at: Pointer, identity: str) -> Response:
        data, pointer = self._parser.follow(value, at)
        path = class_name(identity, "Operation") + class_name(status, "Answer")
        contents = tuple(self._contents(data, pointer, path))
        return Response(
            status=status,
            description=data.get("description", ""),
            contents=contents,
            headers=tuple(self._headers(data, pointer)),
            errors=self._errors(status, contents, identity),
            other=others(data, _KEYS),
            at=pointer,
        )

    def _headers(self, data: Mapping[str, Any], at: Pointer) -> Iterator[Parameter]:
        for wire, value in (data.get("headers") or {}).items():
            header, pointer = self._parser.follow(value, join(at, "headers", wire))
            yield self._header(header, "header", wire, pointer)

    def _errors(self, status: str, contents: tuple[Content, ...], identity: str) -> tuple[str, ...]:
        """The configured place of the error texts, if this answer's body has such a place."""
        configured = self._client.operations.get(identity)
        if configured is None or configured.errors is None or status[:1] not in "45d":
            return ()
        keys = split_pointer(configured.errors)
        return keys if any(self._has_place(content.type, keys) for content in contents) else ()

    def _has_place(self, node: Type, keys: tuple[str, ...]) -> bool:
        for wire in keys:
            if not isinstance(node, ObjectRef):
                return False
            fields = self._types.objects[node.key].fields
            found = next((field.type for field in fields if field.wire == wire), None)
            if found is None:
                return False
            node = found.inner if isinstance(found, NullableType) else found
        return True
