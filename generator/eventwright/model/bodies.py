"""How a body goes out: what its media type makes of it, and what that is called on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from .media import essence, is_json
from .model import (
    AnyType,
    ArrayType,
    Body,
    Content,
    Model,
    NullableType,
    ObjectRef,
    ObjectType,
    StringType,
    Type,
    UnionType,
)

Form: TypeAlias = Literal["json", "lines", "form", "multipart", "text", "bytes"]

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_LINES = frozenset(
    "application/x-ndjson application/ndjson application/jsonl application/x-jsonl "
    "application/jsonlines application/x-jsonlines application/json-lines "
    "application/json-seq application/geo+json-seq".split()
)
_JSON_RANGES = frozenset({"*/*", "*", "application/*", "application/*+json", "*/*+json"})
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ -~]*")


def form_of(content: Content) -> Form:
    """What the bytes of a body are made of."""
    bare = essence(content.media_type)
    if bare == URLENCODED:
        return "form"
    if bare == MULTIPART:
        return "multipart"
    if bare in _LINES:
        return "lines"
    if is_json(bare):
        return "json"
    if bare in _JSON_RANGES or not _is_media_type(content):
        return "bytes" if is_file(content.type) else "json"
    if bare.startswith("text/") and not bare.endswith("xml"):
        return "text"
    return "bytes"


def sent_type(content: Content) -> str:
    """The Content-Type of a body; a range like `image/*` where the caller has to say."""
    bare = essence(content.media_type)
    if bare in (URLENCODED, MULTIPART):
        return bare
    if bare in _JSON_RANGES or not _is_media_type(content):
        json = form_of(content) == "json"
        return "application/json" if json else "application/octet-stream"
    return "text/plain" if bare == "text/*" else content.media_type.strip()


def charset(media_type: str) -> str:
    """What a media type says of its text; "" for nothing."""
    found = re.search(r';\s*charset\s*=\s*"?([\w.:-]+)', media_type, re.IGNORECASE)
    return found[1].lower() if found else ""


def item_type(content: Content) -> Type:
    """The type of one item of a body that is a list, line by line."""
    return content.type.items if isinstance(content.type, ArrayType) else content.type


def fields_of(model: Model, content: Content) -> ObjectType | None:
    """The object whose declared keys are the fields of a form; None where there are none."""
    node = content.type
    if form_of(content) not in ("form", "multipart") or not isinstance(node, ObjectRef):
        return None
    item = model.objects[node.key]
    return item if item.fields else None


def is_file(node: Type) -> bool:
    """Whether a type is that of a file: of bytes, rather than of text."""
    match node:
        case NullableType():
            return is_file(node.inner)
        case UnionType():
            return any(map(is_file, node.arms))
        case StringType():
            return node.format == "binary" or _is_of_bytes(node)
        case AnyType():
            return _is_of_bytes(node)
        case _:
            return False


def _is_of_bytes(node: Type) -> bool:
    said = dict(node.notes.other)
    return "contentMediaType" in said and "contentEncoding" not in said


def classed(model: Model, body: Body | None) -> Iterator[Type]:
    """The types of a body that are made of classes."""
    for content in body.contents if body else ():
        match form_of(content):
            case "json":
                yield content.type
            case "lines":
                yield item_type(content)
            case "form" | "multipart":
                item = fields_of(model, content)
                if item:
                    yield from (field.type for field in item.fields)
            case _:
                pass


def _is_media_type(content: Content) -> bool:
    return bool(_MEDIA_TYPE.fullmatch(content.media_type.strip()))
