"""The page of `diff --format html`: well-formed, complete in itself, inert, bounded."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from drift.documents import body
from eventwright.diagnostics.diagnostic import escape
from eventwright.document.load import Document, load_bytes
from eventwright.drift.between import model_of
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding
from eventwright.drift.findings.occurrence import Occurrence
from eventwright.drift.policy.acceptance import Accepted
from eventwright.report.formats.base import Options
from eventwright.report.html import drift
from eventwright.report.html.excerpts import ROWS, Line, Row, excerpt
from eventwright.report.render import render
from unit.report.test_reports import EVIL, HOSTILE, PLAIN, many

RULES = Path(__file__).parents[2] / "drift" / "rules"
SNAPSHOT = Path(__file__).with_name("small_page.html")
X = "{http://www.w3.org/1999/xhtml}"


def page(*case: Any, **options: Any) -> tuple[str, ElementTree.Element]:
    text = render("html", *case, **options)
    return text, ElementTree.fromstring(text)


@pytest.mark.parametrize("case", [HOSTILE, PLAIN, ((), *PLAIN[1:])], ids=["evil", "plain", "none"])
def test_it_is_well_formed_and_refers_to_nothing_elsewhere(case: Any) -> None:
    accepted = [Accepted(finding=each, reason=EVIL) for each in case[0]]
    _, root = page(*case, accepted=accepted)
    names = {each.tag.removeprefix(X) for each in root.iter()}
    assert not names & {"link", "img", "iframe", "object", "embed", "base", "svg", "audio", "video"}
    for each in root.iter():
        for name, value in each.items():
            assert not name.startswith("on"), "no handler in an attribute"
            assert name not in ("src", "srcset", "action", "style", "data", "poster")
            assert name != "href" or value.startswith("#")
    style = "".join(root.find(f"{X}head/{X}style").itertext())  # type: ignore[union-attr]
    assert not re.search(r"url\(|@import|@font-face", style)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)
    targets = {each.get("href", "")[1:] for each in root.iter(f"{X}a")}
    assert targets <= set(ids)
    assert all(each.get("aria-labelledby") in ids for each in root.iter(f"{X}section"))


def test_its_policy_allows_its_own_script_and_style_alone() -> None:
    _, root = page(*HOSTILE)
    (policy,) = [
        each.get("content", "")
        for each in root.iter(f"{X}meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    for name in ("script", "style"):
        (found,) = root.iter(f"{X}{name}")
        hash = b64encode(sha256("".join(found.itertext()).encode()).digest()).decode()
        assert f"{name}-src 'sha256-{hash}'" in policy
    assert "unsafe" not in policy


def test_text_of_a_document_is_inert() -> None:
    accepted = [Accepted(finding=each, reason=EVIL) for each in HOSTILE[0][:1]]
    text, root = page(*HOSTILE, accepted=accepted)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "<script>alert" not in text
    assert len(list(root.iter(f"{X}script"))) == 1
    shown = "".join(root.find(f"{X}body").itertext())  # type: ignore[union-attr]
    assert escape(EVIL) in shown
    assert "{{ }}" in shown, "no template of a document is run"


def test_it_says_the_whole_then_each_with_its_places() -> None:
    first = PLAIN[0][0]
    places = tuple(replace(first.places[0], event=None, label=f"POST /{n}") for n in range(300))
    _, root = page((replace(first, places=places), *PLAIN[0][1:]), *PLAIN[1:])
    assert _text(root.find(f".//{X}h1")) == "breaking 1 error, 1 docs"
    assert _text(root.find(f".//{X}header")).endswith("from old.json to spec/new.json")
    cells = [_text(each) for each in root.find(f".//{X}tbody/{X}tr") or ()]
    assert cells[:4] == ["error", "REQ_ENUM_VALUE_REMOVED", "1", "300"]
    article, words = root.iter(f"{X}article")
    assert "in 300 operations: POST /0" in _text(article)
    folded = article.find(f"{X}details")
    assert folded is not None
    assert folded.get("open") is None
    assert _text(folded.find(f"{X}summary")) == "300 places"
    items = [_text(each) for each in folded.iter(f"{X}li")]
    assert (len(items), items[-1]) == (201, "and 100 more: --all lists them")
    assert words.get("data-severity") == "docs"


def test_what_was_accepted_or_left_out_is_told() -> None:
    accepted = [Accepted(finding=PLAIN[0][0], reason="we never send it")]
    _, root = page(PLAIN[0][1:], *PLAIN[1:], accepted=accepted)
    (section,) = [each for each in root.iter(f"{X}section") if each.get("class") == "accepted"]
    assert "1 accepted, not counted" in _text(section)
    assert "Accepted: we never send it" in _text(section)
    _, root = page(*PLAIN, options=Options(minimum="error", ignored=3))
    assert "3 ignored" in _text(root.find(f".//{X}h1"))
    assert "1 milder finding left out" in _text(root)


def test_thousands_of_findings_stay_a_page() -> None:
    found = many({"error": 3000, "docs": 10})
    text, root = page(found, *PLAIN[1:])
    assert len(text) < 4_000_000
    assert len(list(root.iter(f"{X}article"))) == drift.FINDINGS
    assert len(list(root.iter(f"{X}figure"))) == drift.EXCERPTS
    assert "… and 1500 more" in _text(root)
    assert f"This page has the first {drift.FINDINGS} of 3010 findings" in _text(root)
    assert f"Excerpts of the documents are shown for the first {drift.EXCERPTS}" in _text(root)
    assert "10 docs" in _text(root)
    whole = render("html", many({"error": 1600}), *PLAIN[1:], options=Options(everything=True))
    assert whole.count("<article") == whole.count("<figure") == 1600


def _text(element: ElementTree.Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def pair(case: str, style: str) -> tuple[tuple[Finding, ...], Document, Document]:
    """The documents of a rule, as YAML, or as JSON in many lines or in one."""
    documents = []
    for name in ("previous", "current"):
        raw = (RULES / case / f"{name}.yaml").read_bytes()
        if style != "yaml":
            indent = 2 if style == "json" else None
            raw = json.dumps(yaml.safe_load(raw), indent=indent).encode()
        documents.append(load_bytes(raw, f"{name}.{style}"))
    old, new = documents
    return compare(model_of(old), model_of(new)), old, new


@pytest.mark.parametrize("style", ["yaml", "json", "line"])
def test_every_rule_s_change_is_marked(style: str) -> None:
    for case in sorted(each.name for each in RULES.iterdir()):
        found, old, new = pair(case, style)
        for finding in found:
            rows = excerpt(finding, old, new)
            marked = [each for each in rows if each.kind in ("changed", "removed", "added")]
            assert marked, (case, finding.message)
            assert len(rows) <= ROWS + 8


def row(kind: str, rows: tuple[Row, ...]) -> Row:
    (found,) = [each for each in rows if each.kind == kind]
    return found


def test_lines_have_their_numbers_and_what_differs_is_marked() -> None:
    (finding,), old, new = pair("REQ_CONSTRAINT_TIGHTENED", "yaml")
    changed = row("changed", excerpt(finding, old, new))
    lines = old.raw.decode().splitlines()
    assert changed.old is not None
    assert lines[changed.old.number - 1].strip() == "maxLength: 64"
    assert (changed.old.before.strip(), changed.old.marked) == ("maxLength:", "64")
    assert changed.new == replace(changed.old, marked="32")


def test_an_item_of_an_array_is_marked_by_itself() -> None:
    """What else came or went in the array is another finding."""
    documents = []
    for values in (["a", "b", "c"], ["a", "c", "d"]):
        data = body({"type": "string", "enum": values})
        documents.append(load_bytes(json.dumps(data, indent=1).encode(), "spec.json"))
    came, went = sorted(compare(*map(model_of, documents)), key=lambda each: each.severity)[::-1]
    marked = [each for each in excerpt(went, *documents) if each.kind != "same"]
    assert [(each.kind, each.old and each.old.marked) for each in marked] == [("removed", '"b",')]
    marked = [each for each in excerpt(came, *documents) if each.kind != "same"]
    assert [(each.kind, each.new and each.new.marked) for each in marked] == [("added", '"d"')]


@pytest.mark.parametrize("apart", ["reference", "security"])
def test_what_is_written_elsewhere_is_shown_there(apart: str) -> None:
    documents = []
    for word in ("one", "two"):
        data = body({"$ref": "#/components/schemas/a"})
        schemas = {"a": {"type": "string", "description": word}}
        if apart == "security":
            schemas["a"]["description"] = "same"
            data["security"] = [{word: []}]
        schemes = {each: {"type": "http", "scheme": "basic"} for each in ("one", "two")}
        data["components"] = {"schemas": schemas, "securitySchemes": schemes}
        documents.append(load_bytes(json.dumps(data, indent=1).encode(), "a.json"))
    found = compare(*map(model_of, documents))
    changed = row("changed", excerpt(found[0], *documents))
    assert (changed.old and changed.old.marked, changed.new and changed.new.marked) == (
        "one",
        "two",
    )


def test_a_text_in_one_line_is_shown_as_the_value() -> None:
    (finding,), old, new = pair("REQ_CONSTRAINT_TIGHTENED", "line")
    rows = excerpt(finding, old, new)
    assert [each.kind for each in rows] == ["same", "same", "changed", "same"]
    assert rows[0].old == Line(number=0, before='"note": {')
    assert row("changed", rows).new == Line(number=0, before='  "maxLength": ', marked="32")


def test_json_and_yaml_are_compared_as_values() -> None:
    found, old, _ = pair("REQ_CONSTRAINT_TIGHTENED", "json")
    _, _, new = pair("REQ_CONSTRAINT_TIGHTENED", "yaml")
    assert row("changed", excerpt(found[0], old, new)).old is not None


def test_a_long_line_is_cut_around_what_differs() -> None:
    documents = []
    for word in ("one", "two"):
        data = json.loads(PLAIN[1].raw)
        data["info"]["description"] = f"{'a ' * 5000}{word}{' b' * 5000}"
        documents.append(load_bytes(json.dumps(data, indent=1).encode(), "spec.json"))
    (finding,) = compare(*map(model_of, documents))
    changed = row("changed", excerpt(finding, *documents))
    assert changed.new is not None
    assert changed.new.marked == "two"
    assert len(changed.new.before + changed.new.after) < 300


def test_a_small_page_is_as_it_was_read(request: pytest.FixtureRequest) -> None:
    (finding,), old, new = pair("REQ_CONSTRAINT_TIGHTENED", "yaml")
    place = Occurrence(event="Order Sent", operation="track", path="note", label="Order Sent")
    text = render("html", [replace(finding, places=(*finding.places, place))], old, new)
    for name in ("style", "script"):
        text = re.sub(f"(<{name}>).*?(</{name}>)", r"\1…\2", text, flags=re.DOTALL)
    text = re.sub("sha256-[^&]*", "sha256-…", text)
    if request.config.getoption("--update-snapshots"):
        SNAPSHOT.write_text(text, "utf-8")
    assert SNAPSHOT.read_text("utf-8") == text
