"""The names of a model that its package's lock is to remember."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...model.givennames import GivenNames, given, given_attributes, is_lasting
from ...model.model import Field, Model
from ...model.reachable import emitted
from ...python.naming import field_name
from ...text.pointers import Pointer
from .methodnames import route
from .names import Names

if TYPE_CHECKING:
    from ...config.config import ClientConfig


def given_names(before: Model, after: Model, names: Names, client: ClientConfig) -> GivenNames:
    """What classes, methods, servers and attributes are called, but for what the configuration
    says. `before`: the same model with the names that each would have alone."""
    chosen = {identity for identity, each in client.operations.items() if each.name}
    classes = {key: item.name for key, item in emitted(before).items() if is_lasting(key)}
    operations = zip(before.operations, after.operations, strict=True)
    return GivenNames(
        classes={
            key: given(after.objects[key].name, alone)
            for key, alone in classes.items()
            if key not in names.named
        },
        enums={
            each.type.at: given(each.name, each.type.name)
            for each in after.enums.values()
            if is_lasting(each.type.at)
        },
        methods={
            route(one): given(two.name, one.name) for one, two in operations if one.id not in chosen
        },
        servers={s.url: s.name for s in after.servers if s.name not in client.servers},
        attributes=dict(_attributes(after, classes, client.fields)),
    )


def _attributes(
    model: Model, keys: Mapping[Pointer, str], configured: Mapping[Pointer, str]
) -> Iterator[tuple[Pointer, str]]:
    for key in keys:
        free = [field for field in model.objects[key].fields if field.at not in configured]
        text = given_attributes({field.wire: field.name for field in free if _is_spelled(field)})
        if text:
            yield key, text


def _is_spelled(field: Field) -> bool:
    """Whether an attribute is not the key as it is."""
    return not field.wire == field.name == field_name(field.wire)
