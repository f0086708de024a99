"""What refers twice to what refers twice … costs what the document is long, and means the same."""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviour.test_agrees_with_jsonschema import agree, validator
from eventwright.cli.printing.inspection import plain
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.drift.compare import compare
from eventwright.emit.declarations.events import events_view
from eventwright.emit.flavours.schemas import schemas
from eventwright.emit.views.client import client_view
from eventwright.lower.document import lower
from eventwright.lower.schemas import objects
from eventwright.lower.schemas.alternatives import MAX_ALTERNATIVES
from eventwright.model import contract
from eventwright.model.model import Model, UnionType
from eventwright.model.reachable import emitted
from eventwright.runtime.kinds import Kinds
from growing import (
    BODIES,
    TEXT,
    VALUES,
    body_document,
    circles,
    condition_document,
    value_document,
)
from support import SHOWN, client_config, event, event_document, import_package, runtime

FEW = 9
"""Enough for 2^FEW to be more than what is written out."""

LINKS = 14
"""Enough for each bound to be reached; twice as many nest almost as deep as they may."""

SECOND = {"$ref": "#/components/schemas/s1"}

FAR_TOO_MUCH = 20_000_000
"""Calls: so that what doubles with each link fails before it ends."""


def work(data: Any) -> tuple[int, int]:
    """How many calls all the stages take, and how long the views of the result are."""
    count = 0

    def profile(frame: FrameType, what: str, argument: object) -> None:
        nonlocal count
        count += what == "call"
        if count > FAR_TOO_MUCH:
            raise OverflowError

    sys.setprofile(profile)
    try:
        model = _model(data)
        contract.contract_sha256(model)
        compare(model, _model(data))
        plain(model)
        schemas(model, emitted(model))
        kinds = Kinds(model, emitted(model))
        events = events_view(model, kinds)
        views = events, client_view(model, kinds, events.events, "")
    finally:
        sys.setprofile(None)
    return count, len(repr(views))


def grows_with_the_document(document: Callable[[int], Any]) -> None:
    """From N to 2 N links: 2 times the work and output, 4 if they grew with the square."""
    for one, two in zip(work(document(LINKS)), work(document(2 * LINKS)), strict=True):
        assert two < 3.7 * one


@pytest.mark.heavy
@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    grows_with_the_document(lambda links: value_document(name, links))


@pytest.mark.heavy
@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str) -> None:
    grows_with_the_document(lambda links: body_document(name, links))


@pytest.mark.parametrize("last", ["string", ["string", "null"]])
def test_null_is_counted_where_an_alias_takes_it(last: Any, tmp_path: Path) -> None:
    data = value_document("oneOf with null", FEW, {"type": last})
    module = import_package(data, tmp_path)
    oracle = validator(data, _body(data))
    agree(module, oracle, {"event": "A", "value": None})
    agree(module, oracle, {"event": "A", "value": "text"})


def _json() -> st.SearchStrategy[Any]:
    """Values that some of the links speak of."""
    keys = st.sampled_from(["a", "b", "p0", "p8", *(f"{key}{n}" for key in "ab" for n in range(3))])
    return st.recursive(
        st.sampled_from(["", "text", 1, None]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=5,
    )


def _chosen() -> st.SearchStrategy[Any]:
    """What has one of two keys for each link, nearly or quite."""
    keys = [st.sampled_from([(f"a{n}",), (f"b{n}",), (f"a{n}", f"b{n}")]) for n in range(FEW)]
    return st.tuples(*keys).map(lambda found: {key: "text" for some in found for key in some[:1]})


def sampled(names: Iterable[str]) -> list[Any]:
    """The first two on every save, the others in CI."""
    return [
        name if number < 2 else pytest.param(name, marks=pytest.mark.heavy)
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize("name", sampled(VALUES))
def test_values_mean_what_they_meant(name: str, tmp_path: Path) -> None:
    data = value_document(name, FEW, {"type": ["string", "object"]})
    module = import_package(data, tmp_path)
    oracle = validator(data, _body(data))

    @settings(max_examples=20)
    @given(_json() | _chosen())
    def check(value: Any) -> None:
        agree(module, oracle, {"event": "A", "value": value})

    check()


# A discriminator says more than JSON Schema knows of.
@pytest.mark.parametrize("name", sampled(n for n in BODIES if "discriminator" not in n))
def test_bodies_mean_what_they_meant(name: str, tmp_path: Path) -> None:
    data = body_document(name, FEW)
    module = import_package(data, tmp_path)
    oracle = validator(data, _body(data))
    api = importlib.import_module(f"{module.__package__}.api")

    @settings(max_examples=40)
    @given(_body_values())
    def check(value: Any) -> None:
        assert _takes(module, api, value) == oracle.is_valid(value)

    check()


def _body_values() -> st.SearchStrategy[Any]:
    events = st.fixed_dictionaries(
        {}, optional={"event": st.sampled_from(["A", "B", "C"]), "a": st.sampled_from(["", 1])}
    )
    return st.tuples(events, _chosen() | _json()).map(
        lambda parts: {**parts[0], **(parts[1] if isinstance(parts[1], dict) else {})}
    )


def _takes(module: ModuleType, api: ModuleType, value: Any) -> bool:
    """Whether the operation would send this JSON."""
    if hasattr(api, "SEND_BODY"):
        return bool(runtime(module, "kinds.base").accepts(api.SEND_BODY, value))
    for builder in api.SEND_BODIES:
        with contextlib.suppress(runtime(module, "values.problems").ValidationError):
            return bool(builder.from_dict(value))
    return False


def test_many_alternatives_that_are_written_out_stay_events() -> None:
    arms = [event(f"Event {number}") for number in range(2 * MAX_ALTERNATIVES)]
    data = event_document({"type": "object", "properties": {"userId": TEXT}, "oneOf": arms})
    assert len(_model(data).events) == len(arms)


def test_a_body_is_no_alias_though_it_is_one_inside_another() -> None:
    last = {"oneOf": [event("A"), event("B")]}
    data = value_document("anyOf", LINKS, last)
    whole = {"requestBody": {"content": {"application/json": {"schema": SECOND}}}}
    data["paths"]["/whole"] = {"post": {**whole, "responses": {"200": {"description": "Taken."}}}}
    held, body = (operation.body for operation in _model(data).operations)
    assert held is not None
    assert body is not None
    assert isinstance(body.contents[0].type, UnionType)


def test_conditions_may_lead_on_for_long() -> None:
    model = _model(condition_document(700))
    kinds = Kinds(model, emitted(model))
    view = events_view(model, kinds)
    expressions = [key.annotation for each in view.classes for key in each.keys]
    for expression in (*expressions, *dict(view.shared).values()):
        ast.parse(expression)
    assert len(view.shared) > 1


@pytest.mark.parametrize("links", [10, 11])
def test_a_long_chain_of_conditions_means_what_it_meant(links: int, tmp_path: Path) -> None:
    data = condition_document(40 + links)
    module = import_package(data, tmp_path)
    oracle = validator(data, _body(data))
    for value in ({}, {"a": "text"}, {"a": 1}, "text"):
        agree(module, oracle, {"event": "A", "value": value})


def test_the_contract_of_a_chain_is_hashed_once_for_each_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = 0
    hash_of = contract._Rounds._hash

    def counted(rounds: Any, key: Any) -> str:
        nonlocal looked
        looked += 1
        return hash_of(rounds, key)

    monkeypatch.setattr(contract._Rounds, "_hash", counted)
    counts = []
    for links in (100, 200):
        looked = 0
        contract.contract_sha256(_model(value_document("keys", links)))
        counts.append(looked)
    assert 100 < counts[0] < 150
    assert 200 < counts[1] < 250


def test_circles_that_meet_in_every_combination_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(objects, "MAX_MERGED", 100)
    assert len(_model(circles(3, 4, 5)).objects) > 60
    with pytest.raises(DocumentError) as caught:
        _model(circles(3, 4, 5, 7))
    (problem,) = caught.value.diagnostics
    assert problem.code == "E316"


def _model(data: Any) -> Model:
    return lower(load_bytes(json.dumps(data).encode(), SHOWN), client_config())


def _body(data: Any) -> Any:
    (content,) = data["paths"]["/events"]["post"]["requestBody"]["content"].values()
    return content["schema"]
