"""Documents may lead on for longer than Python's stack is deep; what cannot be is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eventwright.config.config import ClientConfig
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.drift.compare import compare
from eventwright.lower.document import lower
from eventwright.lower.schemas.limits import MAX_DEPTH
from eventwright.model.model import Model, ObjectRef, ObjectType, StringType
from eventwright.model.reachable import emitted
from eventwright.model.shapes import difference
from eventwright.schema.parse import Circular, Parser
from eventwright.schema.schema import Schema
from support import event_document

LINKS = 700
Wrap = Callable[[Any], Any]


def held(schema: Any) -> Any:
    return {"type": "object", "properties": {"next": schema}}


def listed(schema: Any) -> Any:
    return {"type": "array", "items": schema}


def chained(wrap: Wrap, links: int) -> Model:
    """The model of schemas of which each is made of a reference to the next."""
    references = [{"$ref": f"#/components/schemas/s{number}"} for number in range(links + 1)]
    schemas = {f"s{number}": wrap(references[number + 1]) for number in range(links)}
    schemas[f"s{links}"] = held({"type": "string"})
    data = event_document(references[0], components=schemas)
    document = load_bytes(json.dumps(data).encode(), "document.json")
    return lower(document, ClientConfig(spec="document.json", output="client"))


CHAINS: dict[str, Wrap] = {
    "objects": held,
    "lists of objects": lambda schema: held(listed(schema)),
    "one of objects": lambda schema: held({"anyOf": [{"type": "string"}, schema]}),
    "references": lambda schema: schema,
    "allOf": lambda schema: {"allOf": [schema, {"type": "object"}]},
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_of_references_may_be_long(name: str) -> None:
    assert sys.getrecursionlimit() < 2 * LINKS
    model = chained(CHAINS[name], LINKS)
    (operation,) = model.operations
    assert operation.body is not None
    last = next(i for i in model.objects.values() if i.fields and i.fields[0].type == StringType())
    assert last.key in emitted(model)
    assert compare(model, model) == ()


def test_two_long_chains_of_one_shape_may_share_their_names() -> None:
    model = chained(held, LINKS)
    other = {f"{key}!": again(item) for key, item in model.objects.items()}
    both = replace(model, objects={**model.objects, **other})
    first = next(iter(model.objects))
    assert difference(both, first, f"{first}!") == ""
    last = next(reversed(other))
    both = replace(model, objects={**both.objects, last: replace(other[last], fields=())})
    assert difference(both, first, f"{first}!").endswith("`next`: only the first has `next`")


def again(item: ObjectType) -> ObjectType:
    """The same object, made of others."""
    fields = tuple(
        replace(field, type=ObjectRef(key=f"{field.type.key}!"))
        if isinstance(field.type, ObjectRef)
        else field
        for field in item.fields
    )
    return replace(item, key=f"{item.key}!", fields=fields)


def test_lists_of_lists_may_not_but_are_refused_with_their_place() -> None:
    assert chained(listed, MAX_DEPTH - 1).operations
    with pytest.raises(DocumentError, match="nested more than 64 deep") as caught:
        chained(listed, LINKS)
    assert caught.value.diagnostics[0].code == "E315"


def test_maps_of_maps_are_refused_as_well() -> None:
    def mapped(schema: Any) -> Any:
        return {"type": "object", "additionalProperties": schema}

    assert chained(mapped, MAX_DEPTH // 2).operations
    with pytest.raises(DocumentError, match="nested more than 64 deep"):
        chained(mapped, LINKS)


def test_a_schema_that_applies_to_itself_ends_too() -> None:
    data: Any = {"a": {"allOf": [{"$ref": "#/b"}]}, "b": {"$ref": "#/a"}}
    with pytest.raises(Circular, match="applies to itself"):
        Parser(data, legacy=False).flatten(Schema.of(data["a"], "/a"))


def test_a_schema_may_apply_twice() -> None:
    text: Any = {"type": "string"}
    data: Any = {"a": {"allOf": [{"$ref": "#/b"}, {"$ref": "#/c"}]}, "b": {"$ref": "#/c"}}
    parser = Parser({**data, "c": text}, legacy=False)
    assert parser.flatten(Schema.of(data["a"], "/a")).types == frozenset({"string"})
