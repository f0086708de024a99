"""Keywords that the model has no place for: what does it mean that one changed?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...text.jsonvalues import Json
from ..findings import wirepath
from ..findings.wirepath import show
from ..pairing.place import Located, Place

_KINDS: Mapping[str, tuple[str, str]] = {
    "externalDocs": ("DOCS_INFO_CHANGED", "`externalDocs` changed"),
    "xml": ("DOCS_INFO_CHANGED", "`xml` changed"),
    "links": ("DOCS_INFO_CHANGED", "leads on to other operations"),
    "oneOf": ("DOCS_DESCRIPTION_CHANGED", "words about its values changed"),
    "contentEncoding": ("FORMAT_CHANGED", "is encoded otherwise"),
    "contentSchema": ("CONSTRAINT_CHANGED", "what the text holds is described otherwise"),
}
"""Keyword -> the kind of change and the phrase."""


def compare_keyword(place: Place, keyword: str, values: tuple[Json, Json], *of: Located) -> None:
    """Report a keyword that differs. What no rule knows is unclassified."""
    old, new = values
    if keyword in _KINDS:
        kind, phrase = _KINDS[keyword]
        place.report(kind, phrase, of[0], of[1], values=values)
    elif keyword == "contentMediaType":
        kind = "CONSTRAINT_CHANGED" if old and new else "DOCS_FORMAT_CHANGED"
        phrase = f"media type was {show(old)}, is {show(new)}"
        place.report(kind, phrase, of[0], of[1], values=values)
    elif keyword == "allowEmptyValue":
        kind = "CONSTRAINT_RELAXED" if new else "CONSTRAINT_TIGHTENED"
        phrase = "may be empty" if new else "may no longer be empty"
        if bool(old) != bool(new):
            place.report(kind, phrase, of[0], of[1], values=values)
    elif keyword == "encoding":
        _encoding(place, old or {}, new or {}, *of)
    else:
        unclassified(place, keyword, old, new, *of)


def unclassified(place: Place, what: str, old: Json, new: Json, *of: Located) -> None:
    """The fallback: it changed, and no rule knows what that means."""
    phrase = f"`{what}` changed from {show(old)} to {show(new)}, which no rule knows"
    place.report("UNCLASSIFIED", phrase, of[0], of[1], values=(old, new))


def _encoding(place: Place, old: Any, new: Any, *of: Located) -> None:
    """How the parts of a form are written."""
    for name in sorted(old.keys() | new.keys()):
        one, two = old.get(name, {}), new.get(name, {})
        here = place.below(wirepath.key(name))
        if _style(one) != _style(two):
            phrase = "is written in another style"
            here.report("ENCODING_CHANGED", phrase, of[0], of[1], values=(_style(one), _style(two)))
        _media_types(here, one.get("contentType"), two.get("contentType"), *of)
        if one.get("headers") != two.get("headers"):
            values = one.get("headers"), two.get("headers")
            phrase = "has other headers of its own"
            here.report("CONSTRAINT_CHANGED", phrase, of[0], of[1], values=values)


def _style(part: Mapping[str, Any]) -> list[Json]:
    style = part.get("style", "form")
    return [style, part.get("explode", style == "form"), part.get("allowReserved", False)]


def _media_types(place: Place, old: str | None, new: str | None, *of: Located) -> None:
    """Without one it follows from the part's type."""
    before, after = ({t.strip().lower() for t in (said or "").split(",")} for said in (old, new))
    if before == after:
        return
    kind = "ENCODING_CHANGED"
    if not (old and new):
        kind = "CONSTRAINT_CHANGED"
    elif before < after:
        kind = "CONSTRAINT_RELAXED"
    elif after < before:
        kind = "CONSTRAINT_TIGHTENED"
    phrase = f"media type was {show(old)}, is {show(new)}"
    place.report(kind, phrase, of[0], of[1], values=(old, new))
