"""The view of a body: the arguments that it is made of, and the source that makes it of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model.bodies import charset, fields_of, form_of, item_type, sent_type
from ...model.model import Content, Field, Model, ObjectRef, ObjectType, Operation, Type, UnionType
from ...model.reachable import holds_events
from ...python.naming import Distinct
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from ..declarations.annotations import argument
from ..declarations.fields import bare, words
from .forms import FieldView, Forms, has_extra
from .variables import Variable

_RESERVED = frozenset(
    # What the methods have for something else.
    "self api body content_type encoded event event_body extra headers json_body lines_body "
    "raw_body sent text_body timeout".split()
)
_SEPARATED = frozenset({"application/json-seq", "application/geo+json-seq"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """What becomes the body of a request."""

    name: str
    """Of its argument: `event` where it takes any event, else `body`; "" where fields make it."""
    annotation: str
    async_annotation: str
    """The same in the async client, which takes more."""
    needed: bool
    """Whether every call has to give it."""
    fields: tuple[FieldView, ...]
    """Of a form: arguments by keyword."""
    content_type_name: str
    """Of the argument that says which media type it is."""
    content_type: str
    """Its annotation; "" where the media type is known."""
    content_type_default: str
    """Source of its default; "" where every call has to give it."""
    media_types: tuple[str, ...]
    """What `content_type` may be."""
    media_type: str
    """The Content-Type; "" where the body says it."""
    constant: str
    """The variable that holds what it may be; "" for none."""
    accepted: tuple[str, ...]
    """What the variable holds: builders."""
    value: str
    """What it holds instead: an expression."""
    expression: str
    """Source of what the client is given."""
    runtime: tuple[str, ...]
    """What the methods name of the runtime's modules of bodies."""
    classes: tuple[str, ...]
    """The builders that it may be."""

    @property
    def takes_event(self) -> bool:
        """Whether it is an event, whichever."""
        return self.name == "event"

    @property
    def takes_files(self) -> bool:
        """Whether it may have a file among its parts."""
        return "multipart." in self.value


class Bodies:
    """Makes the views of bodies."""

    def __init__(
        self, model: Model, kinds: Kinds, events: frozenset[str], constants: str, fill: str
    ) -> None:
        """
        Args:
            events: the class names of all events.
            constants: what stands in front of the constants that methods refer to.
            fill: what methods call the keys that are filled in; "" for none.
        """
        self._fill = f", fill={fill}" if fill else ""
        self._model = model
        self._kinds = kinds
        self._events = events
        self._any_event = frozenset(f"{kinds.within}{name}" for name in events)
        self._in_front = constants
        self._forms = Forms(model, kinds)

    def view(self, item: Operation, constants: Distinct, endpoint: str) -> BodyView | None:
        """The view of an operation's body; None where it has none."""
        contents = _told_apart(item.body.contents) if item.body else ()
        if not item.body or not contents:
            return None
        variable = Variable(constants, item.name, endpoint, self._in_front)
        fields = [fields_of(self._model, content) for content in contents]
        if all(fields) and len({_keys(each) for each in fields if each}) == 1:
            return self._of_fields(item, contents, variable)
        if len(contents) > 1 or "*" in sent_type(contents[0]):
            return self._choice(item, contents, variable)
        return self._single(contents[0], item.body.required, variable)

    def _single(self, content: Content, needed: bool, variable: Variable) -> BodyView:
        form = form_of(content)
        builders = builders_of(self._model, content.type) if form == "json" else ()
        name = self._name(builders)
        value = constant = expression = ""
        accepted: tuple[str, ...] = ()
        runtime: tuple[str, ...] = (_MAKERS.get(form, "raw_body"),)
        if builders:
            accepted, constant = builders, variable.of("event", "BODIES")
            fill = self._filled(content.type)
            expression, runtime = f"event_body({name}, {variable.seen(constant)}{fill})", ()
        elif form in ("json", "lines"):
            value = self._kinds.kind(content.type if form == "json" else item_type(content))
            constant = variable.of(form, "BODY")
            lead = r', b"\x1e"' if content.media_type in _SEPARATED else ""
            fill = self._filled(content.type)
            expression = f"{_MAKERS[form]}({name}, {variable.seen(constant)}{lead}{fill})"
        elif form in ("form", "multipart"):
            value, constant = self._form(content), variable.of("form", "FORM")
            expression, runtime = f"{variable.seen(constant)}.of_mapping({name})", ()
        elif form == "text":
            said = charset(content.media_type)
            more = f", {literal(said)}" if said not in ("", "utf-8", "utf8") else ""
            expression = f"text_body({name}{more})"
        else:
            expression = f"raw_body({name})"
        if not needed:
            expression = f"None if {name} is None else {expression}"
        sync, async_ = self._annotations((content,), needed)
        return BodyView(
            name=name,
            annotation=sync,
            async_annotation=async_,
            needed=needed,
            fields=(),
            content_type_name="",
            content_type="",
            content_type_default="",
            media_types=(),
            media_type=sent_type(content),
            constant=constant,
            accepted=accepted,
            value=value,
            expression=expression,
            runtime=runtime,
            classes=classes_of(self._model, content.type) if form == "json" else (),
        )

    def _filled(self, node: Type) -> str:
        """Source of the argument that fills in what events of a body lack; "" where it has none."""
        return self._fill if self._fill and holds_events(self._model, node) else ""

    def _name(self, builders: Sequence[str]) -> str:
        return "event" if builders and set(builders) <= self._events else "body"

    def _form(self, content: Content) -> str:
        return self._forms.expression(content, fields_of(self._model, content), True)

    def _choice(
        self, item: Operation, contents: tuple[Content, ...], variable: Variable
    ) -> BodyView:
        """One argument, whose type tells which of the media types it is."""
        assert item.body
        needed, chooser = item.body.required, _free("content_type", _taken(item))
        found = [builders for each in contents if (builders := self._json_builders(each))]
        name = self._name([builder for builders in found for builder in builders])
        constant = variable.of("choice", "BODY")
        ordered = sorted(contents, key=lambda each: _ORDER.index(form_of(each)))
        ranges = any("*" in sent_type(each) for each in contents)
        media_types = tuple(map(sent_type, contents))
        alone = ranges and len(contents) == 1
        literals = ", ".join(map(literal, media_types))
        type = "str" if ranges else f"Literal[{literals}]"
        fill = next(filter(None, (self._filled(each.type) for each in contents)), "")
        expression = f"{variable.seen(constant)}.of({name}, {chooser}{fill})"
        if not needed:
            expression = f"None if {name} is None else {expression}"
        sync, async_ = self._annotations(contents, needed)
        return BodyView(
            name=name,
            annotation=sync,
            async_annotation=async_,
            needed=needed,
            fields=(),
            content_type_name=chooser,
            content_type=type if alone and needed else f"{type} | None",
            content_type_default="" if alone and needed else "None",
            media_types=media_types,
            media_type="",
            constant=constant,
            accepted=(),
            value=f"choices.Choice({', '.join(map(self._offer, ordered))})",
            expression=expression,
            runtime=(),
            classes=tuple(
                name
                for content in contents
                if form_of(content) == "json"
                for name in classes_of(self._model, content.type)
            ),
        )

    def _json_builders(self, content: Content) -> tuple[str, ...]:
        return builders_of(self._model, content.type) if form_of(content) == "json" else ()

    def _offer(self, content: Content) -> str:
        media_type = literal(sent_type(content))
        match form_of(content):
            case "json":
                return f"choices.Json({media_type}, {self._kinds.kind(content.type)})"
            case "lines":
                lead = r', b"\x1e"' if content.media_type in _SEPARATED else ""
                kind = self._kinds.kind(item_type(content))
                return f"choices.Lines({media_type}, {kind}{lead})"
            case "form" | "multipart":
                return f"choices.Members({self._form(content)})"
            case "text":
                said = charset(content.media_type)
                more = f", {literal(said)}" if said else ""
                return f"choices.Text({media_type}{more})"
            case _:
                return f"choices.Raw({media_type})"

    def _annotations(self, contents: Iterable[Content], needed: bool) -> tuple[str, str]:
        """What the argument takes, in the sync client and in the async one."""
        arms = [self._arms(content) for content in contents]
        flat = [dict.fromkeys(arm[index] for arm in arms) for index in (0, 1)]
        sync, async_ = (_either(found, needed) for found in flat)
        return sync, async_

    def _arms(self, content: Content) -> tuple[str, str]:
        match form_of(content):
            case "json":
                return self._json(content), self._json(content)
            case "lines":
                item = self._argument(item_type(content))
                return f"BodyLines[{item}]", f"AsyncBodyLines[{item}]"
            case "form" | "multipart":
                return "Mapping[str, Any]", "Mapping[str, Any]"
            case "text":
                return "str", "str"
            case _:
                return "RawBody", "AsyncRawBody"

    def _json(self, content: Content) -> str:
        builders = builders_of(self._model, content.type)
        if not builders:
            return self._argument(content.type)
        names = ["Event"] if set(builders) == self._events else builders
        return " | ".join(f"{self._kinds.within}{name}" for name in names)

    def _argument(self, node: Type) -> str:
        within = self._kinds.within
        return argument(self._model, node, within=within, events=self._any_event)

    def _of_fields(
        self, item: Operation, contents: tuple[Content, ...], variable: Variable
    ) -> BodyView:
        """Keyword arguments. Of several media types that have the same fields, one is chosen."""
        assert item.body
        needed = item.body.required
        constant = variable.of("form", "FORM" if len(contents) == 1 else "FORMS")
        objects = [fields_of(self._model, content) for content in contents]
        made = [
            self._forms.expression(c, o, needed) for c, o in zip(contents, objects, strict=True)
        ]
        media_types = tuple(map(sent_type, contents))
        views = self._field_views(item, contents)
        names = [f"extra={view.name}" if view.rest else view.name for view in views]
        chooser = _free("content_type", _taken(item) | {view.name for view in views})
        seen, several = variable.seen(constant), len(contents) > 1
        pairs = ", ".join(f"{literal(m)}: {e}" for m, e in zip(media_types, made, strict=True))
        return BodyView(
            name="",
            annotation="",
            async_annotation="",
            needed=needed,
            fields=views,
            content_type_name=chooser,
            content_type=f"Literal[{', '.join(map(literal, media_types))}]" if several else "",
            content_type_default=literal(_with_files(media_types)) if several else "",
            media_types=media_types if several else (),
            media_type=media_types[0],
            constant=constant,
            accepted=(),
            value=f"{{{pairs}}}" if several else made[0],
            expression=f"{seen}{f'[{chooser}]' if several else ''}.of({', '.join(names)})",
            runtime=(),
            classes=(),
        )

    def _field_views(self, item: Operation, contents: tuple[Content, ...]) -> tuple[FieldView, ...]:
        assert item.body
        content = next((c for c in contents if form_of(c) == "multipart"), contents[0])
        declared = fields_of(self._model, content)
        assert declared
        taken = _taken(item) | _RESERVED
        multipart = form_of(content) == "multipart"
        views: list[FieldView] = []
        for field in declared.fields:
            if field.constant:
                continue
            required = field.required and item.body.required
            annotation = self._forms.annotation(field, content.encodings, multipart)
            nothing = "" if required or "None" in annotation.split(" | ") else " | None"
            views.append(
                FieldView(
                    name=_free(field.name, taken),
                    annotation="Any" if annotation == "Any" else annotation + nothing,
                    needed=required,
                    doc=_words(field),
                    pointer=field.at,
                )
            )
            taken.add(views[-1].name)
        if has_extra(declared):
            views.append(_extra(declared, _free("extra", _taken(item))))
        return tuple(views)


_MAKERS = {"json": "json_body", "lines": "lines_body", "text": "text_body"}
"""The functions of the runtime that make a body."""
_ORDER = ("text", "json", "form", "multipart", "lines", "bytes")
"""In which order it is asked which of several media types an argument is."""


def _either(types: Iterable[str], needed: bool) -> str:
    """One annotation of several, each None for itself or not; `needed`: it may not be left out."""
    found = dict.fromkeys(each.removesuffix(" | None") for each in types)
    absent = not needed or any(each.endswith(" | None") for each in types)
    if absent:
        found["None"] = found.pop("None", None)
    return "Any" if "Any" in found else " | ".join(found)


def _told_apart(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Each media type once, JSON first; the first of those that are one on the wire."""
    found = {sent_type(content): content for content in reversed(contents)}
    kept = [each for each in contents if found[sent_type(each)] is each]
    return tuple(sorted(kept, key=lambda each: form_of(each) != "json"))


def _keys(item: ObjectType) -> frozenset[tuple[str, bool]]:
    return frozenset((field.wire, field.constant) for field in item.fields)


def _with_files(media_types: tuple[str, ...]) -> str:
    return next((each for each in media_types if each.startswith("multipart/")), media_types[0])


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}_body"
    return name


def _words(field: Field) -> str:
    notes = bare(field.type).notes
    said = notes.description.strip() or notes.title or f"the field `{field.wire}`."
    return words(said, deprecated=notes.deprecated)


def _taken(item: Operation) -> set[str]:
    return {parameter.name for parameter in item.parameters}


def _extra(item: ObjectType, name: str) -> FieldView:
    return FieldView(
        name=name,
        annotation="Mapping[str, Any] | None",
        needed=False,
        doc="fields that the document does not declare.",
        pointer=item.at,
        rest=True,
    )


def classes_of(model: Model, node: Type) -> tuple[str, ...]:
    """The class names of those values of a type that have a builder."""
    if isinstance(node, UnionType):
        found = [name for arm in node.arms for name in classes_of(model, arm)]
        return tuple(dict.fromkeys(found))
    name = model.objects[node.key].name if isinstance(node, ObjectRef) else ""
    return (name,) if name else ()


def builders_of(model: Model, node: Type) -> tuple[str, ...]:
    """The class names when every value of a type has a builder; otherwise none."""
    arms = node.arms if isinstance(node, UnionType) else (node,)
    names = [model.objects[arm.key].name if isinstance(arm, ObjectRef) else "" for arm in arms]
    return tuple(dict.fromkeys(names)) if all(names) else ()
