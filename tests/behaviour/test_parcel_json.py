"""Parcels as JSON: what comes back, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviour.runtime import load

parceljson = load("_runtime.relay.parceljson")
Parcel = load("_runtime.delivery.parcels").Parcel
SIMPLE = {"v": 1, "operation": "track", "body": "{}"}

texts = st.text(st.characters(exclude_categories=["Cs"]))
targets = st.from_regex(r"(/[!-~]*)?", fullmatch=True)


@given(
    st.builds(
        Parcel,
        operation=texts.filter(bool),
        body=st.binary() | texts.map(str.encode),
        content_type=texts,
        target=targets,
        headers=st.dictionaries(texts, texts),
        key=texts,
        label=texts,
    )
)
def test_a_parcel_comes_back_as_it_was(parcel: Any) -> None:
    text = parceljson.written(parcel)
    assert text.isascii()
    assert "\n" not in text
    assert parceljson.read(text) == parceljson.read(text.encode()) == parcel


def test_the_form_is_as_it_was_written_by_version_1() -> None:
    """What waits somewhere is read for as long as this stands."""
    text = (
        '{"v":1,"operation":"groups.track","content_type":"application/json","target":"/a?b=c",'
        '"key":"42","label":"x","headers":{"X-A":"1"},"body":"{\\"\\u00e4\\":1}"}'
    )
    parcel = Parcel(
        operation="groups.track",
        content_type="application/json",
        target="/a?b=c",
        key="42",
        label="x",
        headers={"X-A": "1"},
        body='{"ä":1}'.encode(),
    )
    assert parceljson.read(text) == parcel
    assert parceljson.written(parcel) == text
    assert parceljson.read('{"v":1,"operation":"a","base64":"/wA="}').body == b"\xff\0"


@pytest.mark.parametrize("version", [2, 10**30])
def test_a_newer_version_is_not_guessed_at(version: int) -> None:
    documents: list[dict[str, Any]] = [SIMPLE, {"operation": 1}, {"body": None, "new": []}]
    for document in documents:
        with pytest.raises(parceljson.NewerParcel, match="this package reads 1"):
            parceljson.read(json.dumps({**document, "v": version}))


@pytest.mark.parametrize(
    "change",
    [
        {"v": None},
        {"v": 0},
        {"v": True},
        {"v": "1"},
        {"v": 1.0},
        {"operation": ""},
        {"operation": None},
        {"operation": 1},
        {"body": None},
        {"body": {}},
        {"body": "\ud800"},
        {"base64": "AA=="},
        {"headers": []},
        {"headers": {"a": 1}},
        {"key": 1},
        {"label": ["a"]},
        {"target": "a"},
        {"target": "/a b"},
        {"target": "/a\r\nX: 1"},
        {"target": "@evil.example/"},
        {"later": "a"},
    ],
    ids=str,
)
def test_what_is_no_parcel(change: Any) -> None:
    with pytest.raises(parceljson.NoParcel):
        parceljson.read(json.dumps({**SIMPLE, **change}))


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "1", "{", "[" * 100_000, b"\xff", '{"v":1,"operation":"a","base64":"?"}'],
    ids=lambda text: repr(text[:9]),
)
def test_what_is_not_even_an_object(text: Any) -> None:
    with pytest.raises(parceljson.NoParcel):
        parceljson.read(text)
    assert parceljson.read(json.dumps(SIMPLE)).operation == "track"
