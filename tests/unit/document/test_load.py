"""Bytes → Document: what is read, and where it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventwright.diagnostics.diagnostic import DocumentError, Location
from eventwright.document.load import load_bytes, load_document
from unit.document.loading import HEAD, said, yaml


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    document = load_bytes(b'\xef\xbb\xbf{"openapi": "3.0.3"}', "s.json")
    assert document.data == {"openapi": "3.0.3"}
    assert document.locate("/openapi").column == 2


def test_yaml_is_read_by_the_core_schema_of_1_2() -> None:
    document = yaml(
        "no: no\nyes: yes\non: on\noff: Off\ndate: 2024-01-01\nsexagesimal: 1:30\n"
        "underscore: 1_000\noctal: 0o17\nold octal: 017\nhex: 0xfF\nplus: +12\nfloat: -1.5e3\n"
        "point: .5\nt: TRUE\nf: False\nn: ~\nempty:\nnull: Null\nquoted: 'true'\nmerge: <<\n"
        "200: ok\n1.0: x\ntrue: y\nblock: |\n  a\n  b\n"
    )
    assert document.data == {
        "openapi": "3.1.0",
        "no": "no",
        "yes": "yes",
        "on": "on",
        "off": "Off",
        "date": "2024-01-01",
        "sexagesimal": "1:30",
        "underscore": "1_000",
        "octal": 15,
        "old octal": 17,
        "hex": 255,
        "plus": 12,
        "float": -1500.0,
        "point": 0.5,
        "t": True,
        "f": False,
        "n": None,
        "empty": None,
        "null": None,
        "quoted": "true",
        "merge": "<<",
        "200": "ok",
        "1.0": "x",
        "true": "y",
        "block": "a\nb\n",
    }


def test_aliases_are_copies_found_at_their_anchor() -> None:
    document = yaml("a: &x {k: [1, 2]}\nb: *x\n")
    assert document.data["a"] == document.data["b"]
    assert document.data["a"] is not document.data["b"]
    assert document.locate("/b") == Location(path="s.yaml", line=3, column=1, pointer="/b")
    assert document.locate("/b/k/1") == Location(path="s.yaml", line=2, column=15, pointer="/b/k/1")


def test_merge_keys_fill_in_what_is_not_written() -> None:
    document = yaml("base: &b {x: 1, y: 2}\nz:\n  <<: *b\n  y: 3\nq: {'<<': 1}\n")
    assert document.data["z"] == {"y": 3, "x": 1}
    assert document.data["q"] == {"<<": 1}
    assert document.locate("/z/x").line == 2
    assert document.locate("/z/y").line == 5
    assert "error[E007]: malformed YAML" not in said(HEAD + "a: {<<: 1}\n")


JSON = """{
  "openapi": "3.0.3",
  "pa\\"ths": {"/a~b": [10, {"x": [[], "y"]}, "日本", {"k": null}]},
  "last" : true }"""


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 1, 1),
        ("/openapi", 2, 3),
        ('/pa"ths', 3, 3),
        ('/pa"ths/~1a~0b', 3, 15),
        ('/pa"ths/~1a~0b/0', 3, 24),
        ('/pa"ths/~1a~0b/1', 3, 28),
        ('/pa"ths/~1a~0b/1/x', 3, 29),
        ('/pa"ths/~1a~0b/1/x/1', 3, 39),
        ('/pa"ths/~1a~0b/3/k', 3, 53),
        ("/last", 4, 3),
        ('/pa"ths/~1a~0b/4/no', 3, 15),
        ("/last/x", 4, 3),
        ("/nowhere", 1, 1),
    ],
)
def test_locate(pointer: str, line: int, column: int) -> None:
    document = load_bytes(JSON.encode(), "s.json")
    expected = Location(path="s.json", line=line, column=column, pointer=pointer)
    assert document.locate(pointer) == expected


def test_json_and_yaml_agree_on_where_everything_is() -> None:
    text = json.dumps(json.loads(JSON), indent=2, ensure_ascii=False)
    one, two = load_bytes(text.encode(), "s"), load_bytes(f"---\n{text}".encode(), "s")
    assert one.data == two.data
    for pointer in ('/pa"ths/~1a~0b/1/x/1', "/last", "/openapi", '/pa"ths/~1a~0b/3/k'):
        first, second = one.locate(pointer), two.locate(pointer)
        assert (first.line + 1, first.column) == (second.line, second.column)


def test_a_yaml_file_may_begin_with_a_brace() -> None:
    assert load_bytes(b"{openapi: 3.0.0, a: [b]}", "s.yaml").data["a"] == ["b"]
    assert "error[E006]" in said("{openapi: 3.0.0}", "s.json")


@pytest.mark.parametrize(("stated", "version"), [("3.0.0", (3, 0)), ("3.1.2-rc1", (3, 1))])
def test_the_version(stated: str, version: tuple[int, int]) -> None:
    assert load_bytes(f'{{"openapi": "{stated}"}}'.encode(), "s").version == version


def test_the_bytes_are_kept() -> None:
    raw = b'{ "openapi":"3.0.0" }'
    document = load_bytes(raw, "shown")
    assert (document.raw, document.path) == (raw, "shown")
    assert repr(document) == "Document(path='shown', version=(3, 0))"


def file_error(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        load_document(path, shown="spec/x.yaml")
    return str(caught.value)


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").touch()
    assert file_error(tmp_path / "event.yaml") == (
        "spec/x.yaml:1:1: error[E001]: no such file; did you mean 'events.yaml'?\n"
        "help: paths in the configuration are relative to its folder"
    )
    assert "error[E001]: no such file\n" in file_error(tmp_path / "no" / "x.yaml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert file_error(tmp_path) == (
        "spec/x.yaml:1:1: error[E002]: this is a directory\nhelp: name a file in it"
    )


def test_what_the_system_refuses_to_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    os.symlink(loop, loop)
    assert file_error(loop) == (
        "spec/x.yaml:1:1: error[E003]: the file cannot be read: "
        f"{os.strerror(40)}\nhelp: check the path and its permissions"
    )
    assert "error[E003]" in file_error(tmp_path / "a\0b")


def test_commands_that_read_nothing_pay_for_nothing() -> None:
    script = (
        "import sys, eventwright.config.config, eventwright.document.load\n"
        "heavy = 'yaml pydantic tomllib jsonschema openapi_spec_validator jsonpath_rfc9535'\n"
        "print([name for name in heavy.split() if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert answer.stdout.split() == [b"[]"]


def test_nothing_is_scanned_until_someone_asks_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def scan(*_: object) -> None:
        raise AssertionError("a scan of the text in Python")

    with monkeypatch.context() as patch:
        patch.setattr("eventwright.text.jsontext._walk", scan)
        patch.setattr("eventwright.text.jsontext.JsonPositions._members", scan)
        document = load_bytes(b'{"openapi": "3.0.0", "a": "\\u00e9"}', "s.json")
    assert document.locate("/a").column == 22
