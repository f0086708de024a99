"""The view of an operation: a method of the clients, and the constants it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model.bodies import essence, is_json, preferred
from ...model.model import Model, Operation, Response
from ...model.reachable import holds_events
from ...model.supported import server_problem
from ...python.naming import Distinct, constant_name
from ...runtime.kinds import Kinds
from ..declarations.fields import words
from ..requests.bodies import Bodies, BodyView
from ..requests.credentials import security
from ..requests.forms import FieldView
from ..requests.parameters import Parameters, ParameterView, SwitchView, switch_view
from .answers import AnswersView, answers_view
from .errors import declared_errors


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
    declared: str
    """The variable that holds its Parameters."""
    pages: str
    """The variable that says how it is asked for more."""
    method: str
    """The method of HTTP."""
    path: str
    """As the document has it."""
    doc: str
    deprecated: bool
    """Whether the document says so."""
    body: BodyView | None
    holds_events: bool
    """Whether its body is an event, or holds some."""
    parameters: tuple[ParameterView, ...]
    switches: tuple[SwitchView, ...]
    idempotency: str
    """The header that has a new key for each call; "" for none."""
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
        return self.body is not None and self.body.takes_event

    @property
    def path_parameters(self) -> tuple[ParameterView, ...]:
        """Those in the path, in its order: arguments that may be given by their place."""
        found = [each for each in self.parameters if each.in_path]
        return tuple(sorted(found, key=lambda each: self.path.find(f"{{{each.wire}}}")))

    @property
    def other_parameters(self) -> tuple[ParameterView, ...]:
        """All others: arguments by keyword."""
        return tuple(each for each in self.parameters if not each.in_path)

    @property
    def fields(self) -> tuple[FieldView, ...]:
        """Those of a form that is its body: arguments by keyword."""
        return self.body.fields if self.body else ()

    @property
    def declared_errors(self) -> tuple[str, ...]:
        """The errors with a class of their own that the document has for it."""
        return declared_errors(self.documented)

    @property
    def checked(self) -> str:
        """What is checked when it is called, in words; "" for nothing."""
        words = {"a parameter": self.parameters, "a field": self.fields}
        return " or ".join(word for word, found in words.items() if found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What all modules of operations know of the events.

    `events`: the class names of all, which `Event` stands for; `names`: everything that can be
    imported.
    """

    model: Model
    events: frozenset[str]
    names: frozenset[str]
    filled: bool = False
    """Whether clients fill in keys that events lack."""


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
        self._in_front = constants
        fill = ("self._client._fill" if group else "self._fill") if around.filled else ""
        self._bodies = Bodies(model, kinds, around.events, constants, fill)
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
        endpoint = constants.of((item.name, ""), "")
        body = self._bodies.view(item, constants, endpoint)
        return OperationView(
            name=item.name,
            called=f"{self._group}.{item.name}" if self._group else item.name,
            constants=self._in_front,
            endpoint=endpoint,
            pages=constants.of((item.name, "pages"), f"{endpoint}_PAGES"),
            declared=constants.of((item.name, "parameters"), f"{endpoint}_PARAMETERS"),
            method=item.method,
            path=item.path,
            doc=_words(item),
            deprecated=item.deprecated,
            body=body,
            holds_events=any(
                holds_events(self._model, each.type)
                for each in (item.body.contents if item.body else ())
            ),
            parameters=tuple(
                self._parameters.view(p, item.idempotency) for p in item.parameters if not p.switch
            ),
            switches=tuple(switch_view(p) for p in item.parameters if p.switch),
            idempotency=item.idempotency,
            errors=_errors(item.responses),
            documented=tuple(response.status for response in item.responses),
            json_statuses=_json_statuses(item.responses),
            answers=answers_view(self._model, item, self._kinds),
            accept=_accept(item.responses),
            security=security(self._model, item),
            servers=tuple(server.url for server in item.servers if not server_problem(server)),
            pointer=item.at,
        )


_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")


def _words(item: Operation) -> str:
    """What is said of an operation, or else what it asks for."""
    said = "\n\n".join(filter(None, (item.summary, item.description)))
    return words(said or f"{item.method} {item.path}", deprecated=item.deprecated)


def _constants(taken: Iterable[str], operations: Sequence[Operation]) -> Distinct:
    """The names of the module of operations; those of the endpoints come first."""
    constants = Distinct("FILL", "SERVER_TEMPLATES", *taken)
    for item in operations:
        constants.of((item.name, ""), constant_name(item.name))
    return constants


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
