"""Fields of forms: values by their names, checked by their kinds, and the texts they become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..kinds.base import Kind
from ..values.jsontext import dumps
from .parameters import deep, plain_text

Text = Callable[[str], str]
_DELIMITERS = {"form": (",", ","), "spaceDelimited": (" ", "%20")}
_DELIMITERS["pipeDelimited"] = ("|", "%7C")


@dataclass(frozen=True, slots=True)
class Field:
    """What the document says of a field of a form.

    Attributes:
        name: on the wire.
        kind: what values it takes; None: files alone.
        required: it cannot be left out.
        style: how lists and objects are written, as with parameters in a query; empty: a list as
            a field for each item, an object as JSON.
        explode: each member of a list or object is a field of its own.
        reserved: the reserved characters of URLs go as they are (`allowReserved`).
        media_type: of its values (`contentType`); empty: by what they are.
        file: it takes files.
        many: of these several, as a list.
    """

    name: str
    kind: Kind | None = None
    required: bool = False
    style: str = ""
    explode: bool = True
    reserved: bool = False
    media_type: str = ""
    file: bool = False
    many: bool = False


def texts(field: Field, value: Any, text: Text) -> Iterator[tuple[str, str]]:
    """Name and text of each field that a JSON value becomes; `text` encodes what is in them."""
    name = text(field.name)
    if not field.style:
        for item in _items(field, value):
            yield name, text(content_text(item, field.media_type))
    elif field.style == "deepObject":
        for path, item in deep(field.name, value):
            yield text(path), text(_plain(item))
    elif not isinstance(value, (dict, list)):
        yield name, text(_plain(value))
    elif not field.explode:
        yield name, _joined(field, value, text)
    elif isinstance(value, dict):
        for key, item in _pairs(value):
            yield text(key), text(_plain(item))
    else:
        for item in _listed(value):
            yield name, text(_plain(item))


def _items(field: Field, value: Any) -> list[Any]:
    """A list is a field for each item, unless it is to be JSON and its items would not be."""
    if not isinstance(value, list):
        return [value]
    listed = _listed(value)
    plain = not any(isinstance(item, (dict, list)) for item in listed)
    return [listed] if is_json(field.media_type) and plain else listed


def _joined(field: Field, value: Any, text: Text) -> str:
    parts = _listed(value) if isinstance(value, list) else _flat(value)
    plain, encoded = _DELIMITERS[field.style]
    separator = plain if text(" ") == " " else encoded
    return separator.join(text(_plain(part)) for part in parts)


def _flat(value: Any) -> list[Any]:
    return [part for pair in _pairs(value) for part in pair]


def content_text(value: Any, media_type: str = "") -> str:
    """A value as the text of its media type: JSON, or a plain value as it is."""
    structured = isinstance(value, (dict, list))
    return dumps(value) if structured or is_json(media_type) else _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return dumps(value) if isinstance(value, (dict, list)) else plain_text(value)


def _listed(value: Any) -> list[Any]:
    return [*value]


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return [(str(key), item) for key, item in value.items()]


def is_json(media_type: str) -> bool:
    """Whether a value of a media type is written as JSON."""
    bare = media_type.partition(";")[0].strip().lower()
    return bare == "application/json" or bare.endswith("+json")
