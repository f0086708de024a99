"""Media types: which bodies are JSON."""

from __future__ import annotations

_JSON = frozenset({"application/json", "text/json", "application/x-json", "text/x-json"})


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of a media type are JSON."""
    bare = essence(media_type)
    return bare in _JSON or bare.endswith("+json")
