"""What its media type makes of a body: how it goes out, and what one that comes is read as."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from .model import (
    AnyType,
    ArrayType,
    Body,
    Content,
    EnumType,
    Model,
    NullableType,
    ObjectRef,
    ObjectType,
    Response,
    StringType,
    Type,
    UnionType,
)

ReadAs: TypeAlias = Literal["json", "text or json", "lines", "text", "bytes"]
_AS_JSON: tuple[ReadAs, ...] = ("json", "text or json")
Form: TypeAlias = Literal["json", "lines", "form", "multipart", "text", "bytes"]

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_LINES = frozenset(
    "application/x-ndjson application/ndjson application/jsonl application/x-jsonl "
    "application/jsonlines application/x-jsonlines application/json-lines "
    "application/json-seq application/geo+json-seq".split()
)
_JSON = frozenset({"application/json", "text/json", "application/x-json", "text/x-json"})
_JSON_RANGES = frozenset({"*/*", "*", "application/*", "application/*+json", "*/*+json"})
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ -~]*")


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    bare = essence(media_type)
    return bare in _JSON or bare.endswith("+json")


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


def read_as(content: Content) -> ReadAs:
    """JSON, lines of it, text, or what is neither.

    `*/*` and its like are JSON, as frameworks write them that answer in JSON by default; a text
    may come as itself there. Without a schema they may be anything.
    """
    if essence(content.media_type).startswith("text/") and not is_json(content.media_type):
        return "text"
    form = form_of(content)
    if form != "json":
        return "lines" if form == "lines" else "bytes"
    if is_json(content.media_type):
        return "json"
    if isinstance(content.type, AnyType):
        return "bytes"
    return "text or json" if _is_of_text(content.type) else "json"


def preferred(contents: Sequence[Content]) -> Content | None:
    """What an answer is asked for as: JSON where there is some, else the first."""
    for content in contents:
        if is_json(content.media_type):
            return content
    likely = (content for content in contents if read_as(content) in _AS_JSON)
    return next(likely, contents[0] if contents else None)


def json_answer(response: Response) -> Content | None:
    """What an answer is read as, if that is JSON."""
    content = preferred(response.contents)
    return content if content and read_as(content) in _AS_JSON else None


def answer_types(response: Response) -> Iterator[Type]:
    """The types that an answer is read as, if it is JSON or lines of it."""
    content = preferred(response.contents)
    if content and read_as(content) == "lines":
        yield item_type(content)
    elif content and read_as(content) in _AS_JSON:
        yield content.type


def _is_of_text(node: Type) -> bool:
    match node:
        case NullableType():
            return _is_of_text(node.inner)
        case EnumType():
            return all(isinstance(value, str) for value in node.values)
        case _:
            return isinstance(node, StringType)
