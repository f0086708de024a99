"""JSON text of the runtime: what is done the fast way says what the slow one says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.runtime.runtime import runtime

jsontext: Any = runtime("values.jsontext")
frozen: Any = runtime("values.frozen")

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=12),
    max_leaves=20,
)


def _standard(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@given(_JSON)
def test_it_writes_what_the_standard_library_writes(value: Any) -> None:
    assert jsontext.dumps(value) == _standard(value)
    kept = frozen.freeze(value, (), [])
    assert jsontext.dumps(kept) == _standard(value)


@pytest.mark.parametrize("value", [{1: 2}, {None: 1, "a": True}, [{True: {}}], {"a": (1, [])}])
def test_what_only_the_standard_library_knows(value: Any) -> None:
    assert jsontext.dumps(value) == _standard(value)


@pytest.mark.parametrize("value", [float("nan"), {"a": float("inf")}, {"a": {"b": {1}}}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        jsontext.dumps(value)


def _pairs(value: Any) -> Any:
    """JSON text in which a key may stand twice, from a list of keys and values."""
    if isinstance(value, list):
        return "{" + ",".join(f"{json.dumps(k)}:{_pairs(v)}" for k, v in value) + "}"
    return json.dumps(value)


_KEYS = st.sampled_from(["a", "b", 'a":', ":", '"', "\\", 'x":"y', "é"])
_OBJECTS = st.recursive(
    st.sampled_from([1, "", 'a":', " :", '\\":', None]),
    lambda inner: st.lists(st.tuples(_KEYS, inner), max_size=4),
    max_leaves=8,
)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("twice")
    return dict(pairs)


@given(_OBJECTS, st.sampled_from(["", " ", "\n", "\t", "\r\n"]), st.booleans())
def test_a_key_that_stands_twice_is_found(value: Any, space: str, around: bool) -> None:
    text = _pairs(value).replace('":', f'"{space}:') if around else _pairs(value)
    text = space + text + space
    try:
        expected = json.loads(text, object_pairs_hook=_unique)
    except ValueError:
        with pytest.raises(ValueError, match=r"\S"):
            jsontext.loads(text)
    else:
        assert jsontext.loads(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[1,]", "nul", "1 2", "{} {}", "\ufeff{}", "[" * 100_000, '{"a":1}x']
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        jsontext.loads(text)
