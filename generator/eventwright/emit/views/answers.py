"""The view of what an operation answers: the type of its data, and what reads each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...model.bodies import item_type, json_answer, preferred, read_as
from ...model.model import Model, ObjectRef, Operation, Response, Type
from ...model.paging import found_at, listed
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from ..declarations.annotations import attribute

_EMPTY = frozenset({"204", "205"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersView:
    """What comes back from an operation."""

    annotation: str
    """The type of the data of a success."""
    kept: str
    """The class of an answer whose body may be too large for memory: of files, or of lines where
    every success has such a body; "" for any other."""
    reads: tuple[tuple[str, str], ...]
    """For a status, as the document has it, the expression of what reads its body."""

    paging: str
    """The expression of how it is asked for more; "" where an answer is all there is."""
    item: str
    """The type of what its pages or lines list."""

    @property
    def returned(self) -> str:
        """The type of what a call returns."""
        if self.paging:
            return f"Pages[{self.annotation}, {self.item}]"
        return f"{self.kept or 'Answer'}{self._arguments}"

    @property
    def _arguments(self) -> str:
        if self.kept == "JsonLines":
            return f"[{self.item}]"
        return "" if self.kept else f"[{self.annotation}]"

    @property
    def async_returned(self) -> str:
        """The same of the async client."""
        return f"Async{self.returned}" if self.paging else self.returned


def answers_view(model: Model, operation: Operation, kinds: Kinds) -> AnswersView:
    """`kinds`: of the module that the expressions stand in."""
    responses = operation.responses
    held, kept = listed(model, operation), _kept(successes(responses))
    types = (data_type(model, each, kinds.within) for each in successes(responses))
    reads = ((each.status, _read(each, kinds)) for each in responses)
    return AnswersView(
        kept=kept,
        annotation="None" if operation.method == "HEAD" else union(types),
        reads=tuple((status, read) for status, read in reads if read),
        paging=_paging(model, operation) if held else "",
        item=_item(model, operation, kept, kinds.within),
    )


def successes(responses: Sequence[Response]) -> list[Response]:
    """The answers that say the request was accepted; `default` where no other does."""
    found = [response for response in responses if response.status[:1] == "2"]
    return found or [response for response in responses if response.status == "default"]


def data_type(model: Model, response: Response, within: str) -> str:
    """The type of the data of an answer."""
    content = preferred(response.contents)
    if content is None:
        return "None" if response.status in _EMPTY else "Any"
    match read_as(content):
        case "json" | "text or json":
            return attribute(model, content.type, within=within, answer=True)
        case "lines":
            item = attribute(model, item_type(content), within=within, answer=True)
            return f"tuple[{item}, ...]"
        case "text":
            return "str"
        case "bytes":
            return "bytes"


def _paging(model: Model, operation: Operation) -> str:
    said = operation.paging
    assert said
    answer = next(filter(None, map(json_answer, successes(operation.responses))))
    named: dict[str, Any] = {
        "items": _attributes(model, answer.type, said.items),
        "next": None if said.next is None else _attributes(model, answer.type, said.next),
        "link": said.link,
        "parameter": said.parameter,
        "counts": said.counts,
    }
    given = [f"{name}={literal(value)}" for name, value in named.items() if value]
    return f"pages.Paging({', '.join(given)})"


def _attributes(model: Model, node: Type, keys: Sequence[str]) -> tuple[str, ...]:
    """What keys in the body are in Python."""
    names: list[str] = []
    for index, key in enumerate(keys):
        owner = found_at(model, node, keys[:index])
        assert isinstance(owner, ObjectRef)
        item = model.objects[owner.key]
        found = next(field.name for field in item.fields if field.wire == key)
        names.append(found if item.name else key)
    return tuple(names)


def _item(model: Model, operation: Operation, kept: str, within: str) -> str:
    held = listed(model, operation)
    if held:
        return attribute(model, held.items, within=within, answer=True)
    found = [preferred(response.contents) for response in successes(operation.responses)]
    items = [item_type(content) for content in found if content and kept == "JsonLines"]
    return union(attribute(model, each, within=within, answer=True) for each in items)


def _kept(responses: Sequence[Response]) -> str:
    forms = [read_as(each) for response in responses if (each := preferred(response.contents))]
    if forms and {*forms} <= {"bytes", "lines"}:
        return "Download" if "bytes" in forms else "JsonLines"
    return ""


def union(types: Iterable[str]) -> str:
    """One annotation of several, each member once, None and Any last.

    Any stands for answers of which the document says nothing: of the others a type checker knows
    all the same.

    >>> union(["A | Unrecognized", "Any", "tuple[B | C, ...]", "D | Unrecognized"])
    'A | Unrecognized | tuple[B | C, ...] | D | Any'
    """
    members = [member for each in types for member in _members(each)]
    found = list(dict.fromkeys(members)) or ["Any"]
    return " | ".join(sorted(found, key=["None", "Any"].count))


def _members(annotation: str) -> Iterator[str]:
    depth, member = 0, ""
    for part in annotation.split(" | "):
        member = f"{member} | {part}" if depth else part
        depth += part.count("[") - part.count("]")
        if not depth:
            yield member


def _read(response: Response, kinds: Kinds) -> str:
    content = preferred(response.contents)
    if content is None:
        return ""
    match read_as(content):
        case "json":
            return f"c.JsonBody(lambda: {kinds.late(content.type)})"
        case "text or json":
            return f"c.TextOrJson(lambda: {kinds.late(content.type)})"
        case "lines":
            return f"json_lines.Lines(lambda: {kinds.late(item_type(content))})"
        case "text":
            return "c.text"
        case "bytes":
            return "c.octets"
