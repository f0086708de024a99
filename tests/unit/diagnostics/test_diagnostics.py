"""What a person sees of a mistake, and that no document can make it lie."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

import eventwright
from eventwright.diagnostics.codes import CODES
from eventwright.diagnostics.diagnostic import (
    Collector,
    ConfigError,
    Diagnostic,
    DocumentError,
    Location,
    UserError,
    did_you_mean,
    escape,
    format_diagnostics,
)
from eventwright.document.load import load_bytes
from eventwright.text.pointers import join_pointer, split_pointer
from eventwright.text.positions import Problem, Source


def diagnostic(line: int = 1, message: str = "wrong", pointer: str = "") -> Diagnostic:
    place = Location(path="s.yaml", line=line, column=2, pointer=pointer)
    return Diagnostic(code="E030", severity="error", message=message, location=place)


def test_the_whole_format() -> None:
    document = load_bytes(b"openapi: 3.1.0\ninfo:\n  title: T\n  version: v\n", "spec/e.yaml")
    found = document.diagnostic("E030", "too short", "/info/title", "write more\nmuch more")
    assert format_diagnostics([found]) == (
        "spec/e.yaml:3:3: error[E030]: too short\n"
        "  at /info/title\n"
        "    3 |   title: T\n"
        "      |   ^\n"
        "help: write more\n"
        "      much more"
    )


def test_without_a_location_there_is_no_place_to_print() -> None:
    found = Diagnostic(code="C001", severity="error", message="nothing")
    assert format_diagnostics([found]) == "error[C001]: nothing"


def test_sorted_by_position_and_capped() -> None:
    found = [diagnostic(line) for line in (10, 9, 3, 100, 1, 2, 30)]
    text = format_diagnostics(found)
    assert re.findall(r"s\.yaml:(\d+):2", text) == ["1", "2", "3", "9", "10"]
    assert text.endswith("\n\n… and 2 more")
    assert "more" not in format_diagnostics(found, limit=7)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\u200b\ufeff\x9b", "\\u200b\\ufeff\\x9b"),
        ("\ud800\U000e0041", "\\ud800\\U000e0041"),
        ("naïve 日本 ∀", "naïve 日本 ∀"),
    ],
)
def test_hostile_text_is_spelled_out_everywhere(hostile: str, shown: str) -> None:
    place = Location(path=hostile, line=1, column=1, pointer=f"/{hostile}")
    found = Diagnostic(
        code="E030",
        severity="error",
        message=hostile,
        location=place,
        excerpt="" if "\n" in hostile else hostile,
        help="" if "\n" in hostile else hostile,
    )
    text = format_diagnostics([found])
    assert text.startswith(f"{shown}:1:1: error[E030]: {shown}\n  at /{shown}")
    assert all(line.isprintable() for line in text.split("\n"))
    assert escape(shown) == shown


def shown(text: str, offset: int) -> str:
    return Source("s", text).diagnostic(Problem("E030", "m", offset)).excerpt


def test_a_minified_document_is_shown_around_the_column() -> None:
    text = "x" * 500 + "HERE" + "y" * 1_000_000
    line, caret = shown(text, 500).split("\n")
    assert len(line) < 130
    assert line.startswith("    1 | …xxx")
    assert line.endswith("yyy…")
    assert line[caret.index("^") :].startswith("HERE")


@pytest.mark.parametrize("before", ["\tab", "日本", "e\u0301", "\x1b[0m", "\u202e"])
def test_the_caret_stands_under_the_column_whatever_is_before_it(before: str) -> None:
    line, caret = shown(f"{before}HERE", len(before)).split("\n")
    cells = {"日本": 4, "e\u0301": 1, "\tab": 3}.get(before, len(escape(before)))
    assert caret == "      | " + " " * cells + "^"
    assert line.isprintable()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_from_one_in_code_points(ending: str) -> None:
    text = ending.join(["a", "日😀x", "c"])
    source = Source("s", text)
    place = source.location(text.index("x"), "/p")
    assert place == Location(path="s", line=2, column=3, pointer="/p")
    assert source.location(0, "").line == 1
    assert source.location(text.index("c"), "").line == 3


def test_the_excerpt_is_one_line_of_three() -> None:
    assert shown("one\r\ntwo\r\nthree", 5) == "    2 | two\n      | ^"


@pytest.mark.parametrize("tokens", [(), ("",), ("a/b", "c~d", "~1", "0")])
def test_pointers_survive_taking_apart(tokens: tuple[str, ...]) -> None:
    assert split_pointer(join_pointer(tokens)) == tokens


def test_a_pointer_by_the_letter_of_rfc_6901() -> None:
    assert join_pointer(("paths", "/track", "a~b", 0)) == "/paths/~1track/a~0b/0"


def test_the_collector_raises_once_with_everything_once() -> None:
    collector = Collector()
    collector.check()
    collector.add(diagnostic(2), diagnostic(1), diagnostic(2))
    with pytest.raises(ConfigError) as caught:
        collector.check(ConfigError)
    assert caught.value.diagnostics == (diagnostic(2), diagnostic(1))
    assert isinstance(caught.value, UserError)
    assert not isinstance(caught.value, DocumentError)
    assert "s.yaml:1:2" in str(caught.value)


def test_did_you_mean() -> None:
    assert did_you_mean("tokn", ["token", "type"]) == "; did you mean 'token'?"
    assert did_you_mean("ID", ["id"]) == "; did you mean 'id'?"
    assert did_you_mean("zebra", ["token"]) == ""


def test_the_nearest_of_many_is_looked_for_among_the_likely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0
    ratio = difflib.SequenceMatcher.ratio

    def counted(matcher: difflib.SequenceMatcher[str]) -> float:
        nonlocal compared
        compared += 1
        return ratio(matcher)

    monkeypatch.setattr(difflib.SequenceMatcher, "ratio", counted)
    names = [f"Name{number:04}Something" for number in range(3000)]
    assert did_you_mean("Nmae0299Somethink", names) == "; did you mean 'Name0299Something'?"
    assert compared < 50
    assert did_you_mean("zebra", names) == ""


def test_every_code_in_the_sources_is_registered() -> None:
    used = set()
    for path in Path(eventwright.__file__).parent.rglob("*.py"):
        used |= set(re.findall(r'"([CENT]\d{3})"', path.read_text()))
    assert used <= CODES.keys()


def test_colours_are_for_who_asks() -> None:
    found = Diagnostic(code="E012", severity="error", message="no", help="yes\x1b[31m")
    plain = format_diagnostics([found])
    painted = format_diagnostics([found], paint=lambda text, style: f"<{style}>{text}</>")
    assert plain == "error[E012]: no\nhelp: yes\\x1b[31m"
    assert painted == "<red>error[E012]</>: <bold>no</>\n<cyan>help</>: yes\\x1b[31m"
