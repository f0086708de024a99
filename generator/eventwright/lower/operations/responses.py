"""Answers of an operation, and where their error texts stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...model.model import (
    ArrayType,
    Content,
    NullableType,
    ObjectRef,
    Parameter,
    Response,
    StringType,
    Type,
)
from ...python.naming import class_name
from ...schema.parse import Parser
from ...text.pointers import Pointer, join, split_pointer
from ..schemas.notes import others
from ..schemas.types import Types

if TYPE_CHECKING:
    from ...config.config import ClientConfig

Contents = Callable[[Mapping[str, Any], Pointer, str], Iterator[Content]]
Header = Callable[[Mapping[str, Any], Any, str, Pointer], Parameter]
_KEYS = frozenset({"description", "content", "headers"})
_DEEPEST = 4
"""Keys in each other that lead to error texts nobody has configured."""
_WITHOUT_BODY = frozenset({"204", "205", "304"})
"""Whatever a document says of one (RFC 9110, 15.3.5, 15.3.6 and 15.4.5)."""
_MOST_LOOKED_AT = 1000
"""Properties of one body."""


def _shared_name(at: Pointer) -> str:
    """What the body of a response among the components is called, whichever operations have it.

    `NotFound` → `NotFoundAnswer`, as an error has the plain name; `400` → `Answer400`.
    """
    match split_pointer(at):
        case ("components", "responses", key):
            name = class_name(f"{key} answer", "Answer")
            return name.removesuffix("Answer") if key[:1].isdigit() else name
    return ""


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
        self, responses: Mapping[str, Any], at: Pointer, method: str, identity: str
    ) -> tuple[Response, ...]:
        """`identity`: of the operation, as configuration calls it."""
        return tuple(
            self._response(str(status), value, join(at, status), method, identity)
            for status, value in responses.items()
            if not str(status).startswith("x-")
        )

    def _response(
        self, status: str, value: Any, at: Pointer, method: str, identity: str
    ) -> Response:
        data, pointer = self._parser.follow(value, at)
        path = _shared_name(pointer) or (
            class_name(identity, "Operation") + class_name(status, "Answer")
        )
        has_body = method != "HEAD" and status not in _WITHOUT_BODY
        contents = tuple(self._contents(data, pointer, path)) if has_body else ()
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
        """The place of the error texts: as configured, if this answer's body has such a place;
        else that of the one list of texts in it."""
        if status[:1] not in "45d":
            return ()
        configured = self._client.operations.get(identity)
        if configured is None or configured.errors is None:
            found = {keys for content in contents for keys in self._lists(content.type)}
            return found.pop() if len(found) == 1 else ()
        keys = split_pointer(configured.errors)
        return keys if any(self._has_place(content.type, keys) for content in contents) else ()

    def _lists(self, node: Type) -> Iterator[tuple[str, ...]]:
        """The keys that lead to each list of texts in an object; none where it is very large."""
        found: list[tuple[str, ...]] = []
        stack: list[tuple[Type, tuple[str, ...]]] = [(node, ())]
        looked_at = 0
        while stack and looked_at < _MOST_LOOKED_AT:
            node, keys = stack.pop()
            looked_at += 1
            bare = node.inner if isinstance(node, NullableType) else node
            if keys and isinstance(bare, ArrayType) and isinstance(bare.items, StringType):
                found.append(keys)
            if isinstance(bare, ObjectRef) and len(keys) < _DEEPEST:
                fields = self._types.objects[bare.key].fields
                stack += ((field.type, (*keys, field.wire)) for field in fields)
        yield from found if not stack else ()

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
