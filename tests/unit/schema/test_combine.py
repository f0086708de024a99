"""Two schemas that both apply become one: exactly what both allow."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.schema.combine import combine
from eventwright.schema.keywords import read
from eventwright.schema.parse import Parser
from eventwright.schema.schema import Flat, Schema


def both(one: dict[str, Any], two: dict[str, Any]) -> Flat:
    return combine(read(one, "/one", legacy=False), read(two, "/two", legacy=False))


@pytest.mark.parametrize(
    ("key", "one", "two", "merged"),
    [
        ("minimum", 1, 2, 2),
        ("maximum", 1, 2, 1),
        ("exclusiveMinimum", 1.5, 1, 1.5),
        ("exclusiveMaximum", 1.5, 1, 1),
        ("minLength", 1, 3, 3),
        ("maxLength", 3, 1, 1),
        ("minItems", 2, 1, 2),
        ("maxItems", 2, 1, 1),
        ("minProperties", 2, 1, 2),
        ("maxProperties", 2, 1, 1),
        ("multipleOf", 4, 6, 12),
        ("pattern", "a", "a", "a"),
    ],
)
def test_the_tighter_bound(key: str, one: Any, two: Any, merged: Any) -> None:
    assert both({key: one}, {key: two}).scalars == {key: merged}
    assert both({key: two}, {key: one}).scalars == {key: merged}
    assert both({key: one}, {}).scalars == both({}, {key: one}).scalars == {key: one}


@pytest.mark.parametrize(("key", "one", "two"), [("pattern", "a", "b"), ("multipleOf", 0.5, 0.3)])
def test_what_cannot_merge_stays_a_condition(key: str, one: Any, two: Any) -> None:
    flat = both({key: one}, {key: two})
    assert flat.scalars == {key: one}
    (group,) = flat.groups
    assert group.keyword == "allOf"
    assert [part.data for schema in group.schemas for part in schema.parts] == [{key: two}]


def test_conditions_are_in_the_order_of_the_document() -> None:
    one = dict.fromkeys(("pattern", "format"), "a")
    flat = both(one, {"format": "b", "pattern": "c"})
    said = [part.data for group in flat.groups for each in group.schemas for part in each.parts]
    assert said == [{key: {"format": "b", "pattern": "c"}[key]} for key in flat.scalars]


@pytest.mark.parametrize(
    ("one", "two", "types"),
    [
        ("string", "string", {"string"}),
        ("string", "integer", set()),
        ("integer", "number", {"integer"}),
        (["string", "null"], ["null", "array"], {"null"}),
        (["string", "number"], ["integer", "string"], {"integer", "string"}),
    ],
)
def test_types(one: Any, two: Any, types: set[str]) -> None:
    assert both({"type": one}, {"type": two}).types == frozenset(types)
    assert both({"type": two}, {"type": one}).types == frozenset(types)


def test_values_that_both_list() -> None:
    assert both({"enum": [1, "a", True]}, {"enum": ["a", 1.0]}).values == (1, "a")
    assert both({"enum": [1]}, {"const": True}).values == ()
    assert both({"enum": [1]}, {}).values == (1,)


def test_required_keys_once_in_order() -> None:
    assert both({"required": ["b", "a"]}, {"required": ["c", "a"]}).required == ("b", "a", "c")


def test_the_words_of_the_first_win() -> None:
    flat = both({"description": "One.", "default": 1}, {"description": "Two.", "title": "T"})
    assert flat.notes == {"description": "One.", "default": 1, "title": "T"}


def _places(schema: Schema | None) -> list[str]:
    return [part.at for part in schema.parts] if schema else []


def test_a_key_of_one_side_meets_the_extras_of_the_other() -> None:
    flat = both(
        {"properties": {"a": {}, "c": {}}},
        {"properties": {"b": {}, "c": {}}, "additionalProperties": {"type": "string"}},
    )
    assert _places(flat.properties["a"]) == ["/one/properties/a", "/two/additionalProperties"]
    assert _places(flat.properties["b"]) == ["/two/properties/b"]
    assert _places(flat.properties["c"]) == ["/one/properties/c", "/two/properties/c"]


def test_never_wins() -> None:
    never = Flat(key="/", at="/", never=True)
    assert combine(never, both({}, {})).never
    assert combine(both({}, {}), never).never


def test_all_of_and_references_flatten() -> None:
    data: Any = {
        "a": {"$ref": "#/b", "maxLength": 5, "description": "Here."},
        "b": {"allOf": [{"type": "string"}, {"$ref": "#/c"}], "minLength": 2},
        "c": {"maxLength": 9, "description": "There."},
    }
    flat = Parser(data, legacy=False).flatten(Schema.of(data["a"], "/a"))
    assert flat.types == frozenset({"string"})
    assert flat.scalars == {"minLength": 2, "maxLength": 5}
    assert flat.notes == {"description": "Here."}
    old = Parser(data, legacy=True).flatten(Schema.of(data["a"], "/a"))
    assert old.scalars == {"minLength": 2, "maxLength": 9}  # 3.0: beside $ref nothing counts
    assert old.notes == {"description": "There."}
