"""The contract's hash moves when what may travel moves, and with nothing else."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drift.documents import flagship, varied
from drift.edits import EDITS
from drift.rewrites import REWRITES
from eventwright.config.config import ClientConfig
from eventwright.document.load import load_bytes
from eventwright.lower.document import lower
from eventwright.model.contract import contract_sha256
from support import ROOT, event, event_document, flagship_document

SHARED = ROOT / "tests/drift/shared"
INDEX: dict[str, Any] = json.loads((SHARED / "index.json").read_text("utf-8"))


def contract(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    config = ClientConfig(spec="spec.json", output="gen/pkg")
    return contract_sha256(lower(load_bytes(raw, "spec.json"), config))


def described(schema: Any) -> str:
    return contract(event_document(schema))


@pytest.mark.parametrize("case", INDEX["mutations"], ids=lambda case: case["id"])
def test_the_known_cases(case: dict[str, Any]) -> None:
    same = contract((SHARED / case["file"]).read_bytes()) == contract(flagship_document())
    assert same == (case["truth"] in ("none", "docs"))


@settings(max_examples=30)
@given(
    st.sampled_from(["flagship", "varied"]),
    st.lists(st.sampled_from(sorted(REWRITES)), min_size=1, max_size=6),
    st.sampled_from(sorted(EDITS)),
    st.integers(0, 2**32),
)
def test_rewrites_leave_it_and_breaking_edits_do_not(
    name: str, steps: list[str], edit: str, seed: int
) -> None:
    """The same rewrites and edits that the drift rules are held to."""
    data = copy.deepcopy({"flagship": flagship, "varied": varied}[name]())
    edited = copy.deepcopy(data)
    EDITS[edit](edited, Random(seed))
    before = contract(data)
    for each in (data, edited):
        random = Random(seed)
        for step in steps:
            REWRITES[step](each, random)
    assert contract(data) == before
    assert contract(edited) != before


def shuffled(node: Any, random: Random) -> Any:
    if isinstance(node, dict):
        items = [(key, shuffled(each, random)) for key, each in node.items()]
        random.shuffle(items)
        return dict(items)
    if isinstance(node, list):
        return [shuffled(each, random) for each in node]
    return node


@pytest.mark.parametrize("seed", range(5))
def test_order_of_keys(seed: int) -> None:
    assert contract(shuffled(flagship_document(), Random(seed))) == contract(flagship_document())


def test_one_bytes_for_all_time() -> None:
    """A new release must not make every lock differ for nothing: change this on purpose only."""
    assert described(event("A", {"n": {"type": "integer"}})) == (
        "e2bcf0f935e6266cdcc2583901cebeb72b4cd457f0a5af6fe16e29af7bc80de9"
    )


SPELLINGS = {
    "const": ({"const": "a"}, {"enum": ["a"]}),
    "integers": ({"minimum": 1, "type": "integer"}, {"minimum": 1.0, "type": "integer"}),
    "enum": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "union": (
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    ),
    "words": ({"type": "string", "description": "a", "examples": ["x"]}, {"type": "string"}),
    "required": (
        {"anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]},
        {"anyOf": [{"required": ["c"]}, {"required": ["b", "a"]}]},
    ),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_spellings(case: str) -> None:
    one, two = SPELLINGS[case]
    assert described(event("A", {"x": one})) == described(event("A", {"x": two}))


DIFFERENT = {
    "type": ({"type": "string"}, {"type": "integer"}),
    "true and 1": ({"const": True}, {"const": 1}),
    "text and number": ({"const": "1"}, {"const": 1}),
    "default": ({"type": "string"}, {"type": "string", "default": None}),
    "deprecated": ({"type": "string"}, {"type": "string", "deprecated": True}),
    "unknown keyword": ({"type": "string"}, {"type": "string", "contentEncoding": "base64"}),
    "condition": (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
        {"if": {"required": ["b"]}, "then": {"required": ["a"]}, "else": {"required": ["c"]}},
    ),
    "then and else": (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
        {"if": {"required": ["a"]}, "then": {"required": ["c"]}, "else": {"required": ["b"]}},
    ),
    "prefix": (
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
    ),
    "bounds": (
        {"type": "array", "contains": {"const": 1}, "minContains": 2, "maxContains": 3},
        {"type": "array", "contains": {"const": 1}, "minContains": 1, "maxContains": 3},
    ),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_differences(case: str) -> None:
    one, two = DIFFERENT[case]
    assert described(event("A", {"x": one})) != described(event("A", {"x": two}))


def chain(depth: int, last: dict[str, Any]) -> Any:
    """Objects nested so deep, the last of which leads back to the first."""
    schemas: dict[str, Any] = {
        f"n{i}": {
            "type": "object",
            "properties": {"next": {"$ref": f"#/components/schemas/n{i + 1}"}},
        }
        for i in range(depth)
    }
    schemas[f"n{depth}"] = {
        "type": "object",
        "properties": {"v": last, "first": {"$ref": "#/components/schemas/n0"}},
    }
    start = event("A", {"x": {"$ref": "#/components/schemas/n0"}})
    return event_document(start, components=schemas)


def two_chains(first: str, second: str) -> Any:
    """Two nested objects that differ at their far ends, each behind one key of the event."""
    schemas: dict[str, Any] = {}
    for name in ("a", "b"):
        for i in range(5):
            below = {"$ref": f"#/components/schemas/{name}{i + 1}"}
            schemas[f"{name}{i}"] = {"type": "object", "properties": {"next": below}}
    schemas["a5"] = {"type": "object", "properties": {"v": {"type": "string"}}}
    schemas["b5"] = {"type": "object", "properties": {"v": {"type": "integer"}}}
    keys = {"x": {"$ref": f"#/components/schemas/{first}0"}}
    keys["y"] = {"$ref": f"#/components/schemas/{second}0"}
    return event_document(event("A", keys), components=schemas)


def test_far_ends_that_changed_places() -> None:
    assert contract(two_chains("a", "b")) != contract(two_chains("b", "a"))


def test_a_tagged_union_is_one_whichever_way_it_is_written() -> None:
    arms = [event("A"), event("B")]
    assert described({"oneOf": arms}) == described({"anyOf": arms})
    plain = [{"type": "integer"}, {"type": "number"}]
    one, two = ({key: plain} for key in ("oneOf", "anyOf"))
    assert described(event("A", {"x": one})) != described(event("A", {"x": two}))


def test_what_is_said_beside_a_reference() -> None:
    shape = {"type": "object", "properties": {"a": {"type": "string"}}}
    beside = {"$ref": "#/components/schemas/shape", "deprecated": True}
    referred = event_document(event("A", {"x": beside}), components={"shape": shape})
    assert contract(referred) == described(event("A", {"x": {**shape, "deprecated": True}}))


def test_recursion_and_depth() -> None:
    assert contract(chain(30, {"type": "string"})) != contract(chain(30, {"type": "integer"}))
    assert contract(chain(30, {"type": "string"})) == contract(chain(30, {"type": "string"}))
    renamed = json.dumps(chain(3, {"type": "string"})).replace("n1", "other")
    assert contract(renamed.encode()) == contract(chain(3, {"type": "string"}))
