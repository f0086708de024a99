"""The view of one builder: its keys, what they hold, and the arguments of its constructor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ...model.model import EnumType, Event, Field, Model, NeverType, ObjectRef, ObjectType
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from .annotations import argument, attribute
from .fields import absent, bare, class_words, default, has_null, is_defaulting, is_needed, words


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A declared key: an attribute, or a constant."""

    name: str
    annotation: str
    """Its type, its kind, and its wire name where that is another."""
    default: str
    """Source of the default or the constant; "" where there is none."""
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentView:
    """An argument of the constructor."""

    name: str
    annotation: str
    default: str
    """Source of the default; "" when the argument is needed."""
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A builder."""

    name: str
    bases: str
    """Source of its bases."""
    doc: str
    """The words of the document; "" where it has none but the name."""
    pointer: str
    keys: tuple[KeyView, ...]
    """In the order in which they are written; `extra` last."""
    arguments: tuple[ArgumentView, ...]
    conditions: tuple[str, ...]
    """What the whole must meet."""


class Classes:
    """Makes class views."""

    def __init__(
        self,
        model: Model,
        kinds: Kinds,
        events: Mapping[str, Event],
        answers: Collection[str] = frozenset(),
    ) -> None:
        """`answers`: the names of the classes that come with answers."""
        self._model = model
        self._answers = answers
        self._kinds = kinds
        self._events = events

    def view(self, item: ObjectType) -> ClassView:
        # What is always written comes first.
        fields = sorted(item.fields, key=lambda each: not (each.constant or is_needed(each)))
        members = [field for field in fields if not field.constant]
        answer = item.name in self._answers
        keys = [
            self._constant(each) if each.constant else self._key(each, answer) for each in fields
        ]
        arguments = list(map(self._argument, members))
        open_ = bool(item.patterns) or not isinstance(item.extra, NeverType)
        if open_ or answer:
            held = self._extra_annotation(item)
            kind = self._kinds.extra(item) or "_t.Closed()"
            said = f"Annotated[{held}, {kind}]"
            keys.append(KeyView(name="extra", annotation=said, default="", doc="", pointer=item.at))
        if open_:
            arguments.append(
                ArgumentView(name="extra", annotation=held, default="EMPTY", pointer=item.at)
            )
        view = ClassView(
            name=item.name,
            bases=self._bases(item, any(map(is_defaulting, members))),
            doc=class_words(item),
            pointer=item.at,
            keys=tuple(keys),
            arguments=tuple(arguments),
            conditions=tuple(self._kinds.conditions(item)),
        )
        self._kinds.define(item.name)
        return view

    def _bases(self, item: ObjectType, defaulting: bool) -> str:
        bases = ["EventBuilder"] if item.key in self._events else []
        bases += ["DefaultingBuilder"] if defaulting else []
        return ", ".join(bases or ["Builder"])

    def _constant(self, field: Field) -> KeyView:
        assert isinstance(field.type, EnumType)
        held = attribute(self._model, field.type)
        if field.name != field.wire:
            held = f"Annotated[{held}, {literal(field.wire)}]"
        return KeyView(
            name=field.name,
            annotation=f"ClassVar[{held}]",
            default=literal(field.type.values[0]),
            doc="",
            pointer=field.at,
        )

    def _key(self, field: Field, answer: bool) -> KeyView:
        held = attribute(self._model, field.type, _nothing(field), answer=answer)
        required = bool(default(field)) and is_needed(field)
        said = [held, self._kinds.kind(field.type)]
        said += [literal(field.wire)] if required or field.wire != field.name else []
        said += ["_t.REQUIRED"] if required else []
        return KeyView(
            name=field.name,
            annotation=f"Annotated[{', '.join(said)}]",
            default=_default(field),
            doc=self._doc(field),
            pointer=field.at,
        )

    def _doc(self, field: Field) -> str:
        """Its words, but for those that its class has."""
        node = bare(field.type)
        notes, same = node.notes, ""
        if isinstance(node, ObjectRef) and self._model.objects[node.key].name:
            same = self._model.objects[node.key].notes.description
        said = notes.description.strip() or notes.title
        parts = [words("" if said == same.strip() else said, deprecated=notes.deprecated)]
        if has_null(field.type) and not is_needed(field):
            parts.append("UNSET leaves it out; None sends null.")
        return "\n\n".join(filter(None, parts))

    def _argument(self, field: Field) -> ArgumentView:
        return ArgumentView(
            name=field.name,
            annotation=argument(self._model, field.type, _nothing(field)),
            default=_default(field),
            pointer=field.at,
        )

    def _extra_annotation(self, item: ObjectType) -> str:
        closed = isinstance(item.extra, NeverType)
        held = "Any" if item.patterns or closed else attribute(self._model, item.extra)
        return f"Mapping[str, {held}]"


def _default(field: Field) -> str:
    """Source of the default; "" when the key is needed."""
    return absent(field) if default(field) or not is_needed(field) else ""


def _nothing(field: Field) -> str:
    """The type of what stands for an absent key; "" when that is the type of a value."""
    if is_needed(field) or default(field):
        return ""
    return "Unset" if absent(field) == "UNSET" else "None"
