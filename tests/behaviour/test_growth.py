"""What refers twice to what refers twice … costs what the document is long, and means the same."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviour.test_agrees_with_jsonschema import agree, validator
from eventwright.contract import contract_sha256
from eventwright.drift import compare
from eventwright.flavours.schemas import schemas
from eventwright.inspect import plain
from eventwright.load import load_bytes
from eventwright.lower import lower
from eventwright.reach import emitted
from eventwright.views.client import client_view
from eventwright.views.events import events_view
from eventwright.views.kinds import Kinds
from growing import BODIES, VALUES, body_document, value_document
from support import SHOWN, client_config, import_package, runtime

FEW = 9
"""Enough for 2^FEW to be more than what is written out."""

LINKS = 14
"""Enough for each bound to be reached; twice as many nest almost as deep as they may."""

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

    document = load_bytes(json.dumps(data).encode(), SHOWN)
    config = client_config()
    sys.setprofile(profile)
    try:
        model = lower(document, config)
        contract_sha256(model)
        compare(model, lower(document, config))
        plain(model)
        schemas(model, emitted(model))
        kinds = Kinds(model, emitted(model))
        events = events_view(model, kinds)
        views = events, client_view(model, kinds, events.events)
    finally:
        sys.setprofile(None)
    return count, len(repr(views))


def grows_with_the_document(document: Callable[[int], Any]) -> None:
    """From N to 2 N links: 2 times the work and output, 4 if they grew with the square."""
    for one, two in zip(work(document(LINKS)), work(document(2 * LINKS)), strict=True):
        assert two < 3.7 * one


@pytest.mark.parametrize("name", VALUES)
def test_values(name: str) -> None:
    grows_with_the_document(lambda links: value_document(name, links))


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str) -> None:
    grows_with_the_document(lambda links: body_document(name, links))


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


@pytest.mark.parametrize("name", VALUES)
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
@pytest.mark.parametrize("name", [name for name in BODIES if "discriminator" not in name])
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
        return bool(runtime(module, "kinds").accepts(api.SEND_BODY, value))
    for builder in api.SEND_BODIES:
        with contextlib.suppress(runtime(module, "problems").ValidationError):
            return bool(builder.from_dict(value))
    return False


def _body(data: Any) -> Any:
    (content,) = data["paths"]["/events"]["post"]["requestBody"]["content"].values()
    return content["schema"]
