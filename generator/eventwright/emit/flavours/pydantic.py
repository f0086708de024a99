"""Model -> `pydantic_models.py`: a Pydantic v2 model beside each builder, convertible both ways."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...model.model import EnumType, Field, Model, ObjectType
from ...model.reachable import classes, requested
from ...python.order import sorted_names
from ...python.quoting import literal
from ...text.jsonvalues import Json
from ..declarations.fields import bare, class_words, default, has_null, is_needed, words
from .codegen import fields_by_class, run, unexpected
from .names import attribute_names, imports, spellings
from .schemas import EXTRA, Asked, has_typed_extra, is_closed, schemas, strings
from .writing import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFieldView:
    """An attribute of a model."""

    name: str
    annotation: str
    default: str
    """Source; "" when it is needed."""
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A Pydantic model."""

    name: str
    base: str
    """The class of `_pydantic.models` that it extends."""
    doc: str
    pointer: str
    closed: bool
    """Whether undeclared keys are refused."""
    extra: str
    """Annotation of what undeclared keys hold; "" for any JSON value."""
    constants: tuple[str, ...]
    """The attributes that hold one value always."""
    fields: tuple[ModelFieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """Everything `pydantic_models.py` is made of."""

    classes: tuple[ModelView, ...]
    events: tuple[str, ...]
    """The models of the events."""
    exported: tuple[str, ...]
    tag: str
    """The attribute that tells all events apart; "" when there is no such one."""
    typing: tuple[str, ...]
    """What each import statement names."""
    pydantic: tuple[str, ...]
    """What is imported from `pydantic`."""
    models: tuple[str, ...]
    """What is imported from `_pydantic.models`."""
    values: tuple[str, ...]
    """What is imported from `_pydantic.values`."""
    names: Mapping[str, str]


def pydantic_view(model: Model) -> ModuleView:
    """What the template of `pydantic_models.py` is given.

    Raises:
        CommandError: datamodel-code-generator's answer is not what was asked for.
    """
    objects = classes(model, requested(model))
    asked = schemas(model, objects)
    answer = fields_by_class(run(asked.document)) if objects else {}
    return _Views(model, asked, answer).module(objects)


class _Views:
    """Puts the annotations back under the names of the builders."""

    def __init__(
        self, model: Model, asked: Asked, answer: Mapping[str, Mapping[str, ast.expr]]
    ) -> None:
        self._model = model
        self._asked = asked
        self._answer = answer
        classes = {title: model.objects[key].name for key, title in asked.titles.items()}
        self._names = spellings(set(classes.values()))
        helpers = {
            name: fields["root"]
            for name, fields in answer.items()
            if name not in classes and fields.keys() == {"root"}
        }
        texts = frozenset(strings(asked.document))
        self._writer = Writer(classes, helpers, self._names, texts, dict(self._tags()))

    def _tags(self) -> Iterator[tuple[frozenset[str], str]]:
        objects = {title: self._model.objects[key] for key, title in self._asked.titles.items()}
        for titles, wire in self._asked.tags.items():
            arms = [objects[title] for title in titles]
            attributes = {attribute_names(arm.fields).get(wire, "") for arm in arms}
            constant = all(f.constant for arm in arms for f in arm.fields if f.wire == wire)
            if len(arms) > 1 and constant and len(attributes) == 1 and "" not in attributes:
                yield titles, attributes.pop()

    def module(self, objects: Mapping[str, ObjectType]) -> ModuleView:
        first = {item.name: item for item in reversed([*objects.values()])}
        classes = tuple(self._class(item) for item in objects.values() if item is first[item.name])
        events, tag = self._events()
        used = {*self._writer.used, *_used(classes, events, tag)}
        return ModuleView(
            classes=classes,
            events=events,
            exported=sorted_names([*(c.name for c in classes), *(["Event"] if events else [])]),
            tag=tag,
            typing=imports(used, self._names, "typing"),
            pydantic=imports(used, self._names, "pydantic"),
            models=imports(used, self._names, "_pydantic.models"),
            values=imports(used, self._names, "_pydantic.values"),
            names=self._names,
        )

    def _events(self) -> tuple[tuple[str, ...], str]:
        items = [(self._model.objects[event.key], event.tag) for event in self._model.events]
        tags = {(tag, attribute_names(item.fields)[tag]) for item, tag in items}
        literals = [literal for event in self._model.events for literal in event.literals]
        apart = len(tags) == 1 and len(items) > 1 and len(set(literals)) == len(literals)
        names = dict.fromkeys(item.name for item, _ in items)
        return tuple(names), tags.pop()[1] if apart else ""

    def _class(self, item: ObjectType) -> ModelView:
        expected = [*(f"f{i}" for i, _ in enumerate(item.fields))]
        expected += [EXTRA] if has_typed_extra(item) else []
        found = self._answer.get(self._asked.titles[item.key], {})
        if [*found] != expected:
            raise unexpected(f"{item.name} with the fields {[*found]}")
        names = attribute_names(item.fields)
        return ModelView(
            name=item.name,
            base=self._writer.use("Checked" if item.key in self._asked.inexact else "Model"),
            doc=class_words(item),
            pointer=item.at,
            closed=is_closed(item),
            extra=self._extra(found[EXTRA]) if EXTRA in found else "",
            constants=tuple(names[field.wire] for field in item.fields if field.constant),
            fields=tuple(
                self._field(field, names[field.wire], found[f"f{i}"])
                for i, field in enumerate(item.fields)
            ),
        )

    def _extra(self, node: ast.expr) -> str:
        match node:
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, value])):
                return self._writer.annotation(value)
            case _:
                raise unexpected(ast.unparse(node))

    def _field(self, field: Field, name: str, node: ast.expr) -> ModelFieldView:
        given = _default(field)
        annotation = self._writer.annotation(node)
        if not given and not is_needed(field) and not has_null(field.type):
            annotation = f"{self._writer.use('Omittable')}[{annotation}]"
        if name != field.wire:
            alias = f"{self._writer.use('Field')}(alias={literal(field.wire)})"
            annotation = f"{self._writer.use('Annotated')}[{annotation}, {alias}]"
        needed = is_needed(field) and not given
        return ModelFieldView(
            name=name,
            annotation=annotation,
            default="" if needed else literal(given[0] if given else None),
            doc=_doc(field, name),
            pointer=field.at,
        )


def _used(classes: Iterable[ModelView], events: Collection[str], tag: str) -> Iterator[str]:
    """What the template itself uses of what is imported."""
    if any(item.constants for item in classes):
        yield "ClassVar"
    if any(item.extra for item in classes):
        yield "TYPE_CHECKING"
    if events:
        yield "TypeAlias"
    if tag:
        yield from ("Annotated", "Field")


def _default(field: Field) -> tuple[Json, ...]:
    """One value for a constant, or where the document has a default; else none."""
    if field.constant and isinstance(field.type, EnumType):
        return field.type.values
    return () if is_needed(field) else default(field)


def _doc(field: Field, name: str) -> str:
    notes = bare(field.type).notes
    parts = [words(notes.description.strip() or notes.title, deprecated=notes.deprecated)]
    parts += [f"JSON key: `{field.wire}`."] if name != field.wire else []
    return "\n\n".join(filter(None, parts))
