"""The view of one builder: its fields, their checks, its JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...model.model import EnumType, Event, Field, Model, ObjectType
from ...python.quoting import Piece, fstring, fstrings, json_text, literal
from ...runtime.kinds import Kinds
from ...text.jsonvalues import Json
from .annotations import argument, attribute
from .encoding import Encoding
from .fields import absent, bare, default, doubt, has_null, is_defaulting, is_needed

_WIDTH = 76
"""What a line of `to_json_text` holds: Black's 88 without the indentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantView:
    """A key that always holds one value."""

    name: str
    value: Json
    annotation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """An attribute and the argument that sets it."""

    name: str
    wire: str
    annotation: str
    argument: str
    default: str
    """Source of the default; "" when the argument is needed."""
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteView:
    """A key that is not always in the JSON: the condition, and the text then added."""

    condition: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A builder."""

    name: str
    bases: str
    doc: str
    pointer: str
    shape: str
    """The variable that holds its Shape."""
    constants: tuple[ConstantView, ...]
    fields: tuple[FieldView, ...]
    attributes: tuple[str, ...]
    """Their names, `extra` last."""
    doubts: tuple[str, ...]
    """Conditions under any of which the arguments must be looked at closely; none: always."""
    parts: tuple[str, ...]
    """Expressions for the parts of its Shape, in the order in which they are written."""
    extra: str
    """The kind of its undeclared keys; "" when it takes none."""
    extra_annotation: str
    conditions: tuple[str, ...]
    defaulting: bool
    always: tuple[str, ...]
    """f-strings for what every such object writes."""
    sometimes: tuple[WriteView, ...]
    extra_text: str


class Classes:
    """Makes class views, and remembers what they need imported."""

    def __init__(self, model: Model, kinds: Kinds, events: Mapping[str, Event]) -> None:
        self._model = model
        self._kinds = kinds
        self._events = events
        self._encoding = Encoding(model)
        self.annotations: list[str] = []
        self.bases: set[str] = set()

    @property
    def used(self) -> set[str]:
        """The runtime functions and constants that the methods use."""
        return self._encoding.used

    def view(self, item: ObjectType) -> ClassView:
        # Constants and what is needed come first: their commas need no thought at run time.
        fixed = [field for field in item.fields if field.constant or is_needed(field)]
        other = [field for field in item.fields if not (field.constant or is_needed(field))]
        members = [field for field in (*fixed, *other) if not field.constant]
        order = {field.wire: index for index, field in enumerate(members)}
        shape = self._kinds.shape(item.name)
        extra = self._kinds.extra(item)
        view = ClassView(
            name=item.name,
            bases=self._bases(item, any(map(is_defaulting, members))),
            doc=item.notes.description or item.notes.title or item.name,
            pointer=item.at,
            shape=shape,
            constants=tuple(self._constant(field) for field in item.fields if field.constant),
            fields=tuple(map(self._field, members)),
            attributes=(*(field.name for field in members), *(("extra",) if extra else ())),
            doubts=self._doubts(members, bool(extra)),
            parts=tuple(map(self._part, (*fixed, *other))),
            extra=extra,
            extra_annotation=self._extra(item) if extra else "",
            conditions=tuple(self._kinds.conditions(item)),
            defaulting=any(map(is_defaulting, members)),
            always=fstrings(
                [
                    self._text(field, order, shape, lead="," if index else "{")
                    for index, field in enumerate(fixed)
                ],
                _WIDTH,
            ),
            sometimes=tuple(
                WriteView(condition=_written(field), text=fstring(self._text(field, order, shape)))
                for field in other
            ),
            extra_text=self._encoding.extra(item, shape) if extra else "",
        )
        self._kinds.define(item.name)
        return view

    def _bases(self, item: ObjectType, defaulting: bool) -> str:
        bases = ["EventBuilder"] if item.key in self._events else []
        bases += ["DefaultingBuilder"] if defaulting else []
        bases = bases or ["Builder"]
        self.bases.update(bases)
        return ", ".join(bases)

    def _doubts(self, members: list[Field], extra: bool) -> tuple[str, ...]:
        conditions = [doubt(self._model, field) for field in members]
        if "" in conditions:
            return ()
        text = " ".join(conditions)
        for name in ("UTC", "UNSET", "class_of"):
            if name in text:
                self._encoding.use(name)
        return (*conditions, *(("extra is not EMPTY",) if extra else ()))

    def _field(self, field: Field) -> FieldView:
        given = default(field)
        may_be_absent = not is_needed(field) and not given
        nothing = {"UNSET": "Unset", "None": "None"}[absent(field)] if may_be_absent else ""
        held = attribute(self._model, field.type, nothing)
        taken = argument(self._model, field.type, nothing)
        self.annotations += [held, taken]
        if "Unset" in f"{held} | {taken}".split(" | "):
            self._encoding.use("Unset")
        return FieldView(
            name=field.name,
            wire=field.wire,
            annotation=held,
            argument=taken,
            default=absent(field) if given or not is_needed(field) else "",
            doc=_doc(field),
        )

    def _part(self, field: Field) -> str:
        wire = literal(field.wire)
        if field.constant and isinstance(field.type, EnumType):
            return f"t.Constant({wire}, {literal(field.type.values[0])})"
        kind = self._kinds.kind(field.type)
        options = ", required=True" if is_needed(field) else ""
        if not is_needed(field) and absent(field) != "None":
            options = f", absent={self._encoding.use(absent(field))}"
        options += ", defaulted=True" if is_defaulting(field) else ""
        return f"t.Member({literal(field.name)}, {wire}, {kind}{options})"

    def _extra(self, item: ObjectType) -> str:
        held = "Any" if item.patterns else attribute(self._model, item.extra)
        self.annotations.append(held)
        self._encoding.use("EMPTY")
        self._encoding.use("undeclared")
        return f"Mapping[str, {held}]"

    def _constant(self, field: Field) -> ConstantView:
        assert isinstance(field.type, EnumType)
        annotation = attribute(self._model, field.type)
        self.annotations.append(annotation)
        return ConstantView(name=field.name, value=field.type.values[0], annotation=annotation)

    def _text(self, field: Field, order: Mapping[str, int], shape: str, lead: str = ",") -> Piece:
        if field.constant and isinstance(field.type, EnumType):
            return f"{lead}{json_text(field.wire)}:", "", json_text(field.type.values[0])
        return self._encoding.member(field, shape, order[field.wire], lead)


def _written(field: Field) -> str:
    if is_defaulting(field):
        return f"{literal(field.wire)} not in self.omitted"
    return f"_{field.name} is not {absent(field)}"


def _doc(field: Field) -> str:
    notes = bare(field.type).notes
    words = [notes.description.strip() or notes.title]
    if notes.deprecated:
        words.append("Deprecated.")
    if field.name != field.wire:
        words.append(f"JSON key: `{field.wire}`.")
    if has_null(field.type) and not is_needed(field):
        words.append("UNSET leaves it out; None sends null.")
    return "\n\n".join(word for word in words if word)
