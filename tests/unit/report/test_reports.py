"""The formats: each is well-formed, says everything, and lets no text of a document act."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from drift.documents import STRING, body, flagship
from eventwright.config.config import ClientConfig
from eventwright.document.load import Document, load_bytes
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding, Severity
from eventwright.drift.findings.occurrence import Occurrence
from eventwright.drift.findings.verdict import SEVERITIES
from eventwright.drift.policy.acceptance import Accepted
from eventwright.drift.rules.registry import RULES
from eventwright.lower.document import lower
from eventwright.report.formats.base import Options, Threshold
from eventwright.report.render import FORMATS, render
from unit.report.sarif_schema import SARIF

OFFICIAL = (
    Path(__file__).parents[2]
    / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)
EVERYTHING = Options(everything=True)
CONFIG = ClientConfig(spec="x", output="x")
SCHEMA = json.loads(
    (
        Path(__file__).parents[3] / "generator/eventwright/report/formats/report.schema.json"
    ).read_text("utf-8")
)
EVIL = (
    "x\n::error file=/etc/passwd::pwned\r\n%0A::stop\x1b[31mred\x07\u202e\u2028\x00 `` ``` ]]> "
    "</failure><!--<script>alert(1)</script> [click](https://evil.example) ![i](x) @everyone #1 "
    "{0} {{ }} '\"|\\ &lt; \uffff \U000e0001"
)


def document(data: dict[str, Any], name: str) -> Document:
    return load_bytes(json.dumps(data, indent=1).encode(), name)


def hostile() -> tuple[tuple[Finding, ...], Document, Document]:
    """The same text in every place that a finding can quote."""
    documents = []
    for values, description in ((["a", EVIL], EVIL), (["a", f"{EVIL}2"], f"{EVIL}!")):
        value = {"enum": values, "description": description}
        data = body({"type": "object", "properties": {EVIL: value}})
        operation = data["paths"].pop("/send")["post"]
        operation["operationId"] = EVIL
        operation["responses"]["200"]["description"] = description
        data["paths"][f"/{EVIL}"] = {"post": operation}
        data["servers"] = [{"url": f"https://{len(values[1])}/{EVIL}"}]
        documents.append(document(data, f"spec/{EVIL}.json"))
    old, new = documents
    return compare(lower(old, CONFIG), lower(new, CONFIG)), old, new


def enum_removed() -> tuple[tuple[Finding, ...], Document, Document]:
    """One breaking finding of the flagship, and one of words."""
    data = flagship()
    old = document(data, "old.json")
    schema = data["components"]["schemas"]["report_delivery_event"]["properties"]["properties"]
    schema["properties"]["metric"]["enum"].remove("converted")
    data["info"]["version"] = "2"
    new = document(data, "spec/new.json")
    return compare(lower(old, CONFIG), lower(new, CONFIG)), old, new


HOSTILE, PLAIN = hostile(), enum_removed()


def test_the_hostile_text_is_in_many_findings() -> None:
    assert len({finding.rule for finding in HOSTILE[0]}) >= 4
    assert any(EVIL in finding.path or "evil" in finding.path for finding in HOSTILE[0])


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_lets_a_control_character_through(format: str) -> None:
    text = render(format, *HOSTILE)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert text.endswith("\n")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_found_is_well_formed_too(format: str) -> None:
    text = render(format, (), PLAIN[1], PLAIN[2])
    assert text.endswith("\n") or (format, text) == ("github", "")


@pytest.mark.parametrize("case", [HOSTILE, PLAIN, ((), *PLAIN[1:])], ids=["evil", "plain", "none"])
def test_json_matches_its_published_schema(case: Any) -> None:
    report = json.loads(
        render(
            "json", *case, accepted=[Accepted(finding=each, reason="why") for each in case[0][:1]]
        )
    )
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)
    assert report["reportVersion"] == 1
    assert len(report["findings"]) == len(case[0])


def test_json_says_everything() -> None:
    report = json.loads(render("json", *PLAIN))
    assert (report["verdict"], report["semver"]) == ("breaking", "major")
    found = report["findings"][0]
    assert found["positions"]["old"] | {"line": 0, "column": 0} == {
        "path": "old.json",
        "line": 0,
        "column": 0,
        "pointer": PLAIN[0][0].old_at,
    }
    lines = json.dumps(PLAIN[1].data, indent=1).splitlines()
    assert '"metric"' in lines[found["positions"]["old"]["line"] - 1]
    assert (found["event"], found["path"]) == ("Report Delivery Event", "properties.metric")
    assert (found["old"], found["new"], found["axes"]) == ("converted", None, ["WIRE", "SOURCE"])


def test_text_says_the_whole_first_then_each_and_how_to_accept() -> None:
    text = render("text", *PLAIN)
    lines = text.splitlines()
    assert lines[0] == "breaking: 1 error, 1 docs; suggested step: major"
    assert lines[1] == "from old.json to spec/new.json"
    assert lines[3].split() == ["error", "REQ_ENUM_VALUE_REMOVED", "1"]
    assert lines[4].split() == ["docs", "DOCS_INFO_CHANGED", "1"]
    assert lines[6].split(maxsplit=1) == ["error", PLAIN[0][0].message]
    assert "REQ_ENUM_VALUE_REMOVED (WIRE SOURCE)" in lines[7]
    assert '"converted" -> (nothing)' in lines[8]
    assert re.search(r"old\.json:\d+:\d+ -> spec/new\.json:\d+:\d+", lines[9])
    assert "the document's version changed" not in text
    assert "the document's version changed" in render("text", *PLAIN, options=EVERYTHING)
    entry = tomllib.loads(text.partition("--accept:\n")[2])["accept"][0]
    assert entry["change"] == PLAIN[0][0].change


def test_the_entry_to_accept_survives_hostile_text() -> None:
    worst = next(f for f in HOSTILE[0] if f.severity in ("error", "warning"))
    text = render("text", (worst,), *HOSTILE[1:])
    entry = tomllib.loads(text.partition("--accept:\n")[2])["accept"][0]
    assert entry["path"] == worst.path


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b[31merror" in render("text", *PLAIN, options=Options(colour=True))
    assert "\x1b" not in render("text", *PLAIN)


def test_github_has_one_command_a_finding() -> None:
    lines = render("github", *HOSTILE).splitlines()
    assert len(lines) == len(HOSTILE[0])
    for line in lines:
        assert re.fullmatch(
            r"::(error|warning|notice) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::.*", line
        )
    (first, _) = render("github", *PLAIN).splitlines()
    assert first.startswith("::error file=spec/new.json,line=")
    assert "title=REQ_ENUM_VALUE_REMOVED" in first


def test_gitlab_tells_findings_apart() -> None:
    issues = json.loads(render("gitlab", *HOSTILE))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(HOSTILE[0])
    assert {issue["severity"] for issue in issues} <= {"critical", "major", "minor", "info"}
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in issues)


@pytest.mark.parametrize("case", [HOSTILE, PLAIN, ((), *PLAIN[1:])], ids=["evil", "plain", "none"])
def test_sarif_has_the_shape_that_2_1_0_asks_for(case: Any) -> None:
    log = json.loads(render("sarif", *case))
    jsonschema.validate(log, SARIF, format_checker=jsonschema.FormatChecker())
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    found = sorted(case[0], key=lambda each: SEVERITIES.index(each.severity))
    for result, finding in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        assert result["partialFingerprints"] == {"eventwright/v1": finding.fingerprint}


@pytest.mark.parametrize("case", [HOSTILE, PLAIN, ((), *PLAIN[1:])], ids=["evil", "plain", "none"])
def test_sarif_is_valid_by_the_official_schema(case: Any) -> None:
    if not OFFICIAL.exists() and os.environ.get("CI") != "true":
        pytest.skip("the official SARIF schema comes with `npm ci --prefix tests`")
    schema = json.loads(OFFICIAL.read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(json.loads(render("sarif", *case)))


def test_sarif_messages_hold_no_link_and_no_placeholder() -> None:
    (run,) = json.loads(render("sarif", *HOSTILE))["runs"]
    for result in run["results"]:
        text = result["message"]["text"]
        assert not re.search(r"(?<!\\)\[[^\]\\]*\]\(", text)
        assert not re.search(r"(?<!\{)\{\d+\}", text)


def test_junit_counts_errors_as_failures() -> None:
    for findings, old, new in (HOSTILE, PLAIN):
        root = ElementTree.fromstring(render("junit", findings, old, new))
        cases = root.findall("testsuite/testcase")
        assert len(cases) == len(findings) == int(root.get("tests", ""))
        failed = [case for case in cases if case.find("failure") is not None]
        errors = [finding for finding in findings if finding.severity == "error"]
        assert len(failed) == len(errors) == int(root.get("failures", ""))
    passing = ElementTree.fromstring(render("junit", (), *PLAIN[1:]))
    assert passing.get("tests") == "1"
    assert not passing.findall(".//failure")


def test_junit_obeys_fail_on_and_skips_what_was_accepted() -> None:
    accepted = [Accepted(finding=PLAIN[0][0], reason="we never send it")]
    cases: tuple[tuple[Threshold, int], ...] = (("none", 0), ("error", 1), ("docs", 2))
    for fail_on, failures in cases:
        root = ElementTree.fromstring(
            render("junit", *PLAIN, accepted=accepted, options=Options(fail_on=fail_on))
        )
        assert len(root.findall(".//failure")) == int(root.get("failures", "")) == failures
        (skipped,) = root.findall(".//skipped")
        assert skipped.get("message") == "accepted: we never send it"
        assert root.get("tests") == "3"


def test_what_was_accepted_is_a_suppression_in_sarif() -> None:
    accepted = [Accepted(finding=PLAIN[0][0], reason="we never send it")]
    log = json.loads(render("sarif", PLAIN[0][1:], *PLAIN[1:], accepted=accepted))
    jsonschema.validate(log, SARIF, format_checker=jsonschema.FormatChecker())
    official = json.loads(OFFICIAL.read_text("utf-8"))
    jsonschema.Draft4Validator(official).validate(log)
    (open_, suppressed) = log["runs"][0]["results"]
    assert "suppressions" not in open_
    assert suppressed["ruleId"] == PLAIN[0][0].rule
    assert suppressed["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "we never send it"}
    ]


def many(severities: dict[Severity, int]) -> tuple[Finding, ...]:
    """Findings of a few rules, many of each severity, of operations and paths of their own."""
    rules = {
        severity: [rule.id for rule in RULES.values() if rule.severity == severity][:9]
        for severity in severities
    }
    return tuple(
        replace(
            PLAIN[0][0],
            rule=rules[severity][number % len(rules[severity])],
            severity=severity,
            phrase=f"says {severity} {number % 4}",
            places=(
                Occurrence(
                    event=None,
                    operation=f"{severity}_{number}",
                    path=f"properties.some_key_{number}",
                    label=f"POST /{severity}/{number}",
                ),
            ),
        )
        for severity, count in reversed(severities.items())
        for number in range(count)
    )


@pytest.mark.parametrize("errors", [1, 20, 60, 150, 1500])
def test_text_fits_a_few_screens_and_has_every_error_once(errors: int) -> None:
    found = many({"error": errors, "warning": errors, "info": 2 * errors, "docs": 40})
    text = render("text", found, *PLAIN[1:])
    lines = text.splitlines()
    assert len(lines) <= 120
    assert lines[0].startswith("breaking: ")
    for number in range(errors):
        assert len(re.findall(rf"POST /error/{number}\b", text)) == 1
    whole = render("text", found, *PLAIN[1:], options=EVERYTHING)
    assert all(each.message in whole for each in found)
    first = render("text", found, *PLAIN[1:], options=Options(minimum="error"))
    assert "warning" not in first.partition("\n")[2]
    assert first.splitlines()[0] == lines[0]


def test_github_shows_errors_first_and_counts_what_is_left_out() -> None:
    found = many({"error": 38, "warning": 11, "info": 3, "docs": 4})
    lines = render("github", found, *PLAIN[1:]).splitlines()
    commands = [line.split(" ")[0] for line in lines]
    assert commands == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 7
    assert "not shown as annotations: 29 errors: " in lines[9]
    assert "2 warnings" in lines[19]


def test_a_document_that_is_no_file_here_is_annotated_where_one_is() -> None:
    finding = PLAIN[0][0]
    old, new = PLAIN[1:]
    url = load_bytes(new.raw, "https://api.example/openapi.json")
    (line,) = render("github", [finding], old, url).splitlines()
    assert line.startswith("::error file=old.json,line=")
    (line,) = render("github", [finding], url, url).splitlines()
    assert line.startswith("::error title=")
    revision = load_bytes(new.raw, "git:HEAD~1:spec/api.json")
    (line,) = render("github", [finding], url, revision).splitlines()
    assert line.startswith("::error file=spec/api.json,line=")


def test_markdown_keeps_within_what_a_pull_request_takes() -> None:
    found = many({"error": 600, "warning": 600})
    text = render("markdown", found, *PLAIN[1:])
    assert len(text) < 62_000
    shown = text.count("- **error**")
    assert f"… and **{600 - shown} errors more**" in text.replace(" more**", " more**")
    assert "- **warning**" not in text
    assert "**600 warnings more**" in text
    assert (
        len(re.findall("- [*]{2}error", render("markdown", found, *PLAIN[1:], options=EVERYTHING)))
        == 600
    )


def test_markdown_keeps_all_text_of_documents_in_code_spans() -> None:
    text = render("markdown", *HOSTILE)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    for evil in ("@everyone", "<script>", "[click]", "![i]", "::error", "#1"):
        assert evil in text
        assert evil not in outside
    assert "## Drift: breaking" in render("markdown", *PLAIN)


def test_every_format_is_one_of_the_command_s() -> None:
    from eventwright.cli.commands import FORMATS as OFFERED

    assert set(OFFERED) == set(FORMATS)
    assert STRING  # the shared documents are those of the other tests
