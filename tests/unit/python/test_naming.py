"""Text becomes identifiers, and nothing else."""

from __future__ import annotations

import ast
import doctest
import keyword
import unicodedata
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.python import naming
from support import FLAGSHIP_CONFIG, flagship_document, generate_from, runtime

_ODD = (
    "",
    "_",
    "__class__",
    "class",
    "2fa",
    "\xaa",
    "\u0345",
    "\u2118",
    "\u1885x",
    "\u212a",
    "\ud800",
)


def is_name(name: str) -> bool:
    """Whether Python reads it as one identifier, and as this one."""
    folded = unicodedata.normalize("NFKC", name) == name
    return name.isidentifier() and folded and not keyword.iskeyword(name)


@given(st.text() | st.sampled_from(_ODD))
def test_a_field_name_is_a_plain_identifier(text: str) -> None:
    name = naming.field_name(text)
    assert is_name(name)
    assert not name.startswith("_")
    assert name not in naming.RESERVED_FIELDS


@given(st.text() | st.sampled_from(_ODD))
def test_a_class_name_is_a_plain_identifier_or_nothing(text: str) -> None:
    name = naming.class_name(text)
    assert name == "" or (is_name(name) and name[0].isupper())
    assert name not in naming.RESERVED_CLASSES
    assert bool(name) == bool(naming.words(text))


@given(st.text(), st.text())
def test_a_nested_name_begins_with_its_owner(owner: str, key: str) -> None:
    outer = naming.class_name(owner) or "Owner"
    inner = naming.nested_name(outer, key)
    assert is_name(inner)
    assert inner.startswith(outer)
    assert inner != outer


@given(
    st.lists(st.text(max_size=4) | st.sampled_from([*_ODD, "a", "A", "a_", "set_a"]), unique=True)
)
def test_field_names_are_distinct_and_do_not_depend_on_order(wires: list[str]) -> None:
    names = naming.field_names(wires)
    assert sorted(names) == sorted(wires)
    assert len(set(names.values())) == len(wires)
    assert names == naming.field_names(reversed(wires))


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("userId", "user_id"),
        ("user_id", "user_id"),
        ("HTTPServer", "http_server"),
        ("objectTypeID2", "object_type_id2"),
        ("X-Strict-Mode", "x_strict_mode"),
        ("$ref", "ref"),
        ("class", "class_"),
        ("None", "none"),
        ("match", "match"),
        ("self", "self_"),
        ("extra", "extra_"),
        ("text", "text"),
        ("__init__", "init"),
        ("2fa", "field_2fa"),
        ("", "field"),
        ("naïve café", "naïve_café"),
        ("\uff49\uff4d\uff50\uff4f\uff52\uff54", "import_"),
    ],
)
def test_field_names(wire: str, name: str) -> None:
    assert naming.field_name(wire) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Device Created or Updated", "DeviceCreatedOrUpdated"),
        ("user_deleted", "UserDeleted"),
        ("userDeleted", "UserDeleted"),
        ("USER DELETED", "USERDELETED"),
        ("2FA on", "Event2FAOn"),
        ("Client", "EventClient"),
        ("名前", "Event名前"),
        ("!", ""),
    ],
)
def test_class_names(text: str, name: str) -> None:
    assert naming.class_name(text) == name


@pytest.mark.parametrize(
    "name",
    # Those in small letters are what modules import, define and call.
    ["", "1", "a b", "None", "class", "_A", "__A__", "Any", "A-B", "dataclass", "t", "getattr"],
)
def test_what_cannot_be_configured(name: str) -> None:
    assert not naming.is_class_name(name)


def test_what_every_builder_offers_is_reserved(flagship: ModuleType) -> None:
    builders = runtime(flagship, "builders.base")
    offered = {name for name in dir(builders.DefaultingBuilder) if not name.startswith("_")}
    assert offered <= naming.RESERVED_FIELDS


def test_what_the_modules_mean_by_a_name_is_reserved() -> None:
    """A class must not be called like anything that a generated module imports or looks up."""
    generated = generate_from(flagship_document(), **FLAGSHIP_CONFIG)
    ours = {item.name for item in generated.model.objects.values()}
    ours |= {alias.name for alias in generated.model.enums.values()}
    for path, text in generated.files.items():
        if path.count("/") == 0 and path.endswith(".py"):
            used = {name for name in _names(ast.parse(text)) if name[:1].isupper()}
            # A constant such as SEND is never a class: that has a small letter, or a digit.
            meant = {name for name in used - ours if not name.isupper()}
            # A class of the document takes the place of these of the runtime there.
            given_way = {"Problem", "Attempt", "SocketTransport", "AsyncSocketTransport"}
            own = given_way if path == "__init__.py" else set[str]()
            assert meant <= naming.RESERVED_CLASSES | own, path


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.ClassDef):
            yield node.name


def test_doctests() -> None:
    assert doctest.testmod(naming).failed == 0
