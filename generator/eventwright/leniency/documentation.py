"""What is said for people alone: where it makes no sense, a client needs none of it."""

from __future__ import annotations

from ..document.walk import keywords
from ..validation.complaints import Complaint
from .edits import Edits

_ANNOTATIONS = frozenset(
    "description summary title example examples externalDocs contact license termsOfService xml "
    "links tags $comment".split()
)
_IN_PART = frozenset(("tags", "examples", "links"))
"""Of these one item or member is left out, not all."""


def both_examples(complaint: Complaint, edits: Edits) -> str:
    """`example` beside `examples`: the latter count."""
    holder = edits.value(complaint.place)
    if complaint.keyword != "not" or not isinstance(holder, dict):
        return ""
    if not holder.keys() >= {"example", "examples"}:
        return ""
    edits.remove((*complaint.place, "example"))
    return "`example` and `examples` are both here: `examples` count"


def malformed(complaint: Complaint, edits: Edits) -> str:
    """An annotation that is not as OpenAPI has it: left out."""
    place = complaint.place
    found = next((n for n in keywords(place) if place[n] in _ANNOTATIONS), None)
    if found is None:
        return ""
    if complaint.found.code not in ("E020", "E024", "E030"):
        return ""
    part = place[found] in _IN_PART and len(place) > found + 1
    at = place[: found + 2] if part else place[: found + 1]
    if edits.value(at) is None:
        return ""
    edits.remove(at)
    what = "this part of it" if part else "it"
    return f"`{place[found]}` is not as OpenAPI has it: {what} is left out"
