"""Media types: which bodies are JSON, and which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Content, Response


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    bare = essence(media_type)
    return bare in ("application/json", "text/json") or bare.endswith("+json")


def preferred(contents: Sequence[Content]) -> Content | None:
    """JSON where there is some, else the first."""
    first = contents[0] if contents else None
    return next((content for content in contents if is_json(content.media_type)), first)


def json_answer(response: Response) -> Content | None:
    """What an answer is read as, if that is JSON."""
    content = preferred(response.contents)
    return content if content and is_json(content.media_type) else None
