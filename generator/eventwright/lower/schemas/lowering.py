"""What lowering one schema asks of lowering those in it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ...model.model import Assertion, ObjectRef, ObjectType, Type
from ...schema.parse import Parser
from ...schema.schema import Flat, Group, Schema
from ...text.pointers import Pointer
from ..names.armnames import ArmNames
from ..names.events import Events
from ..names.names import Names
from ..names.nonevents import NonEvents
from .impliedtypes import ImpliedTypes
from .limits import MAX_DEPTH, TooDeep
from .unread import Unread
from .unsatisfiable import Unsatisfiable


class Lowering(ABC):
    """What was found so far, where lowering stands, and how it goes on.

    Objects and unions are lowered by modules of their own; what they hold is lowered by this.
    """

    def __init__(
        self, parser: Parser, names: Names, implied_types: ImpliedTypes, unread: Unread | None
    ) -> None:
        self.parser = parser
        self.unread = unread
        self.names = names
        self.implied_types = implied_types
        self.objects: dict[str, ObjectType] = {}
        self.aliases: dict[str, Type] = {}
        self.events = Events()
        self.nonevents = NonEvents(parser)
        self.arm_names = ArmNames(parser, names.configured)
        self.unsatisfiable = Unsatisfiable()
        self.open: set[str] = set()
        """The keys of the schemas that the one being lowered is inside of, objects aside."""
        self.depth = 0
        """How many of them there are below the last class."""
        self.tested = False
        """Whether the schema being lowered is a condition, or in one."""
        self.exact = False
        """Whether the schema being lowered is a condition, or in one: then it implies nothing."""

    def begin(self, outside: frozenset[str], depth: int, *, exact: bool) -> None:
        """What is lowered next stands in the schemas `outside`, whatever came before it."""
        self.open, self.depth, self.exact, self.tested = set(outside), depth, exact, False

    def descend(self, at: Pointer) -> None:
        """One level deeper. Raises TooDeep."""
        if self.depth >= MAX_DEPTH:
            raise TooDeep(at)
        self.depth += 1

    @abstractmethod
    def lower(self, schema: Schema, path: str, *, event: bool = False, only: str = "") -> Type:
        """`path` is the class name an inline object would get; "" leaves it without a class.

        `event`: this is the whole of a request's body, so its constants tell events apart.
        `only`: the one JSON type that values are of here, whatever the schema says.
        """

    @abstractmethod
    def lower_condition(self, schema: Schema, types: frozenset[str] | None = None) -> Type:
        """The same where values are not described but tested: nothing is implied.

        `types`: what a value is known to be where the condition stands.
        """

    @abstractmethod
    def lower_flat(self, flat: Flat, path: str, *, event: bool = False) -> Type:
        """The same for keywords already merged. A schema inside itself becomes an AliasRef."""

    @abstractmethod
    def lower_object(self, flat: Flat, path: str, *, literal: str = "") -> ObjectRef:
        """An object; `literal` when it is an event."""

    @abstractmethod
    def assertions(self, flat: Flat) -> tuple[Assertion, ...]:
        """The conditions that no type expresses."""

    @abstractmethod
    def assertion(self, group: Group, types: frozenset[str] | None) -> Assertion:
        """One of them, where values are of one of `types`; None: of any."""
