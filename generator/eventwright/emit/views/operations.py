"""The view of an operation: a method of the clients, and the constants it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model.media import essence, is_json, preferred
from ...model.model import Content, Model, ObjectRef, Operation, Response, Type, UnionType
from ...model.supported import server_problem
from ...python.naming import Distinct, constant_name
from ...runtime.kinds import Kinds
from ..declarations.annotations import argument
from .answers import AnswersView, answers_view
from .credentials import security
from .parameters import Parameters, ParameterView, SwitchView, switch_view


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """A method of the clients."""

    name: str
    called: str
    """How it is called, behind the name of the client: `orders.create_order`."""
    constants: str
    """What stands in front of the variables that it refers to: "api.", or nothing."""
    endpoint: str
    """The variable that holds its Endpoint."""
    constant: str
    """The variable that holds what its body may be."""
    declared: str
    """The variable that holds its Parameters."""
    method: str
    """The method of HTTP."""
    path: str
    """As the document has it."""
    doc: str
    body: str
    """The annotation of the body's argument; "" when there is none."""
    body_name: str
    """`event` where it takes any event, else `body`."""
    body_needed: bool
    """Whether every call has to give it."""
    body_kind: str
    """"event": a builder; "json": any JSON, checked by the kind; "bytes": sent as it is."""
    kind: str
    """The expression of the kind of a JSON body."""
    body_expression: str
    """Source of the body's bytes."""
    media_type: str
    """Of the body; "" when there is none."""
    accepted: tuple[str, ...]
    """The builders the body may be."""
    parameters: tuple[ParameterView, ...]
    switches: tuple[SwitchView, ...]
    errors: tuple[tuple[int, tuple[str, ...]], ...]
    """Status, and the keys that lead to the error texts in its body."""
    documented: tuple[str, ...]
    """The statuses that the document knows."""
    json_statuses: tuple[str, ...]
    """The documented successes whose body is JSON and nothing else."""
    answers: AnswersView
    accept: str
    """The value of the Accept header: what successes bring, JSON first; "" for nothing."""
    security: tuple[tuple[str, ...], ...]
    """The keys of the security schemes of each way to be let in."""
    servers: tuple[str, ...]
    """The URLs of its own servers."""
    pointer: str

    @property
    def takes_event(self) -> bool:
        """Whether its body is an event, whichever."""
        return self.body_name == "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What all modules of operations know of the events.

    `events`: the class names of all, which `Event` stands for; `names`: everything that can be
    imported.
    """

    model: Model
    events: frozenset[str]
    names: frozenset[str]


def declared(model: Model, events: Iterable[str]) -> Declared:
    classes = (item.name for item in model.objects.values())
    enums = (name for each in model.enums.values() for name in (each.name, each.values_name))
    names = frozenset({"Event", *classes, *enums})
    return Declared(model=model, events=frozenset(events), names=names)


class Operations:
    """Makes the views of operations that stand in one module."""

    def __init__(self, around: Declared, kinds: Kinds, constants: str, group: str) -> None:
        """See `methods_view`."""
        self._group = group
        model = around.model
        self._model = model
        self._kinds = kinds
        self._taken = around.names
        self._everything = around.events
        self._any_event = frozenset(f"{kinds.within}{name}" for name in around.events)
        self._in_front = constants
        self._parameters = Parameters(model, kinds.within)

    @property
    def shared(self) -> dict[str, str]:
        """Variable -> expression of each recursive kind."""
        return {**self._parameters.shared, **self._kinds.shared}

    @property
    def values(self) -> set[str]:
        """The constants with the values of enums that expressions name."""
        return self._parameters.values | self._kinds.values

    def views(self, operations: Sequence[Operation]) -> tuple[OperationView, ...]:
        """One for each operation; no two refer to one constant."""
        constants = _constants(self._taken, operations)
        return tuple(self._view(item, constants) for item in operations)

    def _view(self, item: Operation, constants: Distinct) -> OperationView:
        content = preferred(item.body.contents) if item.body else None
        builders = _builders(self._model, content.type) if content else ()
        kind = _body_kind(content, builders)
        body_name = "event" if builders and set(builders) <= self._everything else "body"
        endpoint = constants.of((item.name, ""), "")
        constant = constants.of((item.name, kind), f"{endpoint}_{_SUFFIXES[kind]}")
        needed = bool(item.body and item.body.required)
        return OperationView(
            name=item.name,
            called=f"{self._group}.{item.name}" if self._group else item.name,
            constants=self._in_front,
            endpoint=endpoint,
            constant=constant,
            declared=constants.of((item.name, "parameters"), f"{endpoint}_PARAMETERS"),
            method=item.method,
            path=item.path,
            doc="\n\n".join(filter(None, (item.summary, item.description))) or item.id,
            body=self._annotation(content, builders, needed) if content else "",
            body_name=body_name,
            body_needed=needed,
            body_kind=kind,
            kind=self._kinds.kind(content.type) if content and kind == "json" else "",
            body_expression=_EXPRESSIONS[kind].format(body_name, self._in_front + constant),
            media_type=content.media_type if content else "",
            accepted=builders,
            parameters=tuple(self._parameters.view(p) for p in item.parameters if not p.switch),
            switches=tuple(switch_view(p) for p in item.parameters if p.switch),
            errors=_errors(item.responses),
            documented=tuple(response.status for response in item.responses),
            json_statuses=_json_statuses(item.responses),
            answers=answers_view(self._model, item.responses, self._kinds),
            accept=_accept(item.responses),
            security=security(self._model, item),
            servers=tuple(server.url for server in item.servers if not server_problem(server)),
            pointer=item.at,
        )

    def _annotation(self, content: Content, builders: tuple[str, ...], needed: bool) -> str:
        nothing = "" if needed else "None"
        within = self._kinds.within
        if builders:
            names = ["Event"] if set(builders) == self._everything else builders
            annotation = " | ".join(f"{within}{name}" for name in names)
        elif is_json(content.media_type):
            return argument(
                self._model, content.type, nothing, within=within, events=self._any_event
            )
        else:
            annotation = "bytes"
        return f"{annotation} | None" if nothing else annotation


_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_SUFFIXES = {"event": "BODIES", "json": "BODY", "bytes": "BODY"}
_EXPRESSIONS = {
    "event": "event_body({0}, {1})",
    "json": "json_body({0}, {1})",
    "bytes": "{0}",
}


def _constants(taken: Iterable[str], operations: Sequence[Operation]) -> Distinct:
    """The names of the module of operations; those of the endpoints come first."""
    constants = Distinct(*taken)
    for item in operations:
        constants.of((item.name, ""), constant_name(item.name))
    return constants


def _body_kind(content: Content | None, builders: tuple[str, ...]) -> str:
    if builders:
        return "event"
    return "json" if content and is_json(content.media_type) else "bytes"


def _builders(model: Model, node: Type) -> tuple[str, ...]:
    """The class names when every value of a type has a builder; otherwise none."""
    arms = node.arms if isinstance(node, UnionType) else (node,)
    names = [model.objects[arm.key].name if isinstance(arm, ObjectRef) else "" for arm in arms]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def _errors(responses: tuple[Response, ...]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((int(r.status), r.errors) for r in responses if r.errors and r.status.isdigit())


def _successes(responses: tuple[Response, ...]) -> list[Response]:
    return [r for r in responses if r.status[:1] == "2" or r.status == "default"]


def _json_statuses(responses: tuple[Response, ...]) -> tuple[str, ...]:
    with_body = [r for r in _successes(responses) if r.contents]
    return tuple(
        r.status for r in with_body if all(is_json(each.media_type) for each in r.contents)
    )


def _accept(responses: tuple[Response, ...]) -> str:
    """What the data is read from, JSON first; a server may choose among what is asked for."""
    contents = [preferred(response.contents) for response in _successes(responses)]
    found = [essence(content.media_type) for content in contents if content]
    sound = [kind for kind in found if _MEDIA_TYPE.fullmatch(kind)]
    return ", ".join(dict.fromkeys(sorted(sound, key=lambda kind: not is_json(kind))))
