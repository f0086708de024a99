"""Paths and webhooks -> Operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...diagnostics.remarks import Remark
from ...model.model import ArrayType, Body, Content, Operation, Paging, Parameter, Requirement, Type
from ...python.distinct import Wish, distinct, spellings
from ...python.naming import (
    RESERVED_ARGUMENTS,
    RESERVED_METHODS,
    class_name,
    field_name,
    nested_name,
    parameter_name,
)
from ...schema.parse import Parser
from ...schema.schema import Schema
from ...text.pointers import Pointer, Tokens, join, join_pointer, split_pointer
from ..names.enumnames import with_enum_name
from ..names.methodnames import without_id
from ..names.names import component_name
from ..schemas.notes import media_examples, others
from ..schemas.types import Types
from .encodings import lower_encodings
from .responses import Responses
from .servers import lower_servers

if TYPE_CHECKING:
    from ...config.config import ClientConfig, PagesConfig

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
# A parameter of one of these names is ignored (OpenAPI 3.1, Parameter Object).
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_STYLES["querystring"] = "form"
_EXPLODED = ("form", "cookie")
"""Styles in which, unless said otherwise, each member stands for itself."""
_PLACES = ("path", "query", "header", "cookie", "querystring")
_CONTENT_KEYS = frozenset({"schema", "itemSchema", "example", "examples"})
_BODY_KEYS = frozenset({"required", "description", "content"})
_OPERATION_KEYS = frozenset(
    "operationId summary description deprecated tags parameters requestBody responses security "
    "servers callbacks".split()
)
_PARAMETER_KEYS = frozenset(
    "name in required schema content description deprecated style explode allowReserved "
    "example examples".split()
)


_Parts = list[tuple[dict[str, Any], Tokens]]


def _operations(parts: _Parts) -> Iterator[tuple[str, Any, Pointer]]:
    """Method, operation and place of each operation of a path, what comes first counting."""
    found: dict[str, tuple[Any, Pointer]] = {}
    for item, at in parts:
        for method, operation, place in _own_operations(item, join_pointer(at)):
            found.setdefault(method, (operation, place))
    return ((method, *each) for method, each in found.items())


def _own_operations(item: dict[str, Any], at: Pointer) -> Iterator[tuple[str, Any, Pointer]]:
    for method in METHODS:
        if method in item:
            yield method.upper(), item[method], join(at, method)
    for method, operation in (item.get("additionalOperations") or {}).items():
        yield method, operation, join(at, "additionalOperations", method)


class Operations:
    """Lowers the operations of `paths`, and those of `webhooks`."""

    def __init__(self, parser: Parser, types: Types, client: ClientConfig) -> None:
        self._parser = parser
        self._types = types
        self._client = client
        self.repeated: list[Remark] = []
        """On operations that share their operationId."""
        self._responses = Responses(parser, types, (self._contents, self.parameter), client)

    def lower(self, paths: Mapping[str, Any], at: Pointer, security: Any) -> tuple[Operation, ...]:
        """In the document's order. `security` is what applies where an operation says nothing."""
        found: list[Operation] = []
        items = {path: self._parser.path_item(item, join(at, path)) for path, item in paths.items()}
        ids = [
            (operation.get("operationId"), path)
            for path, parts in items.items()
            for _, operation, _ in _operations(parts)
        ]
        count, on_path = Counter(given for given, _ in ids), Counter(ids)
        for path, parts in items.items():
            data = {key: value for item, _ in reversed(parts) for key, value in item.items()}
            shared = [
                (item.get("parameters") or [], join_pointer((*place, "parameters")), path)
                for item, place in reversed(parts)
            ]
            for method, operation, place in _operations(parts):
                inherited = {"security": security, "servers": data.get("servers"), **operation}
                given = operation.get("operationId")
                apart = ""
                if given and count[given] > 1:
                    apart = path if on_path[given, path] == 1 else without_id(method, path)
                one = self._operation((path, method, apart), inherited, place, shared)
                said = data.get("summary", ""), data.get("description", "")
                found.append(replace(one, path_summary=said[0], path_description=said[1]))
        return tuple(found)

    def _operation(
        self,
        route: tuple[str, str, str],
        data: dict[str, Any],
        at: Pointer,
        shared: list[tuple[Any, Pointer, str]],
    ) -> Operation:
        """`route`: path, method, and what tells it from others of its operationId; "" without."""
        path, method, apart = route
        given = data.get("operationId")
        identity = without_id(method, path) if apart or not given else given
        wanted = f"{given} {apart}" if apart else identity
        configured = self._client.operations.get(identity)
        name = (configured and configured.name) or field_name(wanted, RESERVED_METHODS)
        if given and apart:
            self.repeated.append(_repeated(given, identity, name, at))
        return Operation(
            paging=_paging(configured.pages) if configured and configured.pages else None,
            id=identity,
            name=name,
            method=method,
            path=path,
            summary=data.get("summary", ""),
            description=data.get("description", ""),
            deprecated=data.get("deprecated", False),
            tags=tuple(data.get("tags") or ()),
            parameters=self._parameters(
                *shared,
                (data.get("parameters") or [], join(at, "parameters"), identity),
            ),
            body=self._body(data, at, identity),
            responses=self._responses.lower(
                data.get("responses") or {}, join(at, "responses"), method, identity
            ),
            security=tuple(_requirement(r) for r in data.get("security") or ()),
            servers=lower_servers(
                data.get("servers") or [], join(at, "servers"), self._client.servers
            ),
            other=others(data, _OPERATION_KEYS),
            at=at,
        )

    def _parameters(self, *lists: tuple[list[Any], Pointer, str]) -> tuple[Parameter, ...]:
        """Those of the path, then those of the operation, which replace them by name and place.

        Each list comes with its place, and with what it belongs to.
        """
        found: dict[tuple[str, str], Parameter] = {}
        for items, at, owner in lists:
            for index, item in enumerate(items):
                data, pointer = self._parser.follow(item, join(at, index))
                if data["in"] != "header" or data["name"].lower() not in _NO_PARAMETERS:
                    one = self.parameter(data, data["in"], data["name"], pointer)
                    name = component_name(pointer) or nested_name(owner, data["name"])
                    found[data["in"], data["name"]] = replace(
                        one, type=with_enum_name(one.type, name)
                    )
        return _distinct(tuple(found.values()))

    def parameter(self, data: Mapping[str, Any], place: Any, wire: str, at: Pointer) -> Parameter:
        content = data.get("content") or {}
        schema, pointer = data.get("schema", {}), join(at, "schema")
        for media_type, value in content.items():
            schema, pointer = value.get("schema", {}), join(at, "content", media_type, "schema")
        return Parameter(
            wire=wire,
            name=parameter_name(wire, place),
            location=place,
            required=data.get("required", False),
            type=self._types.lower(Schema.of(schema, pointer), ""),
            description=data.get("description", ""),
            deprecated=data.get("deprecated", False),
            style=_style(content, data.get("style", _STYLES[place]), place),
            explode=data.get("explode", data.get("style", _STYLES[place]) in _EXPLODED),
            allow_reserved=data.get("allowReserved", False),
            examples=media_examples(data),
            other=others(data, _PARAMETER_KEYS),
            at=at,
        )

    def _body(self, data: Mapping[str, Any], at: Pointer, identity: str) -> Body | None:
        if "requestBody" not in data:
            return None
        body, pointer = self._parser.follow(data["requestBody"], join(at, "requestBody"))
        events = self._client.events is None or identity in self._client.events
        path = component_name(pointer) or class_name(identity, "Operation")
        return Body(
            required=body.get("required", False),
            contents=tuple(self._contents(body, pointer, path, event=events)),
            description=body.get("description", ""),
            other=others(body, _BODY_KEYS),
            at=pointer,
        )

    def _contents(
        self, data: Mapping[str, Any], at: Pointer, path: str, *, event: bool = False
    ) -> Iterator[Content]:
        for media_type, item in (data.get("content") or {}).items():
            value, pointer = self._parser.follow(item, join(at, "content", media_type))
            yield Content(
                media_type=media_type,
                type=self._body_type(value, pointer, path, event and can_be_json(media_type)),
                encodings=tuple(lower_encodings(value.get("encoding") or {})),
                examples=media_examples(value),
                other=others(value, _CONTENT_KEYS),
                at=pointer,
            )

    def _body_type(self, value: Mapping[str, Any], at: Pointer, path: str, event: bool) -> Type:
        """The type of a body; of a sequence, of which 3.2 describes one item, a list."""
        listed = "itemSchema" in value and "schema" not in value
        key = "itemSchema" if listed else "schema"
        schema = Schema.of(value.get(key, {}), join(at, key))
        found = self._types.lower(schema, path, event=event)
        return ArrayType(items=found, at=found.at) if listed else found


def _paging(said: PagesConfig) -> Paging:
    return Paging(
        items=split_pointer(said.items),
        next=None if said.next is None else split_pointer(said.next),
        link=said.link,
        parameter=said.parameter or "",
        counts=said.counts or "",
    )


def _repeated(given: str, identity: str, name: str, at: Pointer) -> Remark:
    return Remark(
        code="N107",
        about=f"the operation {identity}",
        message=f"is the method {name}: its operationId {given} is that of another, too",
        at=at,
        help=f'choose a name: [client.operations."{identity}"] name = "…"',
    )


def can_be_json(media_type: str) -> bool:
    """Whether a body of a media type may be an event, or events line by line."""
    bare = media_type.partition(";")[0].strip().lower()
    return bare.endswith(("json", "jsonl", "jsonlines")) or bare == "*/*"


def _style(content: Mapping[str, Any], style: str, place: str) -> str:
    """`content` is JSON; what cannot be written is a style of its media type, unknown to all."""
    bare = [media_type.partition(";")[0].strip().lower() for media_type in content]
    if not content or (place == "querystring" and bare == ["application/x-www-form-urlencoded"]):
        return style
    return "content" if all(each.endswith("json") for each in bare) else next(iter(content))


def _distinct(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Two parameters that would be one Python argument: the place tells them apart, then how they
    are spelled. One in the path has the plain name, then the one that is spelled so."""
    count = Counter(parameter.name for parameter in parameters)
    if len(count) == len(parameters):
        return parameters
    wishes = {
        (each.location, each.wire): Wish(
            name=each.name,
            rank=(each.location != "path", each.wire != each.name, _PLACES.index(each.location)),
            others=tuple(_arguments(each)) if count[each.name] > 1 else (),
        )
        for each in parameters
    }
    names = distinct(wishes)
    return tuple(replace(each, name=names[each.location, each.wire]) for each in parameters)


def _arguments(parameter: Parameter) -> Iterator[str]:
    yield f"{parameter.name}_{parameter.location}"
    for text in (parameter.wire, *spellings(parameter.wire)):
        yield field_name(text, RESERVED_ARGUMENTS)
    yield field_name(f"{list(spellings(parameter.wire))[-1]} {parameter.location}")


def _requirement(data: Mapping[str, list[str]]) -> Requirement:
    return tuple(sorted((key, tuple(scopes)) for key, scopes in data.items()))
