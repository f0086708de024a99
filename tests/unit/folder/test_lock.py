"""The lock file: its layout, what is refused, and the two readers that must agree."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventwright.diagnostics.errors import CommandError
from eventwright.folder.lock import DamagedLockError, Lock, dump, load
from eventwright.quick.answers import read_plain_lock

LOCK = Lock(
    spec="spec/events.yaml",
    spec_sha256="aa",
    overlays={"spec/fix.yaml": "bb"},
    source={"url": "https://example.com/events.yaml", "etag": 'W/"1"'},
    config_sha256="cc",
    generator="1.2.3",
    templates_sha256="dd",
    tools={"black": "26.10.1"},
    files={"b.py": "ff", "a/__init__.py": "ee"},
    events=8,
)

TEXT = """\
{
  "config_sha256": "cc",
  "contract_sha256": "",
  "events": 8,
  "files": {
    "a/__init__.py": "ee",
    "b.py": "ff"
  },
  "generator": "1.2.3",
  "lock_version": 1,
  "overlays": {
    "spec/fix.yaml": "bb"
  },
  "source": {
    "etag": "W/\\"1\\"",
    "url": "https://example.com/events.yaml"
  },
  "spec": "spec/events.yaml",
  "spec_sha256": "aa",
  "templates_sha256": "dd",
  "tools": {
    "black": "26.10.1"
  }
}
"""


def test_layout_is_sorted_and_stable() -> None:
    assert dump(LOCK) == TEXT


def test_round_trip() -> None:
    assert load(TEXT) == LOCK
    keys = ("code", "at", "pointer", "message", "help")
    noted = replace(LOCK, notes=2, first_notes=(dict.fromkeys(keys, "…"),))
    assert load(dump(noted)) == noted
    assert '\n  "notes": 2,\n' in dump(noted)
    with pytest.raises(DamagedLockError):
        load(dump(replace(noted, first_notes=({"code": "N101"},))))


names = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=9)
paths = st.from_regex(r"[a-z_]{1,5}(/[a-z_]{1,5}){0,2}\.py", fullmatch=True)


@given(
    st.dictionaries(paths, names),
    st.dictionaries(names, names),
    names,
    st.dictionaries(names, names),
)
@settings(max_examples=150, deadline=None)
def test_the_quick_reader_reads_the_same_or_nothing(
    files: dict[str, str], overlays: dict[str, str], spec: str, tools: dict[str, str]
) -> None:
    lock = Lock(
        spec=spec,
        spec_sha256="s",
        config_sha256="c",
        generator="g",
        templates_sha256="t",
        tools=tools,
        files=files,
        overlays=overlays,
    )
    text = dump(lock)
    assert load(text) == lock
    quick = read_plain_lock(text)
    if quick is None:
        assert "\\" in text
        return
    assert (quick["files"], quick["overlays"], quick["tools"]) == (files, overlays, tools)
    assert quick[""]["spec"] == spec
    assert quick[""]["lock_version"] == "1"


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", '{"lock_version": "1"}', "<<<<<<< ours\n" + TEXT, "[" * 100_000),
        *(TEXT.replace('"b.py"', '"../b.py"'), TEXT.replace('"spec_sha256": "aa",', "")),
        *(TEXT.replace('"ff"', "7"), TEXT.replace('"spec"', '"spek"')),
    ],
)
def test_damage_is_told(text: str) -> None:
    with pytest.raises(DamagedLockError, match=r"pkg/eventwright\.lock is damaged"):
        load(text, "pkg/eventwright.lock")


def test_a_newer_lock_is_told_apart_from_damage() -> None:
    with pytest.raises(CommandError, match=r"newer eventwright \(lock version 2\)"):
        load(json.dumps({"lock_version": 2, "anything": []}))


@pytest.mark.parametrize(
    "text", [TEXT.replace('"a', '\\"a'), TEXT[1:], TEXT + "{}", TEXT.replace("  }", "  ]"), ""]
)
def test_the_quick_reader_leaves_odd_layouts_alone(text: str) -> None:
    assert read_plain_lock(text) is None
