"""Where something stands in a document, in words that can be part of a class name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...model.model import Model
from ...python.distinct import spellings
from ...python.naming import class_name
from ...text.pointers import Pointer, join, split_pointer

_SILENT = frozenset(
    "components schemas paths webhooks content schema properties requestBody requestBodies "
    "responses oneOf anyOf allOf items".split()
)
_JSON = "json"


class Places:
    """The operations and components of a model, as what stands in them is called after them.

    `named`: the final class names of components, by their pointers.
    """

    def __init__(self, model: Model, named: Mapping[Pointer, str]) -> None:
        self._named = named
        every = (*model.operations, *model.webhooks)
        self._operations = {each.at: class_name(each.id, "Operation") for each in every}

    def within(self, name: str, at: Pointer) -> Iterator[str]:
        """Names for what stands at a place and would be called `name`, the shortest first."""
        around, media = self.around(at), class_name(_media(at), "Media")
        rest = name.removeprefix(around).removeprefix(self._plain(at))
        yield f"{around}{rest}"
        if "requestBody" in split_pointer(at)[:4] and is_json_place(at):
            yield f"{around}Body{rest}"
        if media:
            yield f"{around}{media}{rest}"
        tokens = [token for token in split_pointer(at) if token not in _SILENT]
        yield class_name(" ".join(tokens), "Object")
        yield class_name(list(spellings(at))[-1], "Object")

    def _plain(self, at: Pointer) -> str:
        """What the component would be called, whatever beside it is called so."""
        tokens = split_pointer(at)
        return class_name(tokens[2], "Object") if tokens[:1] == ("components",) else ""

    def around(self, at: Pointer) -> str:
        """The component or operation that something stands in, "" for none."""
        tokens = split_pointer(at)
        if tokens[:1] == ("components",):
            component = join("", *tokens[:3])
            return self._named.get(component) or class_name(tokens[2], "Object")
        return self._operations.get(join("", *tokens[:3]), "")


def is_json_place(at: Pointer) -> bool:
    """Whether something stands in JSON, or in a place of no media type."""
    return _media(at) in ("", _JSON)


def _media(at: Pointer) -> str:
    """The subtype of the media type that something stands in: `form-data`, "" for none."""
    tokens = split_pointer(at)
    if "content" not in tokens[:-1]:
        return ""
    media_type = tokens[tokens.index("content") + 1]
    return media_type.partition(";")[0].rpartition("/")[2].strip().lower()
