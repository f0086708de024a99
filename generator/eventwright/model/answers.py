"""What the bodies of answers are read as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from .bodies import form_of
from .media import essence, is_json
from .model import AnyType, Content, EnumType, NullableType, Response, StringType, Type

ReadAs: TypeAlias = Literal["json", "text or json", "text", "bytes"]


def read_as(content: Content) -> ReadAs:
    """JSON, text, or what is neither.

    `*/*` and its like are JSON, as frameworks write them that answer in JSON by default; a text
    may come as itself there. Without a schema they may be anything.
    """
    if essence(content.media_type).startswith("text/") and not is_json(content.media_type):
        return "text"
    if form_of(content) != "json":
        return "bytes"
    if is_json(content.media_type):
        return "json"
    if isinstance(content.type, AnyType):
        return "bytes"
    return "text or json" if _is_text(content.type) else "json"


def preferred(contents: Sequence[Content]) -> Content | None:
    """What an answer is asked for as: JSON where there is some, else the first."""
    for content in contents:
        if is_json(content.media_type):
            return content
    likely = (content for content in contents if read_as(content) in ("json", "text or json"))
    return next(likely, contents[0] if contents else None)


def json_answer(response: Response) -> Content | None:
    """What an answer is read as, if that is JSON."""
    content = preferred(response.contents)
    return content if content and read_as(content) in ("json", "text or json") else None


def _is_text(node: Type) -> bool:
    match node:
        case NullableType():
            return _is_text(node.inner)
        case EnumType():
            return all(isinstance(value, str) for value in node.values)
        case _:
            return isinstance(node, StringType)
