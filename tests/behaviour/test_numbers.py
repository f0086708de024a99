"""Numbers that no float holds: read, kept, compared and written as the text they came as."""

from __future__ import annotations

import copy
import decimal
import json
import pickle
import re
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.document.load import load_bytes
from eventwright.project.pipeline import generate
from eventwright.validation.validate import validate
from support import (
    client_config,
    event,
    event_document,
    import_package,
    load_module,
    runtime,
    write_package,
)

FINER = [
    "1e5000",
    "12345678901234567890.123",
    "1e-400",
    "0.10000000000000000001",
    "-1.00000000000000000001",
]


def _text(member: str) -> bytes:
    return f'{{"event":"Seen","type":"track",{member}}}'.encode()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    properties: dict[str, Any] = {
        "price": {"type": "number"},
        "half": {"type": "number", "maximum": 0.5},
        "above": {"type": "number", "exclusiveMinimum": 0.1},
        "cents": {"type": "number", "multipleOf": 0.01},
        "count": {"type": "integer"},
        "one": {"enum": [1, 2.5]},
        "list": {"type": "array", "items": {"type": "number"}, "uniqueItems": True},
        "maybe": {"type": "number", "nullable": True},
        "map": {"type": "object", "additionalProperties": {"type": "number"}},
        "free": {},
    }
    return import_package(
        event_document(event("Seen", properties)), tmp_path_factory.mktemp("numbers")
    )


@pytest.mark.parametrize("number", FINER)
@pytest.mark.parametrize(
    "member", ['"price":{}', '"maybe":{}', '"list":[1,{}]', '"map":{{"a":{}}}', '"x":{{"y":[{}]}}']
)
def test_what_is_read_is_written(seen: ModuleType, member: str, number: str) -> None:
    expected = member.format(number)
    made = seen.parse_event(_text(expected))
    written = made.to_json()
    assert expected.encode() in written
    assert seen.Seen.from_dict(made.to_dict()).to_json() == written
    assert pickle.loads(pickle.dumps(made)).to_json() == written
    assert copy.deepcopy(made.to_dict()) == made.to_dict()


@given(
    text=st.from_regex(
        r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
    )
)
def test_every_number_comes_back_equal(seen: ModuleType, text: str) -> None:
    written = seen.parse_event(_text(f'"free":{text}')).to_json()
    found = json.loads(written, parse_float=Decimal, parse_int=Decimal)["free"]
    assert found == Decimal(text)


def test_it_is_the_nearest_float_until_it_is_written(seen: ModuleType) -> None:
    price = seen.parse_event(_text('"price":12345678901234567890.123')).price
    assert isinstance(price, float)
    assert price == 12345678901234567890.123
    assert price + 1 == 12345678901234567890.123 + 1
    assert repr(price) == f"{price}" == "12345678901234567890.123"
    with pytest.raises(AttributeError):
        setattr(price, "text", "1")  # noqa: B010 - a float, to the type checker
    with pytest.raises(AttributeError):
        delattr(price, "text")


def test_a_float_that_gives_its_text_back_stays_one(seen: ModuleType) -> None:
    for text in ("0.1", "1.10", "1e5", "1E+2", "-0.0", "123456789012.125", "2.50"):
        assert type(seen.parse_event(_text(f'"price":{text}')).price) is float


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ('"half":0.50000000000000000001', "at most 0.5"),
        ('"above":0.1', "more than 0.1"),
        ('"cents":0.01000000000000000000001', "a multiple of 0.01"),
        ('"count":12345678901234567890.5', "an integer"),
        ('"one":1.00000000000000000000001', "one of 1, 2.5"),
        ('"one":2.50000000000000000000001', "one of 1, 2.5"),
        ('"half":1e400', "at most 0.5"),
        ('"count":1e5000', "a finite number of at most 4300 digits"),
    ],
)
def test_limits_are_those_of_the_text(seen: ModuleType, member: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        seen.parse_event(_text(member))


@pytest.mark.parametrize(
    "member",
    [
        '"half":0.49999999999999999999999',
        '"above":0.10000000000000000000001',
        '"cents":12345678901234567890.12',
        '"list":[0.1,0.10000000000000000001]',
    ],
)
def test_limits_allow_what_the_text_says(seen: ModuleType, member: str) -> None:
    assert member.encode() in seen.parse_event(_text(member)).to_json()


@pytest.mark.parametrize("member", ["price", "count", "cents", "free"])
def test_a_number_beyond_floats_is_an_integer(seen: ModuleType, member: str) -> None:
    made = seen.parse_event(_text(f'"{member}":1e400'))
    assert getattr(made, member) == 10**400
    assert seen.parse_event(made.to_json()) == made


def test_a_whole_number_is_kept_as_an_integer(seen: ModuleType) -> None:
    count = seen.parse_event(_text('"count":12345678901234567890123.0')).count
    assert (count, type(count)) == (12345678901234567890123, int)


def test_exponents_without_end_are_no_trap(seen: ModuleType) -> None:
    huge = seen.parse_event(_text('"price":1e400000000,"cents":1e400000000,"list":[1e400000000,0]'))
    assert huge.to_json().count(b"1e400000000") == 3
    small = _text('"cents":1e-400000000')
    with pytest.raises(ValueError, match=r"a multiple of 0\.01, got 1e-400000000 \(float\)"):
        seen.parse_event(small)
    with pytest.raises(ValueError, match="the exponent of a number has too many digits"):
        seen.parse_event(_text('"free":1e-99999999999999999999'))
    with decimal.localcontext() as context:
        context.traps[decimal.InvalidOperation] = False
        with pytest.raises(ValueError, match="the exponent of a number has too many digits"):
            seen.parse_event(_text('"free":1e-99999999999999999999'))


@pytest.mark.parametrize("text", ["1_000.5", " 1.5", "nan", "1.5,2", "01.5", "1.", "\u0661.5"])
def test_only_json_numbers_can_be_made(seen: ModuleType, text: str) -> None:
    with pytest.raises(ValueError, match="not a JSON number"):
        runtime(seen, "values.numbers").WireNumber(text)


DOCUMENTED = {
    "const": ("0.10000000000000000000001", "0.1"),
    "enum": ("0.10000000000000000000001", "0.1"),
    "minimum": ("0.10000000000000000000002", "0.1"),
    "maximum": ("1e400", "1e401"),
    "multipleOf": ("3.00000000000000000003", "3.0"),
}


@pytest.mark.parametrize("name", ["json", "yaml"])
def test_the_numbers_of_a_document_are_exact(name: str, tmp_path: Path) -> None:
    said = {"maximum": "1e400", "multipleOf": "1.00000000000000000001"}
    finer = "0.10000000000000000000001"
    schemas = {
        keyword: {keyword: [f"<{finer}>"] if keyword == "enum" else f"<{said.get(keyword, finer)}>"}
        for keyword in DOCUMENTED
    }
    text = json.dumps(event_document(event("Seen", schemas)))
    raw = re.sub(r'"<([^>]*)>"', r"\1", text)
    document = load_bytes(raw.encode(), f"s.{name}")
    validate(document)
    package = tmp_path / f"exact_{name}"
    write_package(generate(document, client_config()).files, package)
    module = load_module(package)
    for keyword, (good, bad) in DOCUMENTED.items():
        assert module.parse_event(f'{{"event":"Seen","{keyword}":{good}}}')
        with pytest.raises(ValueError, match=keyword):
            module.parse_event(f'{{"event":"Seen","{keyword}":{bad}}}')


REPEATED: dict[str, Callable[[int], Any]] = {
    "integers": lambda i: i,
    "integers of one hash": lambda i: i * (2**61 - 1),
    "objects": lambda i: {"a": i, "b": [i, None]},
    "mixed": lambda i: [i, str(i), i + 0.5, {"a": [i]}, [[i]], i % 2 == 0][i % 5],
    "large floats": lambda i: 2.0**60 * i,
}


@pytest.mark.parametrize("name", REPEATED)
def test_repeated_items_are_found_in_linear_time(seen: ModuleType, name: str) -> None:
    kinds = runtime(seen, "kinds.base")
    kind = runtime(seen, "kinds.nesting").Array(kinds.AnyValue(), unique=True)
    items = [REPEATED[name](i) for i in range(20_000)]
    before = time.process_time()
    assert kinds.accepts(kind, items)
    assert not kinds.accepts(kind, [*items, REPEATED[name](7)])
    assert time.process_time() - before < 10  # in square time it takes many minutes


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1", "1.0"),
        ("0", "-0.0"),
        ("1e23", "100000000000000000000000"),
        ("12345678901234567890123.0", "12345678901234567890123"),
        ("1e400", "10e399"),
        ("0.10000000000000000001", "0.100000000000000000010"),
        ('{"a":1,"b":[true]}', '{"b":[true],"a":1.0}'),
    ],
)
def test_items_that_say_the_same_repeat(seen: ModuleType, one: str, two: str) -> None:
    kinds, loads = runtime(seen, "kinds.base"), runtime(seen, "values.jsontext").loads
    kind = runtime(seen, "kinds.nesting").Array(kinds.AnyValue(), unique=True)
    assert not kinds.accepts(kind, loads(f"[{one},{two}]"))
    assert not kinds.accepts(kind, loads(f"[[{one}],[{two}]]"))


@pytest.mark.parametrize(
    "items",
    [
        "[1,true,0,false,null,[],{}]",
        '["1",1]',
        '[[1],["list",1],[[1]],{"1":1}]',
        "[0.1,0.1000000000000000055511151231257827]",
        "[100000000000000000000000,99999999999999991611392]",
    ],
)
def test_items_that_differ_do_not(seen: ModuleType, items: str) -> None:
    kinds, loads = runtime(seen, "kinds.base"), runtime(seen, "values.jsontext").loads
    array = runtime(seen, "kinds.nesting").Array
    assert kinds.accepts(array(kinds.AnyValue(), unique=True), loads(items))


@given(
    digits=st.integers(-(10**30), 10**30),
    exponent=st.integers(-40, 40),
    step=st.integers(1, 10**6),
    scale=st.integers(-30, 30),
)
def test_multiples_are_those_of_fractions(
    seen: ModuleType, digits: int, exponent: int, step: int, scale: int
) -> None:
    parse, decimals = runtime(seen, "values.numbers").parse_real, runtime(seen, "values.decimals")
    one, of = (parse(text) for text in (f"{digits}e{exponent}", f"{step}e{scale}"))
    exact = Fraction(digits) * Fraction(10) ** exponent / (Fraction(step) * Fraction(10) ** scale)
    assert decimals.is_multiple(one, of) == (exact.denominator == 1)
