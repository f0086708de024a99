"""Model -> the model of what is checked: without the patterns that are never run.

What such a pattern says is unknown, and what is unknown is accepted: where it would let a value
pass, every text passes; where it would keep one out, as in `not`, no text is kept out. So a value
is refused only for what is known. The words of a field say which of its patterns are not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model.model import (
    AliasRef,
    AnyType,
    ArrayType,
    Assertion,
    Content,
    Evaluated,
    Field,
    Model,
    NeverType,
    Notes,
    NullableType,
    ObjectRef,
    ObjectType,
    Operation,
    Parameter,
    StringType,
    Type,
    UnionType,
)
from ..patterns.translate import Unchecked, examine
from .uncertain import Doubt, unchecked

_CERTAIN = "!"
"""Ends the key of an object of which is taken what meets it for certain."""


def checkable(model: Model) -> Model:
    """The same model where every pattern is checked."""
    doubt = Doubt(model)
    return _Checkable(model, doubt).model() if doubt.anywhere else model


class _Checkable:
    """`certain`: whether a type is to take what meets it for certain, or what may meet it."""

    def __init__(self, model: Model, doubt: Doubt) -> None:
        self._model = model
        self._doubt = doubt
        self._waiting: list[str] = []

    def model(self) -> Model:
        model = self._model
        objects = {key: self._object(item, False) for key, item in model.objects.items()}
        aliases = {key: self._node(alias, False) for key, alias in model.aliases.items()}
        operations, webhooks = (
            tuple(map(self._operation, each)) for each in (model.operations, model.webhooks)
        )
        while self._waiting:
            key = self._waiting.pop()
            if key in model.objects and key + _CERTAIN not in objects:
                objects[key + _CERTAIN] = self._object(model.objects[key], True)
            elif key in model.aliases and key + _CERTAIN not in aliases:
                aliases[key + _CERTAIN] = self._node(model.aliases[key], True)
        return replace(
            model, objects=objects, aliases=aliases, operations=operations, webhooks=webhooks
        )

    def _operation(self, operation: Operation) -> Operation:
        body = operation.body
        return replace(
            operation,
            body=body and replace(body, contents=self._contents(body.contents)),
            parameters=tuple(map(self._parameter, operation.parameters)),
            responses=tuple(
                replace(each, contents=self._contents(each.contents))
                for each in operation.responses
            ),
        )

    def _contents(self, contents: Iterable[Content]) -> tuple[Content, ...]:
        return tuple(replace(each, type=self._node(each.type, False)) for each in contents)

    def _parameter(self, parameter: Parameter) -> Parameter:
        said = (parameter.description.strip(), *self._doubt.words(parameter.type))
        return replace(
            parameter,
            type=self._node(parameter.type, False),
            description=" ".join(each for each in said if each),
        )

    def _object(self, item: ObjectType, certain: bool) -> ObjectType:
        if item.key not in self._doubt.keys:
            return item
        lost = [node for pattern, node in item.patterns if unchecked(pattern)]
        kept = [pair for pair in item.patterns if not unchecked(pair[0])]
        return replace(
            item,
            key=item.key + _CERTAIN if certain else item.key,
            name="" if certain else item.name,
            fields=tuple(self._field(field, certain) for field in item.fields),
            patterns=tuple((pattern, self._node(node, certain)) for pattern, node in kept),
            extra=self._extra(item, lost, certain),
            assertions=self._assertions(item.assertions, certain),
            notes=_noted(item.notes, item.name, self._doubt.words_of(item)),
        )

    def _extra(self, item: ObjectType, lost: list[Type], certain: bool) -> Type:
        """An undeclared key may match an unchecked pattern, or be one of the rest."""
        if not lost:
            return self._node(item.extra, certain)
        rest = () if isinstance(item.extra, NeverType) else (item.extra,)
        arms = tuple(self._node(node, certain) for node in (*rest, *lost))
        if certain:
            return NeverType(at=item.extra.at)
        if any(isinstance(arm, AnyType) for arm in arms):
            return AnyType(at=item.extra.at)
        return arms[0] if len(arms) == 1 else UnionType(arms=arms, exclusive=False)

    def _field(self, field: Field, certain: bool) -> Field:
        node = self._node(field.type, certain)
        said = self._doubt.words(field.type)
        if not said:
            return replace(field, type=node)
        inner = node.inner if isinstance(node, NullableType) else node
        noted = replace(inner, notes=_noted(inner.notes, "", said))
        whole = replace(node, inner=noted) if isinstance(node, NullableType) else noted
        return replace(field, type=whole)

    def _node(self, node: Type, certain: bool) -> Type:
        if not self._doubt.of(node):
            return node
        found = self._plain(node, certain)
        return replace(found, assertions=self._assertions(node.assertions, certain))

    def _plain(self, node: Type, certain: bool) -> Type:
        match node:
            case StringType():
                return _string(node, certain)
            case ArrayType():
                prefix = tuple(self._node(item, certain) for item in node.prefix)
                return replace(node, prefix=prefix, items=self._node(node.items, certain))
            case NullableType():
                return replace(node, inner=self._node(node.inner, certain))
            case UnionType():
                if certain and node.exclusive:
                    return NeverType(at=node.at, notes=node.notes)
                arms = tuple(self._node(arm, certain) for arm in node.arms)
                alone = node.exclusive and not any(map(self._doubt.of, node.arms))
                return replace(node, arms=arms, exclusive=alone)
            case ObjectRef() | AliasRef() if certain and node.key in self._doubt.keys:
                self._waiting.append(node.key)
                return replace(node, key=node.key + _CERTAIN)
            case _:
                return node

    def _assertions(self, said: Iterable[Assertion], certain: bool) -> tuple[Assertion, ...]:
        return tuple(
            found
            for each in said
            for found in (self._assertion(each, certain) if self._doubt.of_any([each]) else [each])
        )

    def _assertion(self, said: Assertion, certain: bool) -> Iterator[Assertion]:
        same = tuple(self._node(node, certain) for node in said.types)
        other = tuple(self._node(node, not certain) for node in said.types)
        match said.keyword:
            case "not":
                yield replace(said, types=other)
            case "oneOf" if certain:
                yield replace(said, keyword="not", types=(AnyType(),))
            case "oneOf":  # whether more than one of them takes a value is unknown
                yield replace(said, keyword="anyOf", types=same)
            case "if":
                yield replace(said, types=(other[0], same[1], AnyType()))
                yield replace(said, types=(same[0], AnyType(), same[2]))
            case "contains":
                least, most = said.bounds
                yield replace(said, types=same, bounds=(least, None))
                if most is not None:
                    yield replace(said, types=other, bounds=(0, most))
            case _:
                seen = tuple(self._evaluated(each, certain) for each in said.evaluated)
                yield replace(said, types=same, evaluated=seen)

    def _evaluated(self, seen: Evaluated, certain: bool) -> Evaluated:
        """What may be looked at is not refused as the rest."""
        kept = tuple(pattern for pattern in seen.patterns if not unchecked(pattern))
        return replace(
            seen,
            where=tuple(self._node(node, certain) for node in seen.where),
            matching=tuple(self._node(node, certain) for node in seen.matching),
            patterns=kept,
            every=seen.every or (len(kept) < len(seen.patterns) and not certain),
        )


def _string(node: StringType, certain: bool) -> Type:
    found = examine(node.pattern)
    if isinstance(found, Unchecked):
        if certain:
            return NeverType(at=node.at, notes=node.notes)
        return replace(node, pattern="")
    if certain and found.limit is not None:
        most = found.limit if node.max_length is None else min(found.limit, node.max_length)
        return replace(node, max_length=most)
    return node


def _noted(notes: Notes, name: str, said: tuple[str, ...]) -> Notes:
    first = notes.description.strip() or notes.title or name
    description = "\n\n".join(each for each in (first, *said) if each)
    return replace(notes, description=description) if said else notes
