"""The Pydantic models and the builders: two witnesses of one document, convertible both ways."""

from __future__ import annotations

import copy
import importlib
import itertools
import json
import os
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyword_example import Keyword
from keyword_schemas import KEYWORDS
from support import (
    FLAGSHIP_CONFIG,
    ROOT,
    event,
    event_document,
    flagship_document,
    generate_from,
    load_module,
    runtime,
    write_package,
)

EXTRA: dict[str, Any] = {
    "messageId": "m-1",
    "user_id": 3,
    "": None,
    "self": [1.5, {"a": None}],
    "model_config": 1,
}
DEVICE = {"token": "t", "type": "ios", "idfa": "x"}
DELIVERY = {"deliveryId": "d1", "metric": "clicked", "href": "https://x.example/?a=\u2028é"}
COMMON = {
    "timestamp": "2021-07-14T19:10:25.000Z",
    "integrations": {"All": False, "n": {"deep": [1, 2.0, None]}},
}
FULL: dict[str, dict[str, Any]] = {
    "Device Created or Updated": {"userId": "42", "context": {"device": DEVICE, "ip": "8.8.8.8"}},
    "Device Deleted": {"userId": "42", "context": {"device": DEVICE}},
    "User Deleted": {"userId": "42", "properties": {"why": "asked"}, "context": {}},
    "User Suppressed": {"userId": "42", "properties": {"why": "asked"}, "context": {}},
    "User Unsuppressed": {"userId": "42", "properties": {}, "context": {"a": 1}},
    "Relationship Deleted": {"userId": "1", "properties": {"objectId": "acme", "objectTypeId": 2}},
    "Object Deleted": {"anonymousId": "x", "properties": {"objectId": "acme", "objectTypeId": 1}},
    "Report Delivery Event": {"properties": DELIVERY, "context": {"a": None}},
}
_numbers = itertools.count()
OMITTABLE = {"timestamp", "integrations", "context", "properties"}


def package(document: dict[str, Any], folder: Path, **config: Any) -> SimpleNamespace:
    """`events` and `models` of a package generated with the flavour."""
    made = generate_from(document, flavours=("pydantic",), **config)
    name = f"with_pydantic_{next(_numbers)}"
    write_package(made.files, folder / name)
    events = load_module(folder / name)
    return SimpleNamespace(
        events=events,
        models=importlib.import_module(f"{name}.pydantic_models"),
        ValidationError=runtime(events, "values.problems").ValidationError,
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return package(flagship_document(), tmp_path_factory.mktemp("pydantic"), **FLAGSHIP_CONFIG)


def wire(literal: str, **changes: Any) -> dict[str, Any]:
    body = {"type": "track", "event": literal, **COMMON, **FULL[literal], **changes}
    return copy.deepcopy(body)


def from_wire(model: Any, data: Any) -> Any:
    """As `from_builder` reads: wire names only."""
    return model.model_validate(data, by_alias=True, by_name=False)


def builder_of(both: SimpleNamespace, name: str, data: Any) -> Any:
    """The builder, or None when it refuses."""
    try:
        return getattr(both.events, name).from_dict(data)
    except both.ValidationError:
        return None


def model_of(both: SimpleNamespace, name: str, data: Any) -> Any:
    """The model, or None when it refuses."""
    try:
        return from_wire(getattr(both.models, name), data)
    except pydantic.ValidationError:
        return None


def names(both: SimpleNamespace) -> dict[str, str]:
    return {cls.event: cls.__name__ for cls in both.events.Event.__args__}


def check_equal(model: Any, builder: Any) -> None:
    """The two say the same, in both directions, to the byte."""
    assert model.model_dump(mode="json") == builder.to_dict()
    assert json.loads(model.model_dump_json()) == json.loads(builder.to_json())
    assert model.to_builder() == builder
    assert model.to_builder().to_json() == builder.to_json()
    again = type(model).from_builder(builder)
    assert again == model
    assert again.model_dump(mode="json") == builder.to_dict()


@pytest.mark.parametrize("literal", FULL)
@pytest.mark.parametrize("extra", [{}, EXTRA], ids=["plain", "extra"])
def test_every_event_converts_both_ways(
    both: SimpleNamespace, literal: str, extra: dict[str, Any]
) -> None:
    data = wire(literal, **extra)
    name = names(both)[literal]
    builder = getattr(both.events, name).from_dict(data)
    assert builder.to_dict() == data
    check_equal(getattr(both.models, name).from_builder(builder), builder)


@pytest.mark.parametrize("literal", FULL)
def test_absent_keys_stay_absent(both: SimpleNamespace, literal: str) -> None:
    full = FULL[literal]
    required: dict[str, Any] = {key: full[key] for key in full if key not in OMITTABLE}
    for data in (required, full):
        body = {"type": "track", "event": literal, **data}
        builder, model = (find(both, names(both)[literal], body) for find in (builder_of, model_of))
        assert (builder is None) == (model is None)
        if model is not None:
            assert model.model_dump() == body
            check_equal(model, builder)


@pytest.mark.parametrize("literal", FULL)
def test_each_refuses_what_the_other_refuses(both: SimpleNamespace, literal: str) -> None:
    name = names(both)[literal]
    odd: tuple[Any, ...] = (None, True, 0, 1, 2.0, 1.5, "", "x", "1", [], ["x"], {}, {"a": 1})
    refused = 0
    for keys in _places(wire(literal)):
        for value in odd:
            data = wire(literal)
            _put(data, keys, value)
            builder, model = builder_of(both, name, data), model_of(both, name, data)
            assert (builder is None) == (model is None), (keys, value)
            refused += builder is None
            if model is not None:
                check_equal(model, builder)
    assert refused > 40


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict):
        return []
    return [p for key, inner in value.items() for p in ((*at, key), *_places(inner, (*at, key)))]


def _put(data: Any, keys: tuple[Any, ...], value: Any) -> None:
    for key in keys[:-1]:
        data = data[key]
    data[keys[-1]] = value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
MOMENTS = st.datetimes(timezones=st.timezones() | st.just(UTC)).map(datetime.isoformat)
VALUES = {
    "timestamp": MOMENTS,
    "properties": st.fixed_dictionaries(
        {"objectId": st.text(), "deliveryId": st.text(), "metric": st.sampled_from(["clicked"])},
        optional={"objectTypeId": st.integers() | JSON, "object_type_id": JSON, "reason": JSON},
    ),
    "context": st.fixed_dictionaries(
        {"device": st.fixed_dictionaries({"token": st.text() | JSON})}
    ),
}


@given(data=st.data(), literal=st.sampled_from([*FULL]))
def test_they_agree_on_whatever_comes(
    both: SimpleNamespace, data: st.DataObject, literal: str
) -> None:
    keys = ("userId", "user_id", "anonymousId", "anonymous_id", "timestamp", "context", "extra")
    changes = {
        key: data.draw(VALUES.get(key, st.text()) | JSON, label=key)
        for key in data.draw(st.sets(st.sampled_from([*keys, "properties", "integrations", "x"])))
    }
    body = {**wire(literal), **changes}
    name = names(both)[literal]
    builder, model = builder_of(both, name, body), model_of(both, name, body)
    assert (builder is None) == (model is None)
    if model is not None:
        check_equal(model, builder)


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_they_agree_on_every_keyword(keyword: str, tmp_path: Path) -> None:
    case: Keyword = KEYWORDS[keyword]
    schema = event("Tried", {"value": case.schema})
    document = event_document(schema, version=case.version, components=case.components)
    tried = package(document, tmp_path)
    for value in (*case.good, *case.bad):
        body = {"event": "Tried", "value": value}
        builder, model = (find(tried, "Tried", body) for find in (builder_of, model_of))
        assert (builder is None) == (model is None), value
        if model is not None:
            check_equal(model, builder)


def test_models_are_made_from_attributes_or_wire_names(both: SimpleNamespace) -> None:
    models, events = both.models, both.events
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    device = models.Device(token="t", type="ios")
    one = models.DeviceDeleted(
        user_id="42", context=models.DeviceContext(device=device), timestamp=now
    )
    two = models.DeviceDeleted(userId="42", context={"device": device}, timestamp=now)
    assert one == two
    assert one.to_builder() == events.DeviceDeleted(
        user_id="42", context={"device": {"token": "t", "type": "ios"}}, timestamp=now
    )
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        one.user_id = "43"


def test_constants_are_always_written(both: SimpleNamespace) -> None:
    made = both.models.UserDeleted(user_id="u")
    body = {"type": "track", "event": "User Deleted", "userId": "u"}
    assert made.model_dump() == made.model_dump(exclude_unset=True) == body
    assert json.loads(made.model_dump_json()) == body
    with pytest.raises(pydantic.ValidationError):
        both.models.UserDeleted(user_id="u", event="User Deletd")


def test_the_default_counts_but_is_not_written(both: SimpleNamespace) -> None:
    made = both.models.ObjectDeletedProperties(object_id="a")
    assert made.object_type_id == 1
    assert made.model_dump() == {"objectId": "a"}
    assert made.to_builder().to_dict() == {"objectId": "a"}


def test_undeclared_keys_may_be_called_like_attributes(both: SimpleNamespace) -> None:
    read = both.events.ObjectDeletedProperties.from_dict
    for data in (
        {"objectId": "a", "object_type_id": "x"},
        {"objectId": "a", "objectTypeId": 2, "object_type_id": 3},
        {"objectId": "a", "object_id": None},
    ):
        builder = read(data)
        check_equal(both.models.ObjectDeletedProperties.from_builder(builder), builder)


def test_timestamps_are_aware_and_keep_their_text(both: SimpleNamespace) -> None:
    deleted = both.models.UserDeleted
    text = "2016-12-31T23:59:60.120-00:00"
    body = {"type": "track", "event": "User Deleted", "userId": "u", "timestamp": text}
    read = deleted.model_validate_json(json.dumps(body))
    assert json.loads(read.model_dump_json())["timestamp"] == text
    assert read.to_builder().to_dict()["timestamp"] == text
    for bad in (datetime(2026, 1, 1), date(2026, 1, 1), 1700000000, "2026-01-01", "now"):
        with pytest.raises(pydantic.ValidationError):
            deleted(user_id="u", timestamp=bad)
    eastern = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-5)))
    assert deleted(user_id="u", timestamp=eastern).to_builder().timestamp == eastern


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity"])
def test_json_that_is_none_is_refused(both: SimpleNamespace, number: str) -> None:
    for place in ("extra", "integrations"):
        text = f'{{"type": "track", "event": "User Deleted", "{place}": {{"n": {number}}}}}'
        with pytest.raises(pydantic.ValidationError, match="finite"):
            both.models.UserDeleted.model_validate_json(text)


def test_where_the_two_differ(both: SimpleNamespace) -> None:
    """All known differences. Pydantic does not know reading from making."""
    models, events = both.models, both.events
    # None is null, never "not given".
    assert events.UserDeleted(user_id="u", timestamp=None).timestamp is None
    with pytest.raises(pydantic.ValidationError, match="leave the key out"):
        models.UserDeleted(user_id="u", timestamp=None)
    # A default is written by a new builder, not by a new model.
    assert events.ObjectDeletedProperties(object_id="a").to_dict()["objectTypeId"] == 1
    # Half of a surrogate pair, for which Pydantic has no JSON.
    surrogate = events.Device(token="\ud800", extra={"a": 1})
    assert surrogate.to_json() == b'{"token":"\\ud800","a":1}'
    with pytest.raises(pydantic.ValidationError, match="half of a surrogate pair"):
        models.Device.from_builder(surrogate)
    with pytest.raises(pydantic.ValidationError):
        models.Device.model_validate_json(surrogate.to_json())
    for extra in ({"\ud800": 1}, {"a": ["\ud800"]}, {"a": {"\ud800": 1}}):
        with pytest.raises(pydantic.ValidationError, match=r"surrogate pair|valid string"):
            models.Device(token="a", **extra)
    # A key twice in one object: Pydantic takes the last.
    twice = '{"token": "a", "token": "b"}'
    assert models.Device.model_validate_json(twice).token == "b"
    with pytest.raises(both.ValidationError):
        events.Device.from_json(twice)


def test_numbers_are_what_a_float_holds(tmp_path: Path) -> None:
    """A builder keeps every digit; a model refuses what it would round, whatever stands around."""
    number = {"type": "number"}
    schema = event(
        "Made",
        {
            "plain": number,
            "bound": {**number, "maximum": 10},
            "listed": {"type": "array", "items": number},
            "mapped": {"type": "object", "additionalProperties": number},
            "whole": {"type": "integer"},
        },
    )
    tried = package(event_document(schema), tmp_path)
    for text in ("0.1234567890123456789012", "9.99999999999999999999", "1e-400"):
        for key, value in {"plain": text, "bound": text, "listed": f"[{text}]"}.items():
            builder = tried.events.Made.from_json(f'{{"event":"Made","{key}":{value}}}')
            assert text in builder.to_json().decode()
            with pytest.raises(pydantic.ValidationError, match="is finer than a float"):
                tried.models.Made.from_builder(builder)
        mapped = tried.events.Made.from_json(f'{{"event":"Made","mapped":{{"a":{text}}}}}')
        with pytest.raises(pydantic.ValidationError, match="is finer than a float"):
            tried.models.Made.from_builder(mapped)
    for other in (Decimal("1.5"), Fraction(1, 2), "1", True):
        for key in ("plain", "whole"):
            body = {"event": "Made", key: other}
            assert builder_of(tried, "Made", body) is model_of(tried, "Made", body) is None


SIZES: list[dict[str, Any]] = [{"maxProperties": 0}, {"minProperties": 0}, {"minProperties": 1}]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_sizes_count_alone(size: dict[str, Any], tmp_path: Path) -> None:
    """In a class of its own and in a mapping, with nothing else that asks for the builder."""
    named = {"type": "object", "properties": {"a": {"type": "string"}}, **size}
    mapping = {"type": "object", **size}
    tried = package(event_document(event("Made", {"named": named, "map": mapping})), tmp_path)
    for key in ("named", "map"):
        for value in ({}, {"a": "b"}, {"c": 1}):
            body = {"event": "Made", key: value}
            builder, model = (find(tried, "Made", body) for find in (builder_of, model_of))
            assert (builder is None) == (model is None), body


def test_received_constants_are_asked_for(tmp_path: Path) -> None:
    inner = {"type": "object", "properties": {"kind": {"const": 1}, "n": {}}, "required": ["kind"]}
    schema = event("Made", {"class": {"const": 7}, "in": inner}, required=["class"])
    tried = package(event_document(schema), tmp_path)
    made = tried.models.Made(in_={"kind": 1})
    assert made.model_dump() == {"event": "Made", "class": 7, "in": {"kind": 1}}
    for body in (
        {"class": 7},
        {"event": "Made"},
        {"event": "Made", "class": 7, "in": {}},
        {"event": "Made", "class": 7, "in": {"kind": 1}},
    ):
        builder, model = (find(tried, "Made", body) for find in (builder_of, model_of))
        assert (builder is None) == (model is None), body
        text = json.dumps(body)
        if builder is None:
            with pytest.raises(pydantic.ValidationError):
                tried.models.Made.model_validate_json(text)
        else:
            assert tried.models.Made.model_validate_json(text).to_builder() == builder


def test_any_event_is_told_by_its_literal(both: SimpleNamespace) -> None:
    adapter = pydantic.TypeAdapter(both.models.Event)
    for literal, name in names(both).items():
        assert type(adapter.validate_python(wire(literal))).__name__ == name
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_python({"userId": "u"})


def test_the_words_of_the_document_are_kept(both: SimpleNamespace) -> None:
    schema = both.models.DeviceDeleted.model_json_schema()
    assert schema["description"].startswith("Delete a device.")
    assert schema["properties"]["userId"]["description"].startswith("The user's unique identifier")


def test_the_builders_need_no_pydantic(both: SimpleNamespace) -> None:
    folder = Path(both.events.__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(folder.parent)!r}); import {folder.name}.events; "
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.heavy
@pytest.mark.parametrize(
    "command",
    [
        ("-m", "mypy", "--strict", "--python-version=3.10", "--no-incremental"),
        ("-m", "ruff", "check", "--isolated", "--quiet"),
    ],
    ids=["mypy", "ruff"],
)
def test_linters_have_nothing_to_say(both: SimpleNamespace, command: tuple[str, ...]) -> None:
    module = Path(both.models.__file__)
    done = subprocess.run(
        [sys.executable, *command, f"{module.parent.name}/{module.name}"],
        cwd=module.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.heavy
def test_pyright_has_nothing_to_say(both: SimpleNamespace) -> None:
    pyright = ROOT / "tests/node_modules/.bin/pyright"
    if not pyright.exists() and os.environ.get("CI") != "true":
        pytest.skip("the Node tools are not installed: npm ci in tests/")
    module = Path(both.models.__file__)
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "include": [f"{module.parent.name}/{module.name}"],
    }
    project = module.parent.parent / "pyrightconfig.json"
    project.write_text(json.dumps(settings), "utf-8")
    done = subprocess.run(
        [pyright, "--pythonpath", sys.executable, "-p", project],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
