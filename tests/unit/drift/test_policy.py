"""`[diff]` of the configuration: severities, what is ignored, stability, announced ends."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drift.documents import STRING, body
from eventwright.cli.main import run
from eventwright.config.config import ClientConfig
from eventwright.config.diff import DiffKeys, IgnoreKeys
from eventwright.diagnostics.diagnostic import ConfigError
from eventwright.document.load import load_bytes
from eventwright.drift.compare import compare
from eventwright.drift.findings.finding import Finding
from eventwright.drift.pairing.version import Version
from eventwright.drift.policy.policy import judge
from eventwright.drift.policy.policyfile import load_policy
from eventwright.lower.document import lower

TODAY = date(2030, 6, 1)


def version(data: dict[str, Any], name: str) -> Version:
    document = load_bytes(json.dumps(data).encode(), name)
    config = ClientConfig(spec=name, output="")
    return Version(document=document, model=lower(document, config, check=False))


def judged(old: dict[str, Any], new: dict[str, Any], **keys: Any) -> dict[str, str]:
    """Rule to severity of what is left."""
    return {each.rule: each.severity for each in findings(old, new, **keys)}


def findings(old: dict[str, Any], new: dict[str, Any], **keys: Any) -> tuple[Finding, ...]:
    before, after = version(old, "old.json"), version(new, "new.json")
    found = compare(before.model, after.model)
    result = judge(found, DiffKeys(**keys), before, after, TODAY)
    assert result.ignored == len(found) - len(result.findings) or "sunset_notice" in keys
    return result.findings


def sent(*required: str, **operation: Any) -> dict[str, Any]:
    """A body whose key `a` may be required."""
    data = body({"type": "object", "properties": {"a": STRING}, "required": list(required)})
    data["paths"]["/send"]["post"] |= operation
    return data


def without(data: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    changed["paths"] = {}
    return changed


RULE = "REQ_PROPERTY_BECAME_REQUIRED"


def test_nothing_said_changes_nothing() -> None:
    assert judged(sent(), sent("a")) == {RULE: "error"}


@pytest.mark.parametrize("weight", ["warning", "info", "docs"])
def test_a_rule_has_the_severity_that_is_said(weight: str) -> None:
    assert judged(sent(), sent("a"), severity={RULE: weight}) == {RULE: weight}
    assert judged(sent(), sent("a"), severity={RULE: "off"}) == {}


@pytest.mark.parametrize(
    ("ignore", "operation", "left"),
    [
        ({"paths": ("/send",)}, {}, False),
        ({"paths": ("/s*",)}, {}, False),
        ({"paths": ("/other/*",)}, {}, True),
        ({"tags": ("internal",)}, {"tags": ["x", "internal"]}, False),
        ({"tags": ("internal",)}, {"tags": ["x"]}, True),
        ({"extensions": ("x-internal",)}, {"x-internal": True}, False),
        ({"extensions": ("x-internal",)}, {"x-internal": False}, True),
        ({"extensions": ("x-internal",)}, {}, True),
    ],
)
def test_what_is_ignored(ignore: dict[str, Any], operation: dict[str, Any], left: bool) -> None:
    found = judged(sent(**operation), sent("a", **operation), ignore=IgnoreKeys(**ignore))
    assert (RULE in found) == left


def test_what_becomes_internal_today_was_a_promise_yesterday() -> None:
    ignore = IgnoreKeys(tags=("internal",), extensions=("x-internal",))
    new = sent("a", tags=["internal"], **{"x-internal": True})
    assert RULE in judged(sent(), new, ignore=ignore)


def test_an_extension_of_a_schema_is_of_all_inside() -> None:
    old, new = ({"type": "object", "properties": {"a": STRING}, **more} for more in (
        {"x-internal": True}, {"required": ["a"]}))  # fmt: skip
    assert judged(body(old), body(new), ignore=IgnoreKeys(extensions=("x-internal",))) == {}


def test_a_place_that_is_ignored_is_no_place_of_the_finding() -> None:
    data = sent()
    operation = data["paths"]["/send"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    data["components"] = {"schemas": {"Shared": copy.deepcopy(schema)}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Shared"}}}
    operation["requestBody"]["content"] = content
    data["paths"]["/internal"] = {"post": {**operation, "operationId": "internal"}}
    new = copy.deepcopy(data)
    new["components"]["schemas"]["Shared"]["required"] = ["a"]
    (both,) = findings(data, new)
    (one,) = findings(data, new, ignore=IgnoreKeys(paths=("/send",)))
    assert [place.operation for place in both.places] == ["send", "internal"]
    assert [place.operation for place in one.places] == ["internal"]
    assert one.fingerprint != both.fingerprint
    assert findings(data, new, ignore=IgnoreKeys(paths=("/*",))) == ()


@pytest.mark.parametrize(
    ("level", "severity"), [("draft", None), ("alpha", "info"), ("beta", "error"), (None, "error")]
)
def test_stability_is_the_severest_that_a_change_counts_as(
    level: str | None, severity: str | None
) -> None:
    more = {"x-stability-level": level} if level else {}
    found = judged(sent(**more), sent("a", **more), stability={"draft": "off", "alpha": "info"})
    assert found.get(RULE) == severity


@pytest.mark.parametrize(
    ("operation", "severity"),
    [
        ({"deprecated": True, "x-sunset": "2030-05-31"}, "info"),
        ({"deprecated": True, "x-sunset": "2030-06-01T00:00:00Z"}, "info"),
        ({"deprecated": True, "x-sunset": "Fri, 31 May 2030 23:59:59 GMT"}, "info"),
        ({"deprecated": True, "x-sunset": "2030-06-02"}, "error"),
        ({"deprecated": True, "x-sunset": "soon"}, "error"),
        ({"deprecated": True}, "error"),
        ({"x-sunset": "2030-05-31"}, "error"),
    ],
)
def test_what_was_announced_and_is_past_is_no_break(
    operation: dict[str, Any], severity: str
) -> None:
    old = sent(**operation)
    assert judged(old, without(old), sunset_notice=30)["OPERATION_REMOVED"] == severity
    assert judged(old, without(old))["OPERATION_REMOVED"] == "error"


@pytest.mark.parametrize(
    ("announced", "notice", "too_soon"),
    [
        ({"x-sunset": "2030-07-01"}, 30, False),
        ({"x-sunset": "2030-06-30"}, 30, True),
        ({"x-sunset": "soon"}, 30, True),
        ({"x-sunset": 5}, 0, True),
        ({}, 30, True),
        ({}, 0, False),
    ],
)
def test_an_end_is_announced_in_time(
    announced: dict[str, Any], notice: int, too_soon: bool
) -> None:
    new = sent(deprecated=True, **announced)
    found = judged(sent(), new, sunset_notice=notice)
    assert found.pop("DEPRECATED") == "warning"
    assert found == ({"SUNSET_TOO_SOON": "error"} if too_soon else {})
    assert "SUNSET_TOO_SOON" not in judged(sent(), new)


@pytest.mark.parametrize(
    ("before", "after", "too_soon"),
    [
        ("2031-01-01", "2030-06-15", True),
        ("2031-01-01", "2030-12-01", False),
        ("2030-06-10", "2030-06-15", False),
    ],
)
def test_an_end_does_not_come_closer(before: str, after: str, too_soon: bool) -> None:
    old, new = (sent(deprecated=True, **{"x-sunset": each}) for each in (before, after))
    assert ("SUNSET_TOO_SOON" in judged(old, new, sunset_notice=30)) == too_soon


def test_a_removed_property_has_its_own_announcement() -> None:
    gone = {"type": "string", "deprecated": True, "x-sunset": "2030-01-01"}
    closed = {"additionalProperties": False}
    old = body({"type": "object", "properties": {"a": gone, "b": STRING}, **closed})
    new = body({"type": "object", "properties": {"b": STRING}, **closed})
    (found,) = findings(old, new, sunset_notice=90)
    assert (found.rule, found.severity) == ("REQ_PROPERTY_REMOVED", "info")
    assert "as was announced for 2030-01-01" in found.message


def configured(folder: Path, text: str) -> DiffKeys:
    path = folder / "eventwright.toml"
    path.write_text(text, "utf-8")
    return load_policy(path, folder)


def test_the_configuration_is_read(tmp_path: Path) -> None:
    text = (
        "[diff]\nsunset_notice = 90\nstability = { draft = 'off' }\n"
        "[diff.severity]\nDEPRECATED = 'info'\n[diff.ignore]\npaths = ['/x/*']\n"
    )
    assert configured(tmp_path, text) == DiffKeys(
        sunset_notice=90,
        stability={"draft": "off"},
        severity={"DEPRECATED": "info"},
        ignore=IgnoreKeys(paths=("/x/*",)),
    )
    assert load_policy(None, tmp_path / "none") == configured(tmp_path, text)
    assert configured(tmp_path, "") == DiffKeys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[diff.severity]\nDEPRECATD = 'info'", "no rule 'DEPRECATD'; did you mean 'DEPRECATED'"),
        ("[diff.severity]\nDEPRECATED = 'eror'", "no severity 'eror'; did you mean 'error'"),
        ("[diff]\nsunset_notice = -1", "'sunset_notice' must be a number of days, 0 or more"),
        ("[diff]\nsunset_notice = true", "'sunset_notice' must be a whole number"),
        ("[diff]\nignor = 1", "unknown key 'ignor'; did you mean 'ignore'"),
        ("[diff.ignore]\npath = []", "unknown key 'path'; did you mean 'paths'"),
        ("diff = 3", "'diff' must be a table"),
    ],
)
def test_a_wrong_configuration_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text)
    assert message in str(caught.value)
    assert "eventwright.toml" in str(caught.value)


def test_the_command_obeys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, data in (("old.json", sent()), ("new.json", sent("a"))):
        Path(name).write_text(json.dumps(data), "utf-8")
    assert run(["diff", "old.json", "new.json"]) == 1
    Path("eventwright.toml").write_text('[diff.ignore]\npaths = ["/send"]\n', "utf-8")
    capsys.readouterr()
    assert run(["diff", "old.json", "new.json"]) == 0
    assert capsys.readouterr().out.startswith("none: no findings, 1 ignored\n")
    Path("eventwright.toml").write_text(f'[diff.severity]\n{RULE} = "warning"\n', "utf-8")
    assert run(["diff", "old.json", "new.json"]) == 0
    assert run(["diff", "old.json", "new.json", "--fail-on", "warning"]) == 1
    Path("eventwright.toml").write_text("[diff]\nx = 1\n", "utf-8")
    assert run(["diff", "old.json", "new.json"]) == 2
