"""Texts in one spelling: patterns that say nothing, lengths that they imply, bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...model.model import AnyType, StringType, Type
from ...text.jsonvalues import Json
from ..values.patterns import lengths, says_nothing

_ENCODINGS = {"base64": "byte"}
"""`contentEncoding` of OpenAPI 3.1 -> `format` of 3.0."""
_BYTES = "application/octet-stream"
_FORMATS: Mapping[str, tuple[int, int]] = {"uuid": (36, 36), "date": (10, 10)}
"""Formats whose texts are all so long."""


def normal_string(node: StringType | AnyType) -> Type:
    """The same texts. What is encoded or of a media type is a text, whether or not it says so."""
    if node.notes.other:
        node = _content(node)
    if not isinstance(node, StringType):
        return node
    pattern = "" if node.pattern and says_nothing(node.pattern) else node.pattern
    least, most = lengths(pattern) if pattern else (0, None)
    of_format = _FORMATS.get(node.format, (0, None))
    least = max(least, of_format[0])
    ends = [each for each in (most, of_format[1]) if each is not None]
    low, high = node.min_length, node.max_length
    low = None if low is not None and low <= least else low
    high = None if high is not None and ends and high >= min(ends) else high
    if (pattern, low, high) == (node.pattern, node.min_length, node.max_length):
        return node
    return replace(node, pattern=pattern, min_length=low, max_length=high)


def _content(node: StringType | AnyType) -> StringType | AnyType:
    """`contentEncoding` and `contentMediaType` as the formats that they are in OpenAPI 3.0."""
    other = dict(node.notes.other)
    encoding, media_type = other.get("contentEncoding"), other.get("contentMediaType")
    given = node.format if isinstance(node, StringType) else ""
    said = _format(encoding, media_type, given)
    if said is None or node.assertions:
        return node
    other.pop("contentEncoding", None)
    if media_type == _BYTES:
        del other["contentMediaType"]
    notes = replace(node.notes, other=tuple(sorted(other.items())))
    if isinstance(node, StringType):
        return replace(node, format=said, notes=notes)
    return StringType(format=said, notes=notes, at=node.at)


def _format(encoding: Json, media_type: Json, given: str) -> str | None:
    """None: as given. An encoding says more than a media type."""
    if isinstance(encoding, str):
        name = _ENCODINGS.get(encoding.lower(), encoding.lower())
        return name if given in ("", "binary", name) else None
    binary = isinstance(media_type, str) and (given == "binary" or is_bytes(media_type))
    return "binary" if binary and given in ("", "binary") else None


def is_bytes(media_type: str) -> bool:
    """Whether what is of this media type is neither text nor made of parts.

    >>> is_bytes("image/png"), is_bytes("application/json")
    (True, False)
    """
    kind, _, rest = media_type.partition(";")[0].strip().lower().partition("/")
    return kind in ("image", "audio", "video", "font") or (
        kind == "application" and rest in ("octet-stream", "pdf", "zip", "gzip")
    )


def normal_bytes(node: Type, media_type: str) -> Type:
    """The whole of a body that is bytes: without a word, or as a text of format `binary`."""
    said = dict(node.notes.other)
    if said.get("contentMediaType") == media_type:
        del said["contentMediaType"]
        node = replace(node, notes=replace(node.notes, other=tuple(sorted(said.items()))))
    if isinstance(node, AnyType) and not node.assertions:
        return StringType(format="binary", at=node.at, notes=node.notes)
    plain = isinstance(node, StringType) and node == StringType(notes=node.notes)
    return replace(node, format="binary") if plain and isinstance(node, StringType) else node
