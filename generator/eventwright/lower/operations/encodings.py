"""The `encoding` of a form: how each of its properties is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model.model import Encoding

_STYLING = ("style", "explode", "allowReserved")


def lower_encodings(encodings: Mapping[str, Any]) -> Iterator[Encoding]:
    """One for each property that the document says something of.

    Where it says nothing of style, explode and allowReserved, the media type of the value decides
    (OpenAPI 3.1.1, Encoding Object).
    """
    for name, said in encodings.items():
        style = said.get("style", "form") if any(key in said for key in _STYLING) else ""
        yield Encoding(
            name=name,
            content_type=said.get("contentType", ""),
            style=style,
            explode=said.get("explode", style in ("", "form", "deepObject")),
            allow_reserved=said.get("allowReserved", False),
            headers=tuple(said.get("headers") or ()),
        )
