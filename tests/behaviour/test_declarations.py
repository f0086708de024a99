"""Classes are declarations: what they say, and the methods that are made from it."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import inspect
import re
import subprocess
import sys
import traceback
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_type_hints

import pytest

from behaviour.told import problems
from support import (
    FLAGSHIP_CONFIG,
    event,
    event_document,
    flagship_document,
    generate_from,
    generate_package,
    import_package,
    runtime,
)

_METHODS = {"__init__", "to_dict", "to_json_text"}


def _fresh(tmp_path: Path, properties: dict[str, Any], **rest: Any) -> ModuleType:
    return import_package(event_document(event("Made", properties, **rest)), tmp_path)


def test_each_method_is_made_when_it_is_first_used(tmp_path: Path) -> None:
    made = _fresh(tmp_path, {"a": {"type": "string"}}).Made
    assert not _METHODS & vars(made).keys()
    one = made(a="x")
    assert _METHODS & vars(made).keys() == {"__init__"}
    one.to_json()
    assert _METHODS & vars(made).keys() == {"__init__", "to_json_text"}
    one.to_dict()
    assert vars(made).keys() >= _METHODS
    first = made.__init__
    made(a="y")
    assert made.__init__ is first


def test_a_method_that_was_taken_before_is_made_once(tmp_path: Path) -> None:
    made = _fresh(tmp_path, {"a": {"type": "string"}}).Made
    write, construct = made.to_dict, made.__init__
    one = made(a="x")
    first = made.__init__
    construct(one, a="y")
    assert [write(one), write(one)] == [{"event": "Made", "a": "y"}] * 2
    kept = made.to_dict
    write(one)
    assert (made.to_dict, made.__init__) == (kept, first)


def test_a_traceback_shows_the_source_that_was_made(tmp_path: Path) -> None:
    module = _fresh(tmp_path, {"a": {"type": "string"}})
    try:
        module.Made(a=1)
    except ValueError as error:
        shown = "".join(traceback.format_exception(error))
    assert f"<eventwright {module.__name__}.Made.__init__>" in shown
    assert "Own.fail(Problems)" in shown


def test_no_text_of_the_document_is_in_it(tmp_path: Path) -> None:
    secret = "}'\"\\\n{__import__('os')}"
    properties = {
        secret: {"type": "string", "default": secret, "enum": [secret, "b"]},
        "const": {"const": secret},
    }
    module = _fresh(tmp_path, properties, required=["const"])
    made = module.Made()
    assert made.to_dict() == {"event": "Made", "const": secret, secret: secret}
    assert module.Made.from_json(made.to_json()) == made
    for name in _METHODS:
        source = inspect.getsource(getattr(module.Made, name))
        assert "__import__" not in source


def test_the_signature_is_what_the_class_says(flagship: ModuleType) -> None:
    signature = inspect.signature(flagship.DeviceDeleted)
    assert list(signature.parameters) == [
        "user_id",
        "context",
        "timestamp",
        "integrations",
        "extra",
    ]
    assert signature.parameters["context"].annotation == "DeviceContext | Mapping[str, Any]"
    assert signature.parameters["context"].default is inspect.Parameter.empty
    assert signature.parameters["timestamp"].default is None


def test_the_annotations_of_a_constructor_can_be_evaluated(flagship: ModuleType) -> None:
    flagship.UserDeleted(user_id="1")
    hints = get_type_hints(flagship.UserDeleted.__init__)
    assert hints["timestamp"] == datetime | None
    assert hints == get_type_hints(flagship.UserDeleted.__constructor__)


def test_classes_may_be_called_like_what_is_compiled(tmp_path: Path) -> None:
    names = ["Own", "Type", "Str", "Problems", "Made", "Path", "Missing", "Data"]
    nested = {name: {"type": "object", "properties": {"a": {"type": "string"}}} for name in names}
    keys = {f"a_{name.lower()}": {"$ref": f"#/components/schemas/{name}"} for name in names}
    module = import_package(event_document(event("Sent", keys), components=nested), tmp_path)
    made = module.Sent(**{f"a_{name.lower()}": {"a": name} for name in names}, extra={"b": 1})
    assert {type(value).__name__ for value in made.__values__} == {*names, "FrozenDict"}
    assert module.parse_event(made.to_json()) == made


@pytest.mark.parametrize("extra", [{}, {"additionalProperties": False}])
def test_as_many_keys_as_there_must_be_hide_nothing(tmp_path: Path, extra: dict[str, Any]) -> None:
    """One that is missing and one that is undeclared are not taken for what there must be."""
    properties = {"a": {"type": "string"}, "b": {"type": "string"}}
    module = _fresh(tmp_path, properties, required=["a"], **extra)
    found = problems(module, module.Made.from_dict, {"event": "Made", "other": {1}})
    undeclared = "no such key" if extra else "a JSON value"
    assert [line.partition(", got")[0] for line in found] == [
        "$.a: expected a string",
        f"$.other: expected {undeclared}",
    ]


def test_a_program_may_make_a_constructor_of_its_own(flagship: ModuleType) -> None:
    def init(self: Any, token: str) -> None:
        flagship.Device.__init__(self, token=token, type="ios")

    own: Any = type("Own", (flagship.Device,), {"__slots__": (), "__init__": init})
    assert own("abc").to_dict() == {"token": "abc", "type": "ios"}
    assert list(inspect.signature(own).parameters) == ["token"]


def test_it_is_a_dataclass(flagship: ModuleType) -> None:
    names = [field.name for field in dataclasses.fields(flagship.DeviceDeleted)]
    assert names == ["user_id", "context", "timestamp", "integrations", "extra"]
    hints = get_type_hints(flagship.DeviceDeleted)
    assert hints["user_id"] is str
    device = flagship.Device(token="abc")
    assert dataclasses.asdict(device) == {"token": "abc", "type": None, "extra": {}}


def test_constants_and_keys_stand_as_the_document_has_them(tmp_path: Path) -> None:
    properties = {"the-kind": {"const": 1}, "last": {"type": "string"}, "": {"type": "string"}}
    module = _fresh(tmp_path, properties, required=["the-kind", "last"])
    made = module.Made(last="x", field="y")
    assert made.to_json() == b'{"event":"Made","the-kind":1,"last":"x","":"y"}'
    assert module.Made.the_kind == 1


@pytest.mark.parametrize(
    "name",
    ["field", "map", "len", "dict", "dataclass", "Type", "Data", "t", "tr", "list", "Annotated"],
)
def test_a_key_may_be_called_like_what_the_code_uses(name: str, tmp_path: Path) -> None:
    items = {"type": "array", "items": {"type": "string"}}
    module = _fresh(tmp_path, {name: items, "more": {"type": "object"}}, required=[name])
    wire = {"event": "Made", name: ["x"], "more": {"a": 1}, "other": [2]}
    assert module.Made.from_dict(wire).to_dict() == wire
    assert module.Made(**{name.lower(): ["x"]}).to_dict() == {"event": "Made", name: ["x"]}
    assert problems(module, module.Made.from_dict, {"event": "Made"}) == [
        f"$.{name}: expected a list, got nothing (it is required)"
    ]


def test_a_default_that_is_required(tmp_path: Path) -> None:
    text = {"type": "string", "default": "x"}
    module = _fresh(tmp_path, {"a": text, "b": text}, required=["a"])
    assert module.Made().to_dict() == {"event": "Made", "a": "x", "b": "x"}
    assert module.Made.from_dict({"event": "Made", "a": "y"}).to_dict() == {
        "event": "Made",
        "a": "y",
    }
    (found,) = problems(module, module.Made.from_dict, {"event": "Made", "b": "x"})
    assert found.startswith("$.a: expected a string, got nothing")


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_wrong_far_down_is_looked_at_once(closed: bool, tmp_path: Path) -> None:
    """However deep it lies: twice at each level would be 2**60 times."""
    itself = {"$ref": "#/components/schemas/Tree"}
    tree = {
        "type": "object",
        "properties": {"left": itself, "many": {"type": "array", "items": itself}},
        **({"additionalProperties": False} if closed else {}),
    }
    schema = {"tree": {"$ref": "#/components/schemas/Tree"}}
    module = import_package(
        event_document(event("Made", schema), components={"Tree": tree}), tmp_path
    )
    for step, wrong in (("left", {"left": 1}), ("many", {"x": {1}}), ("left", {1: 2})):
        value: Any = wrong
        for _ in range(60):
            value = {step: [value] if step == "many" else value}
        found = problems(module, module.Made.from_dict, {"event": "Made", "tree": value})
        assert len(found) <= 2


def test_an_optional_key_more_is_two_lines_and_its_words() -> None:
    document = flagship_document()
    before = generate_from(document, **FLAGSHIP_CONFIG).files["events.py"]
    schemas = document["components"]["schemas"]
    for name in ("device_created_or_updated_event", "device_deleted_event"):
        device = schemas[name]["properties"]["context"]["properties"]["device"]
        device["properties"]["osVersion"] = {"type": "string", "description": "Of its system."}
    after = generate_from(document, **FLAGSHIP_CONFIG).files["events.py"]
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [
        '+    os_version: Annotated[str | None, _t.String(), "osVersion"] = None',
        '+    """Of its system."""',
        "+        os_version: str | None = None,",
    ]
    assert len(after.splitlines()) <= 607


def _enum(*values: Any, **rest: Any) -> dict[str, Any]:
    return {"enum": [*values], **rest}


def test_every_enum_has_an_alias_and_its_values(tmp_path: Path) -> None:
    components = {"Currency": _enum("EUR", "USD"), "Price": {"type": "object"}}
    properties = {
        "currency": {"$ref": "#/components/schemas/Currency"},
        "others": {"type": "array", "items": _enum("a", "b")},
        "level": _enum(1, 2.5, None),
        "single": _enum("only"),
        "spent": {"$ref": "#/components/schemas/Currency"},
    }
    module = import_package(
        event_document(event("Made", properties), components=components), tmp_path
    )
    assert module.Currency == Literal["EUR", "USD"]
    assert module.CURRENCY_VALUES == ("EUR", "USD")
    assert get_args(module.MadeOthersItem) == ("a", "b")
    assert module.MADE_LEVEL_VALUES == (1, 2.5)
    aliases = {name for name in module.__all__ if name.endswith("_VALUES")}
    assert aliases == {"CURRENCY_VALUES", "MADE_OTHERS_ITEM_VALUES", "MADE_LEVEL_VALUES"}
    assert get_type_hints(module.Made)["currency"] == module.Currency | None


def test_an_alias_gives_way_to_a_class_and_to_other_values(tmp_path: Path) -> None:
    other = {"type": "object", "properties": {"state": _enum("x", "y")}}
    properties = {"state": _enum("a", "b"), "made": {"$ref": "#/components/schemas/MadeState"}}
    document = event_document(event("Made", properties), components={"MadeState": other})
    module = import_package(document, tmp_path)
    assert dataclasses.is_dataclass(module.MadeState)
    assert get_args(module.MadeStateEnum) == ("a", "b")
    assert get_args(module.MadeStateState) == ("x", "y")


def test_an_alias_is_called_and_shared_as_configured(tmp_path: Path) -> None:
    schema = event("Made", {"one": _enum("a", "b"), "two": _enum("a", "b")})
    at = "/paths/~1events/post/requestBody/content/application~1json/schema/properties/"
    names = {f"{at}one": "Choice", f"{at}two": "Choice"}
    module = import_package(event_document(schema), tmp_path, names=names)
    assert get_args(module.Choice) == ("a", "b")
    assert module.CHOICE_VALUES == ("a", "b")
    assert not {"MadeOne", "MadeTwo"} & set(module.__all__)


def test_the_values_of_an_enum_are_called_like_nothing_else(tmp_path: Path) -> None:
    """Neither like what an operation refers to nor like a class."""
    choice = {"$ref": "#/components/schemas/Choice"}
    components = {"Choice": _enum("a", "b"), "Other": _enum("c", "d")}
    properties = {"other": {"$ref": "#/components/schemas/Other"}}
    document = event_document({"type": "array", "items": choice}, components=components)
    operation = document["paths"]["/events"]["post"] | {"operationId": "choiceValues"}
    body = {"content": {"application/json": {"schema": event("Made", properties)}}}
    document["paths"]["/events"]["post"] = operation | {"requestBody": body}
    operation["requestBody"] |= {"required": True}
    document["paths"]["/choices"] = {"post": operation | {"operationId": "choose"}}
    at = "/paths/~1events/post/requestBody/content/application~1json/schema"
    module = import_package(document, tmp_path, names={at: "OTHER_VALUES"})
    assert (module.CHOICE_VALUES, module.OTHER_VALUES_) == (("a", "b"), ("c", "d"))
    client = importlib.import_module(f"{module.__package__}.testing").RecordingClient(
        server="https://api.example.com"
    )
    client.choice_values(module.OTHER_VALUES(other="c"))
    client.choose(["a"])
    assert [each.body for each in client.requests] == [b'{"event":"Made","other":"c"}', b'["a"]']


def test_clients_import_the_classes_that_they_name() -> None:
    leaf = {"$ref": "#/components/schemas/Leaf"}
    tree = {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/Tree"}, leaf]}}
    sku = {"sku": {"type": "string"}}
    components = {"Leaf": {"type": "object", "properties": sku}, "Tree": tree}
    bodies = ({"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}, {"type": "string"})
    for body, named in zip(bodies, (True, False), strict=True):
        files = generate_from(event_document(body, components=components)).files
        for name in ("api.py", "client.py", "async_client.py"):
            assert ("import Leaf" in files[name]) == named
            assert bool(re.search(r"(?<!import )\bLeaf\b", files[name])) == named


def test_absence_can_be_read_as_none(tmp_path: Path) -> None:
    module = _fresh(tmp_path, {"note": {"type": ["string", "null"]}})
    or_none = runtime(module, "values").or_none
    assert or_none(module.Made().note) is None
    assert or_none(module.Made(note=None).note) is None
    assert or_none(module.Made(note="").note) == ""


def test_an_enum_in_a_parameter_has_an_alias_too(tmp_path: Path) -> None:
    def parameter(name: str, schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "schema": schema}

    document = event_document(event("Made"))
    document["components"]["parameters"] = {"Order": parameter("order", {"enum": ["up", "down"]})}
    ((path, item),) = document["paths"].items()
    item["parameters"] = [parameter("state", {"enum": ["on", "off", None]})]
    item["post"]["parameters"] = [
        parameter("kinds", {"type": "array", "items": {"enum": [1, 2]}}),
        parameter("one", {"enum": ["x"]}),
        {"$ref": "#/components/parameters/Order"},
    ]
    module = import_package(document, tmp_path)
    hints = get_type_hints(_client(module).send)
    assert path == "/events"
    assert hints["state"] == module.EventsState | None
    assert get_args(get_args(hints["kinds"])[0]) == (module.SendKindsItem,)
    assert hints["order"] == module.Order | None
    assert (module.EVENTS_STATE_VALUES, module.SEND_KINDS_ITEM_VALUES) == (("on", "off"), (1, 2))
    assert hints["one"] == Literal["x"] | None


def _client(events: ModuleType) -> Any:
    return importlib.import_module(f"{events.__package__}.client").Client


def test_a_program_without_docstrings_imports_it_too(tmp_path: Path) -> None:
    """Classes may refer to each other: nothing is evaluated before all are there."""
    inner = {"type": "object", "properties": {"outer": {"$ref": "#/components/schemas/Outer"}}}
    outer = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Inner"}}}
    components = {"Inner": inner, "Outer": outer}
    package = generate_package(
        event_document({"$ref": "#/components/schemas/Outer"}, components=components), tmp_path
    )
    program = (
        f"from {package.name} import Outer; print(Outer(inner={{'outer': {{}}}}).to_json_text())"
    )
    command = [sys.executable, "-OO", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ('{"inner":{"outer":{}}}\n', "")


def test_what_a_parameter_has_first_is_a_class_where_it_has_a_name(tmp_path: Path) -> None:
    """A parameter's objects have no class; the same schema may be an event elsewhere."""
    kind = {"type": "string", "enum": ["made"]}
    inner = {"type": "object", "properties": {"a": {"type": "integer"}}}
    made = {
        "type": "object",
        "properties": {"event": kind, "inner": inner},
        "required": ["event", "inner"],
    }
    reference = {"$ref": "#/components/schemas/U"}
    document = event_document(reference, components={"U": {"anyOf": [made, {"type": "number"}]}})
    query = {"name": "q", "in": "query", "schema": reference}
    asked = {"operationId": "ask", "parameters": [query], "responses": {"200": {"description": ""}}}
    document["paths"] = {"/ask": {"get": asked}, **document["paths"]}
    events = import_package(document, tmp_path)
    assert events.Made(inner=events.MadeInner(a=1)).to_dict() == {
        "event": "made",
        "inner": {"a": 1},
    }


def test_an_object_is_no_default_of_an_attribute(tmp_path: Path) -> None:
    made = _fresh(tmp_path, {"port": {"type": "object", "enum": [{}, {"a": []}], "default": {}}})
    assert "port" not in made.Made().to_dict()
    assert made.Made(port={}).to_dict()["port"] == {}
