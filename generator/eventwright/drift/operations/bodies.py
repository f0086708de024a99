"""Bodies: media types, and whether there has to be one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ...model.model import Body, Content, Operation, Response
from ..pairing.place import Located, Place
from ..schemas import notes
from ..schemas.types import TABLES, Comparer, compare_fields
from .contents import Contents
from .parameters import compare_headers

Each = TypeVar("Each")
_NO_BODY = Body(required=False, contents=())


def compare_bodies(place: Place, old: Operation, new: Operation, contents: Contents) -> None:
    """The request bodies of two operations."""
    before, after = old.body or _NO_BODY, new.body or _NO_BODY
    if before.required != after.required and (new.body or not before.required):
        _required(place, before, after, old, new)
    notes.words(place, "description of the body", before.description, after.description,
                before if old.body else old, after if new.body else new)  # fmt: skip
    notes.others(place, before.other, after.other,
                 before if old.body else old, after if new.body else new)  # fmt: skip
    first = not before.contents and after.required
    compare_contents(place, before.contents, after.contents, contents, (old, new), quiet=first)


def _required(place: Place, old: Body, new: Body, *of: Located) -> None:
    values = (old.required, new.required)
    phrase = "became required" if new.required else "became optional"
    if place.side == "response":  # of a webhook: others send it to us
        kind = "PROPERTY_BECAME_REQUIRED" if new.required else "PROPERTY_BECAME_OPTIONAL"
    else:
        kind = "REQ_BODY_BECAME_REQUIRED" if new.required else "REQ_BODY_BECAME_OPTIONAL"
    place.report(kind, phrase, of[0], of[1], values=values)


def compare_contents(
    place: Place,
    old: Sequence[Content],
    new: Sequence[Content],
    contents: Contents,
    where: Sequence[Located],
    *,
    quiet: bool = False,
) -> None:
    """By media type. `quiet`: that there is something now has been said."""
    before, after = _by_media_type(old), _by_media_type(new)
    for media_type in (*before, *(each for each in after if each not in before)):
        one = before.get(media_type) or _covering(before, _wider(media_type))
        two = after.get(media_type) or _covering(after, _wider(media_type))
        if one and two:
            contents.compare(place, one, two)
            compare_fields(place, one, two)
        elif one:
            phrase = f"no longer comes as {media_type}"
            if place.side == "request":
                phrase = f"is no longer accepted as {media_type}"
            place.report("MEDIA_TYPE_REMOVED", phrase, one, where[1], values=(media_type, None))
        elif two and not quiet:
            phrase = f"may be {media_type} as well"
            place.report("MEDIA_TYPE_ADDED", phrase, where[0], two, values=(None, media_type))


def _by_media_type(contents: Sequence[Content]) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for content in contents:
        found.setdefault(_media_type(content), content)
    return found


def _covering(known: Mapping[str, Each], wider: Sequence[str]) -> Each | None:
    """What is said of a range that a media type or a status is in."""
    return next((known[name] for name in wider if name in known), None)


def _wider(media_type: str) -> tuple[str, ...]:
    name = media_type.partition(";")[0]
    ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
    return tuple(each for each in ranges if each != media_type)


def _media_type(content: Content) -> str:
    """`Application/JSON; charset=utf-8` in one spelling: JSON is written in no other."""
    parts = [part.strip() for part in content.media_type.split(";")]
    name = parts[0].lower()
    json = name == "application/json" or name.endswith("+json")
    said = (part for part in parts[1:] if part)
    rest = [part for part in said if not (json and part.lower().startswith("charset"))]
    return "; ".join([name, *sorted(rest)])


def compare_responses(place: Place, old: Operation, new: Operation, contents: Contents) -> None:
    """The answers, by status."""
    before = {response.status.upper(): response for response in old.responses}
    after = {response.status.upper(): response for response in new.responses}
    for status in (*before, *(each for each in after if each not in before)):
        one = before.get(status) or _covering(before, (f"{status[0]}XX",))
        two = after.get(status) or _covering(after, (f"{status[0]}XX",))
        name = (before.get(status) or after[status]).status
        here = place.below(f".response.{name}")
        if one and two:
            compare_fields(here, one, two)
            compare_headers(here, one.headers, two.headers, one, two)
            compare_contents(here, one.contents, two.contents, contents, (one, two))
        elif one:
            phrase = "is no longer documented"
            here.report("RESP_STATUS_REMOVED", phrase, one, new, values=(name, None))
        elif two:
            here.report("RESP_STATUS_ADDED", "is a new answer", old, two, values=(None, name))


def _elsewhere(place: Place, old: object, new: object) -> bool:
    """Compared by the functions above."""
    return True


def _description(place: Place, old: Response, new: Response) -> bool:
    notes.words(place, "description", old.description, new.description, old, new)
    return True


def _examples(place: Place, old: Content, new: Content) -> bool:
    notes.examples(place, old.examples, new.examples, old, new)
    return True


def _other(place: Place, old: Content | Response, new: Content | Response) -> bool:
    notes.others(place, old.other, new.other, old, new)
    return True


_CONTENT: Mapping[tuple[str, ...], Comparer] = {
    ("media_type", "type"): _elsewhere,
    ("examples",): _examples,
    ("other",): _other,
}
_RESPONSE: Mapping[tuple[str, ...], Comparer] = {
    # Where the error texts are follows from the body, or is the configuration's affair.
    ("status", "contents", "headers", "errors"): _elsewhere,
    ("description",): _description,
    ("other",): _other,
}
_BODY: Mapping[tuple[str, ...], Comparer] = {
    ("required", "contents", "description", "other"): _elsewhere
}
TABLES[Content] = _CONTENT
TABLES[Response] = _RESPONSE
TABLES[Body] = _BODY
