"""Built = valid: a builder takes exactly what an independent JSON Schema validator takes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30Validator, OAS31Validator

from keyword_example import Keyword
from keyword_schemas import KEYWORDS, keyword_document, keyword_event
from support import flagship_document, import_package, runtime

# The formats for which jsonschema's own check is exact.
_FORMATS = ("date", "date-time", "uuid", "ipv4", "ipv6")


def _is_integer(checker: Any, value: Any) -> bool:
    whole = isinstance(value, float) and value.is_integer()
    return (isinstance(value, int) and not isinstance(value, bool)) or whole


def _int_format(bits: int) -> Callable[[Any], bool]:
    return lambda value: not _is_integer(None, value) or -(1 << bits) <= value < 1 << bits


@cache
def _checker() -> jsonschema.FormatChecker:
    checker = jsonschema.FormatChecker(formats=())
    checker.checkers = {name: jsonschema.FormatChecker.checkers[name] for name in _FORMATS}
    checker.checks("int32")(_int_format(31))
    checker.checks("int64")(_int_format(63))
    return checker


def validator(document: dict[str, Any], schema: Any) -> Validator:
    """JSON Schema's word on `schema`, which may refer to the document's components."""
    old = document["openapi"].startswith("3.0")
    kind: Any = OAS30Validator if old else OAS31Validator
    # 3.0 leaves open whether 2.0 is an integer; later versions, and eventwright, say that it is.
    extend: Any = jsonschema.validators.extend
    kind = extend(kind, type_checker=kind.TYPE_CHECKER.redefine("integer", _is_integer))
    whole = {**schema, "components": document["components"]}
    made: Validator = kind(whole, format_checker=_checker())
    return made


def accepted(module: ModuleType, value: Any) -> Any:
    """The event that a JSON object is, or None where the package refuses it."""
    try:
        return module.parse_event(value)
    except runtime(module, "values.problems").ValidationError:
        return None


def agree(module: ModuleType, oracle: Validator, value: Any) -> None:
    """The two give one verdict; what is accepted comes back as it went in, as dict and as JSON."""
    errors = [error.message for error in oracle.iter_errors(value)]
    found = accepted(module, value)
    assert (found is not None) == (not errors), (value, errors)
    if found is not None:
        round_trip(module, found, value)


def round_trip(module: ModuleType, found: Any, value: Any) -> None:
    assert same(found.to_dict(), value)
    text = found.to_json()
    assert same(json.loads(text), value)
    built = _rebuilt(found)  # which writes the defaults that `value` left out
    for again in (module.parse_event(text), found.from_dict(value), built):
        assert again == found
        assert hash(again) == hash(found)
        assert again is built or again.to_json() == text
    assert module.parse_event(built.to_json()) == found


def _rebuilt(value: Any) -> Any:
    """The same through the constructors, which `from_dict` does not call."""
    if isinstance(value, tuple):
        return tuple(map(_rebuilt, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    kept = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    return type(value)(**{name: _rebuilt(item) for name, item in kept.items()})


def same(one: Any, two: Any) -> bool:
    """Equal as JSON: True is not 1."""
    return one == two and json.dumps(_plain(one), sort_keys=True) == json.dumps(
        _plain(two), sort_keys=True
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


# The keywords, one at a time.


Subjects = dict[str, tuple[ModuleType, Validator]]


@pytest.fixture(scope="session")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Subjects:
    """For each keyword the package that has it, and JSON Schema's word on its event."""
    folder = tmp_path_factory.mktemp("keywords")
    documents = {version: keyword_document(version) for version in ("3.0.3", "3.1.0")}
    modules = {version: import_package(data, folder) for version, data in documents.items()}
    return {
        name: (modules[each.version], validator(documents[each.version], keyword_event(name)))
        for name, each in KEYWORDS.items()
    }


@pytest.mark.parametrize("name", KEYWORDS)
def test_by_hand(subjects: Subjects, name: str) -> None:
    module, oracle = subjects[name]
    for value in KEYWORDS[name].good:
        assert accepted(module, {"event": name, "value": value}) is not None, value
    for value in KEYWORDS[name].bad:
        assert accepted(module, {"event": name, "value": value}) is None, value
    for value in KEYWORDS[name].good + KEYWORDS[name].bad:
        agree(module, oracle, {"event": name, "value": value})
    agree(module, oracle, {"event": name})


@pytest.mark.parametrize("name", KEYWORDS)
def test_keyword(subjects: Subjects, name: str) -> None:
    module, oracle = subjects[name]

    @given(_near(KEYWORDS[name]))
    def check(value: Any) -> None:
        agree(module, oracle, {"event": name, "value": value})

    check()


def _near(keyword: Keyword) -> st.SearchStrategy[Any]:
    """JSON made of what the schema and its examples speak of: most of it nearly right."""
    keys = sorted({*_keys([keyword.schema, keyword.components, keyword.good]), "other"})
    leaves = [*_leaves([*keyword.good, *keyword.bad, keyword.schema]), 0, -1, 1.5, "", None, True]
    near = st.recursive(
        st.sampled_from(leaves) | st.integers(-9, 9) | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys), inner, max_size=4)
        ),
        max_leaves=6,
    )
    return st.sampled_from([*keyword.good, *keyword.bad]).flatmap(_changed(near)) | near


def _changed(near: st.SearchStrategy[Any]) -> Callable[[Any], st.SearchStrategy[Any]]:
    """One place of a value replaced, added or dropped."""

    def change(value: Any) -> st.SearchStrategy[Any]:
        places = list(_places(value))
        return st.tuples(st.sampled_from(places), st.sampled_from("=+-"), near).map(
            lambda chosen: _edit(value, *chosen)
        )

    return change


def _edit(value: Any, place: tuple[Any, ...], how: str, new: Any) -> Any:
    if not place:
        return new if how == "=" else value
    step, *rest = place
    copied = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copied[step] = _edit(copied[step], tuple(rest), how, new)
    elif how == "-":
        del copied[step]
    elif how == "=":
        copied[step] = new
    elif isinstance(copied, list):
        copied.insert(step, new)
    else:
        copied[f"{step}x"] = new
    return copied


def _places(value: Any, at: tuple[Any, ...] = ()) -> Any:
    yield at
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(item, (*at, key))


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        yield from (key for key in value if not key.startswith("$"))
    if isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _keys(item)


def _leaves(value: Any) -> Any:
    if isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


# The flagship's own events.


def _arms() -> list[Any]:
    document = flagship_document()
    body = document["paths"]["/track"]["post"]["requestBody"]["content"]["application/json"]
    return [document["components"]["schemas"][arm["$ref"][21:]] for arm in body["schema"]["oneOf"]]


def _instances(schema: Any) -> st.SearchStrategy[Any]:
    """What the schema allows. Only what the flagship says: strings, integers, objects."""
    if "$ref" in schema:
        return _instances(flagship_document()["components"]["schemas"][schema["$ref"][21:]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "string":
        return _times() if schema.get("format") else st.text()
    if schema["type"] == "integer":
        return st.integers() | st.integers(-(2**53), 2**53).map(float)
    properties = {key: _instances(value) for key, value in schema.get("properties", {}).items()}
    needed = {key: properties.pop(key) for key in schema.get("required", ())}
    undeclared = st.text().filter(lambda key: key not in schema.get("properties", {}))
    return st.tuples(
        st.dictionaries(undeclared, _json(), max_size=3),
        st.fixed_dictionaries(needed, optional=properties),
    ).map(lambda parts: {**parts[0], **parts[1]})


def _json() -> st.SearchStrategy[Any]:
    finite = st.floats(allow_nan=False, allow_infinity=False)
    text = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Zl"]), max_size=3).filter(
        _apart
    )
    return st.recursive(
        st.none() | st.booleans() | st.integers() | finite | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=4,
    )


def _apart(text: str) -> bool:
    """Whether no two surrogates stand as a pair: JSON text cannot tell that from one character."""
    return str(json.loads(json.dumps(text))) == text


def _times() -> st.SearchStrategy[str]:
    zones = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:30", "-23:59"])
    fractions = st.sampled_from(["", ".5", ".120", ".000001", ".123456789", ".0"])
    moments = st.datetimes().map(lambda moment: f"{moment:%m-%dT%H:%M:%S}")
    years = st.integers(1, 9999).map(lambda year: f"{year:04}-")
    return st.tuples(years, moments, fractions, zones).map("".join)


@pytest.mark.parametrize("index", range(8))
def test_flagship(flagship: ModuleType, index: int) -> None:
    document = flagship_document()
    oracle = validator(document, _arms()[index])
    whole = validator(document, {"oneOf": _arms()})
    values = st.tuples(_instances(_arms()[index]), _json())

    @given(values, st.data())
    def check(values: tuple[dict[str, Any], Any], data: st.DataObject) -> None:
        value, other = values
        agree(flagship, oracle, value)
        place = data.draw(st.sampled_from(list(_places(value))[1:]))
        changed = _edit(value, place, data.draw(st.sampled_from("=+-")), other)
        agree(flagship, whole, changed)

    check()
