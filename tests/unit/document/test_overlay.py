"""OpenAPI Overlay: what actions do, where their results are found, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError, format_diagnostics
from eventwright.document.load import Document, load_document

SPEC = """\
openapi: 3.0.3
info: {title: T, version: "1"}
tags:
  - {name: a}
  - {name: b}
  - {name: c}
paths:
  /a:
    get: {tags: [x, y, z], summary: old}
  /b:
    get: {tags: [x]}
"""
HEAD = '{}: {}\ninfo: {{title: o, version: "1"}}\nactions:\n'


def overlaid(tmp_path: Path, *actions: str, version: str = "1.1.0") -> Document:
    """The document after one overlay for each text of actions."""
    spec = tmp_path / "s.yaml"
    spec.write_text(SPEC)
    overlays = []
    for number, text in enumerate(actions):
        path = tmp_path / f"o{number}.yaml"
        path.write_text(HEAD.format("overlay", version) + text)
        overlays.append((path, path.name))
    return load_document(spec, shown="s.yaml", overlays=overlays)


def said(tmp_path: Path, actions: str, version: str = "1.1.0") -> str:
    with pytest.raises(DocumentError) as caught:
        overlaid(tmp_path, actions, version=version)
    return format_diagnostics(caught.value.diagnostics)


def place(document: Document, pointer: str) -> str:
    found = document.locate(pointer)
    assert found.pointer == pointer
    return f"{found.path}:{found.line}:{found.column}"


def test_update_merges_objects_and_replaces_primitives(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        "- target: $\n"
        "  update:\n"
        "    info:\n"
        "      title: New\n"
        "      contact: {name: me}\n"
        "    paths: {/a: {get: {tags: [w]}}}\n",
    )
    data: Any = document.data
    assert data["info"] == {"title": "New", "version": "1", "contact": {"name": "me"}}
    assert data["paths"]["/a"]["get"] == {"tags": ["x", "y", "z", "w"], "summary": "old"}
    assert place(document, "/info/title") == "o0.yaml:7:7"
    assert place(document, "/info/contact/name") == "o0.yaml:8:17"
    assert place(document, "/info/version") == "s.yaml:2:18"
    assert place(document, "/info") == "s.yaml:2:1"
    assert place(document, "/paths/~1a/get/tags/3") == "o0.yaml:9:31"
    assert place(document, "/paths/~1a/get/tags/2") == "s.yaml:9:24"


@pytest.mark.parametrize(
    ("update", "added"),
    [("{name: d}", [{"name": "d"}]), ("[{name: d}, {name: e}]", [{"name": "d"}, {"name": "e"}])],
)
def test_update_of_an_array(tmp_path: Path, update: str, added: list[object]) -> None:
    document = overlaid(tmp_path, f"- {{target: $.tags, update: {update}}}\n")
    assert document.data["tags"] == [{"name": "a"}, {"name": "b"}, {"name": "c"}, *added]
    assert place(document, "/tags/3").startswith("o0.yaml:4:")


def test_remove_by_filter_moves_the_rest_with_their_places(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        "- target: $.tags[?@.name == 'a' || @.name == 'b']\n  remove: true\n"
        "- target: $.tags\n  update: {name: d}\n"
        "- target: $.tags[0]\n  update: {description: D}\n",
    )
    assert document.data["tags"] == [{"name": "c", "description": "D"}, {"name": "d"}]
    assert place(document, "/tags/0/name") == "s.yaml:6:6"
    assert place(document, "/tags/0/description") == "o0.yaml:9:12"
    assert place(document, "/tags/1/name") == "o0.yaml:7:12"
    assert place(document, "/tags/2") == "s.yaml:3:1"


def test_remove_of_keys_items_and_what_holds_them(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        "- {target: '$.paths[*].get.tags[0,2]', remove: true}\n"
        "- {target: '$.paths[''/b'', ''/b''].get', remove: true}\n"
        "- {target: '$.tags..*', remove: true}\n",
    )
    assert document.data["paths"] == {"/a": {"get": {"tags": ["y"], "summary": "old"}}, "/b": {}}
    assert document.data["tags"] == []


def test_copy_puts_one_value_into_another(tmp_path: Path) -> None:
    document = overlaid(tmp_path, "- target: $.paths['/b'].get\n  copy: $.paths['/a'].get\n")
    data: Any = document.data
    assert data["paths"]["/b"]["get"] == {"tags": ["x", "x", "y", "z"], "summary": "old"}
    assert place(document, "/paths/~1b/get/summary") == "s.yaml:9:28"


def test_what_is_put_in_several_places_is_not_shared(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        "- {target: '$.paths.*.get', update: {security: [{k: []}]}}\n"
        "- {target: '$.paths[''/a''].get.security', update: {j: []}}\n",
    )
    data: Any = document.data
    assert data["paths"]["/a"]["get"]["security"] == [{"k": []}, {"j": []}]
    assert data["paths"]["/b"]["get"]["security"] == [{"k": []}]


def test_overlays_follow_one_another(tmp_path: Path) -> None:
    document = overlaid(
        tmp_path,
        "- {target: $, update: {servers: [{url: 'https://a'}]}}\n",
        "- {target: '$.servers[?@.url == ''https://a'']', update: {url: 'https://b'}}\n",
    )
    assert document.data["servers"] == [{"url": "https://b"}]
    assert place(document, "/servers/0").startswith("o0.yaml:")
    assert place(document, "/servers/0/url").startswith("o1.yaml:")


def test_a_version_may_come_from_an_overlay(tmp_path: Path) -> None:
    assert overlaid(tmp_path, "- {target: $, update: {openapi: 3.1.0}}\n").version == (3, 1)
    assert said(tmp_path, "- {target: $, update: {openapi: '2'}}\n").startswith(
        "o0.yaml:4:24: error[E010]: '2' is not an OpenAPI 3 version"
    )


def test_a_target_without_a_match_is_told_by_its_line(tmp_path: Path) -> None:
    assert said(tmp_path, "- target: $.info.titel\n  update: x\n") == (
        "o0.yaml:4:3: error[E042]: $.info.titel matches nothing in the document\n"
        "  at /actions/0/target\n"
        "    4 | - target: $.info.titel\n"
        "      |   ^\n"
        "help: the document may have changed: correct the target, or remove the action"
    )


REFUSED = [
    ("- {target: 'info', remove: true}\n", "o0.yaml:4:4", "E041", "info is not a JSONPath query: "),
    ("- {target: '$.x[', remove: true}\n", "o0.yaml:4:4", "E041", "$.x[ is not a JSONPath"),
    ("- {target: '$[?f(@)]', remove: true}\n", "o0.yaml:4:4", "E041", "$[?f(@)] is not a"),
    ("- {target: $, remove: true}\n", "o0.yaml:4:4", "E043", "the whole document cannot be"),
    (
        "- {target: $.info, update: [1]}\n",
        "o0.yaml:4:20",
        "E043",
        "an array cannot be merged into an object, which /info is",
    ),
    (
        "- {target: $, update: {tags: {name: x}}}\n",
        "o0.yaml:4:24",
        "E043",
        "an object cannot be merged into an array, which /tags is",
    ),
    (
        "- {target: $, update: 1}\n",
        "o0.yaml:4:15",
        "E043",
        "a primitive value cannot be merged into an object, which the root is",
    ),
    (
        "- {target: '$[''info'', ''tags'']', update: {}}\n",
        "o0.yaml:4:4",
        "E043",
        "the targets must be of one kind, but are an array and an object",
    ),
    (
        "- {target: $.info, copy: '$.tags[*]'}\n",
        "o0.yaml:4:20",
        "E042",
        "copy must match one value, but $.tags[*] matches 3",
    ),
    ("- {update: {}}\n", "o0.yaml:4:3", "E040", "an action needs a target, which is a JSONPath"),
    ("- {target: $, updat: {}, update: {}}\n", "o0.yaml:4:15", "E040", "unknown key 'updat'; did"),
    ("- {target: $}\n", "o0.yaml:4:3", "E040", "an action has one of update, copy and remove"),
    ("- {target: $, update: {}, copy: $}\n", "o0.yaml:4:3", "E040", "an action has one of"),
    ("- {target: $, remove: 'yes'}\n", "o0.yaml:4:3", "E040", "an action has one of"),
    ("- {target: $, copy: 1}\n", "o0.yaml:4:15", "E040", "copy must be a JSONPath text"),
    ("  []\n", "o0.yaml:3:1", "E040", "an overlay needs a list of actions, at least one"),
]


@pytest.mark.parametrize(("actions", "where", "code", "message"), REFUSED)
def test_refused(tmp_path: Path, actions: str, where: str, code: str, message: str) -> None:
    assert said(tmp_path, actions).startswith(f"{where}: error[{code}]: {message}")


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ("- {target: $.info.title, update: x}\n", "[E043]: Overlay 1.0 cannot target a primitive"),
        ("- {target: $.info, copy: $.info}\n", "[E040]: unknown key 'copy'"),
    ],
)
def test_what_1_1_allows_and_1_0_does_not(tmp_path: Path, actions: str, message: str) -> None:
    assert message in said(tmp_path, actions, version="1.0.0")
    overlaid(tmp_path, actions, version="1.1.0")


def test_the_head_of_an_overlay_and_all_its_faults_at_once(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SPEC)
    (tmp_path / "o.yaml").write_text("overlay: 2.0.0\nacions: []\nx-mine: 1\n")
    with pytest.raises(DocumentError) as caught:
        load_document(
            tmp_path / "s.yaml", shown="s.yaml", overlays=[(tmp_path / "o.yaml", "o.yaml")]
        )
    assert [(d.code, d.message) for d in caught.value.diagnostics] == [
        ("E040", "an overlay begins with the version of Overlay it is written in"),
        ("E040", "unknown key 'acions'; did you mean 'actions'?"),
        ("E040", "an overlay's info needs a title and a version"),
        ("E040", "an overlay needs a list of actions, at least one"),
    ]


def test_a_missing_overlay(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SPEC)
    with pytest.raises(DocumentError, match=r"^o\.yaml:1:1: error\[E001\]: no such file"):
        load_document(tmp_path / "s.yaml", shown="s.yaml", overlays=[(tmp_path / "nope", "o.yaml")])
