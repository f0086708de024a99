"""`$id`, `$anchor`, `$dynamicRef` inside one document, and what is left of older drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from support import event, event_document, generate_from, import_package, runtime

TREE: dict[str, Any] = {
    "$id": "https://example.org/tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {
        "text": {"$ref": "#text"},
        "item": {"$ref": "item"},
        "tree": {"$dynamicRef": "#node"},
        "number": {"$ref": "#/$defs/item/$defs/number"},
        "whole": {"$ref": "https://example.org/tree#/properties/text"},
        "known": {"enum": [{"$id": "item", "$ref": "nowhere"}]},
    },
    "$defs": {
        "text": {"$anchor": "text", "type": "string"},
        "item": {
            "$id": "item",
            "$ref": "#/$defs/number",
            "$defs": {"number": {"type": "number"}, "text": {"$anchor": "text", "const": 1}},
        },
    },
}
GOOD: list[dict[str, Any]] = [
    {"text": "", "item": 1, "tree": {"text": "", "tree": {}}, "number": 0.5, "whole": "a"},
    {"known": {"$id": "item", "$ref": "nowhere"}},
]
BAD: list[dict[str, Any]] = [
    {"text": 1},
    {"item": ""},
    {"tree": {"text": 1}},
    {"tree": 1},
    {"number": ""},
    {"whole": 1},
]

LIST: dict[str, Any] = {
    "$id": "list",
    "type": "array",
    "items": {"$dynamicRef": "#item"},
    "$defs": {"any": {"$dynamicAnchor": "item"}},
}
TEXTS: dict[str, Any] = {
    "$id": "texts",
    "$ref": "list",
    "$defs": {"text": {"$dynamicAnchor": "item", "type": "string"}},
}
NUMBERS: dict[str, Any] = {
    "$id": "numbers",
    "$ref": "list",
    "$defs": {"number": {"$dynamicAnchor": "item", "type": "number"}},
}


def _taken(schema: Any, value: Any, folder: Path, **components: Any) -> bool:
    document = event_document(event("Seen", {"value": schema}), components=components)
    module = import_package(document, folder)
    try:
        module.parse_event({"event": "Seen", "value": value})
    except runtime(module, "values.problems").ValidationError:
        return False
    return True


def test_references_lead_where_json_schema_says(tmp_path: Path) -> None:
    module = import_package(event_document(event("Seen", {"value": TREE})), tmp_path)
    error = runtime(module, "values.problems").ValidationError
    for value in GOOD:
        module.parse_event({"event": "Seen", "value": value})
    for value in BAD:
        with pytest.raises(error):
            module.parse_event({"event": "Seen", "value": value})


def test_a_dynamic_reference_leads_to_the_outermost_anchor(tmp_path: Path) -> None:
    where = {"$ref": "#/components/schemas/texts"}
    schemas = {"list": LIST, "texts": TEXTS}
    assert _taken(where, ["a"], tmp_path, **schemas)
    assert not _taken(where, [1], tmp_path, **schemas)


def test_what_means_several_schemas_is_one_for_each(tmp_path: Path) -> None:
    names = ("texts", "numbers", "list")
    properties = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    components = {"list": LIST, "texts": TEXTS, "numbers": NUMBERS}
    document = event_document(event("Seen", properties), components=components)
    module = import_package(document, tmp_path)
    module.parse_event({"event": "Seen", "texts": ["a"], "numbers": [1], "list": ["a", 1]})
    error = runtime(module, "values.problems").ValidationError
    for wrong in ({"texts": [1]}, {"numbers": ["a"]}):
        with pytest.raises(error):
            module.parse_event({"event": "Seen", **wrong})


def test_an_object_that_others_fill_in_is_called_after_them(tmp_path: Path) -> None:
    page = {
        "$id": "page",
        "$defs": {"any": {"$dynamicAnchor": "item"}},
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$dynamicRef": "#item"}},
            "next": {"$ref": "#"},
        },
    }
    filled = {"$id": "names", "$ref": "page", "$defs": {"a": TEXTS["$defs"]["text"]}}
    properties = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("Names", "Page")}
    components = {"Page": page, "Names": filled}
    document = event_document(event("Seen", properties), components=components)
    module = import_package(document, tmp_path)
    assert module.__all__[:3] == ["Event", "Names", "Page"]
    assert module.Names(items=["a"], next=module.Names(items=[])).next.items == ()
    assert module.Page(items=[1], next=module.Page()).items == (1,)
    with pytest.raises(runtime(module, "values.problems").ValidationError):
        module.Names(next={"items": [1]})


def test_what_leads_back_to_its_own_list_stands_once(tmp_path: Path) -> None:
    comment = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "replies": {"$ref": "#/components/schemas/All"}},
    }
    item = {"$dynamicAnchor": "item", "$ref": "#/components/schemas/Comment"}
    every = {"$id": "all", "$ref": "list", "$defs": {"a": item}}
    properties = {"all": {"$ref": "#/components/schemas/All"}}
    components = {"list": LIST, "All": every, "Comment": comment}
    document = event_document(event("Seen", properties), components=components)
    module = import_package(document, tmp_path)
    assert module.__all__[:3] == ["Comment", "Event", "Seen"]
    seen = module.Seen(all=[module.Comment(text="a", replies=[module.Comment(text="b")])])
    assert seen.all[0].replies[0].text == "b"


def test_more_than_can_be_written_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventwright.document.localising.MAX_COPIES", 1)
    value = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("texts", "numbers")]}
    components = {"list": LIST, "texts": TEXTS, "numbers": NUMBERS}
    with pytest.raises(DocumentError) as raised:
        generate_from(event_document(event("Seen", {"value": value}), components=components))
    assert [each.code for each in raised.value.diagnostics] == ["E026"]


def _page(item: str) -> dict[str, Any]:
    component = {"$dynamicAnchor": "item", "$ref": f"#/components/schemas/{item}"}
    return {"$id": f"pages-of-{item}", "$ref": "page", "$defs": {"item": component}}


def test_what_is_a_template_and_no_more_is_called_as_it_is_called() -> None:
    """As the specification of OpenAPI 3.1 has it under Generic (Template) Data Structures."""
    page = {
        "$id": "page",
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
        "$defs": {"any": {"$dynamicAnchor": "item"}},
    }
    things = {name: {"type": "object", "properties": {name: {}}} for name in ("User", "Pet")}
    schemas = {"Page": page, **things, "Users": _page("User"), "Pets": _page("Pet")}
    used = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("Users", "Pets")}
    code = generate_from(event_document(event("Seen", used), components=schemas)).files["events.py"]
    assert "class Page(" not in code
    for name, item in (("Users", "User"), ("Pets", "Pet")):
        declared = code.partition(f"class {name}(")[2].partition("def __init__")[0]
        assert f"tuple[{item}, ...]" in declared


def test_a_tree_and_one_that_is_closed(tmp_path: Path) -> None:
    """As the specification of JSON Schema has it under `$dynamicRef`."""
    children = {"type": "array", "items": {"$dynamicRef": "#node"}}
    tree = {
        "$id": "tree",
        "$dynamicAnchor": "node",
        "type": "object",
        "properties": {"data": {}, "children": children},
    }
    strict = {
        "$id": "strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
    }
    components = {"tree": tree, "strict": strict}
    value = {"children": [{"children": [{"daat": 1}]}]}
    used = {name: {"$ref": f"#/components/schemas/{name}"} for name in components}
    module = import_package(event_document(event("Seen", used), components=components), tmp_path)
    module.parse_event({"event": "Seen", "tree": value})
    with pytest.raises(runtime(module, "values.problems").ValidationError) as raised:
        module.parse_event({"event": "Seen", "strict": value})
    assert "$.strict.children[0].children[0]" in str(raised.value)


@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
@pytest.mark.parametrize(
    ("ref", "code"), [("#nowhere", "E023"), ("elsewhere", "E022"), ("#/$defs/nothing", "E020")]
)
def test_what_leads_nowhere_is_told(keyword: str, ref: str, code: str) -> None:
    schema = {"$id": "here", "$defs": {"a": {"$anchor": "there"}}, keyword: ref}
    with pytest.raises(DocumentError) as raised:
        generate_from(event_document(event("Seen", {"value": schema})))
    assert [each.code for each in raised.value.diagnostics] == [code]


LOOP: Any = {"$ref": "#/components/schemas/loop"}


@pytest.mark.parametrize(
    "condition",
    [
        {"not": LOOP},
        {"if": LOOP, "then": {"required": ["a"]}},
        {"if": {"required": ["a"]}, "then": LOOP},
        {"dependentSchemas": {"a": LOOP}},
    ],
    ids=str,
)
def test_a_condition_on_itself_never_ends(condition: Any) -> None:
    ref = LOOP
    components = {"loop": {"type": "object", **condition}}
    with pytest.raises(DocumentError) as raised:
        generate_from(event_document(event("Seen", {"value": ref}), components=components))
    assert [each.code for each in raised.value.diagnostics] == ["E021"]


@pytest.mark.parametrize("keyword", ["if", "then", "else"])
def test_half_a_condition_says_nothing(keyword: str, tmp_path: Path) -> None:
    ref: Any = {"$ref": "#/components/schemas/loop"}
    components = {"loop": {"type": "object", keyword: ref}}
    module = import_package(
        event_document(event("Seen", {"value": ref}), components=components), tmp_path
    )
    assert module.Seen(value={"a": 1}).to_dict() == {"event": "Seen", "value": {"a": 1}}


@pytest.mark.parametrize(
    ("value", "taken"),
    [({}, True), ({"a": 1, "b": ""}, True), ({"c": 1, "b": 1}, True), ({"a": 1}, False),
     ({"c": 1, "b": ""}, False)],
)  # fmt: skip
def test_dependencies_are_both_that_came_of_them(value: Any, taken: bool, tmp_path: Path) -> None:
    dependencies = {"a": ["b"], "c": {"properties": {"b": {"type": "integer"}}}}
    schema = {"type": "object", "dependencies": dependencies}
    assert _taken(schema, value, tmp_path) == taken
