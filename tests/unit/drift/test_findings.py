"""Fingerprints, verdicts and acceptances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eventwright.diagnostics.errors import CommandError
from eventwright.drift.findings.finding import Change, Finding, finding
from eventwright.drift.findings.occurrence import Owner, occurrence
from eventwright.drift.findings.verdict import fails, semver, verdict
from eventwright.drift.policy.acceptance import Acceptance, Accepted, apply, load_acceptances
from eventwright.drift.policy.acceptfile import write_acceptances

OWNER = Owner(event="User Deleted", operation="track", label="User Deleted")
CHANGE = Change(
    rule="REQ_ENUM_VALUE_REMOVED",
    path=".properties.metric",
    phrase="no longer takes 1",
    old=1,
    old_at="/a/0",
    new_at="/b/1",
)
FOUND = finding(CHANGE, [occurrence(OWNER, CHANGE.path)], "error", ("WIRE",))
TODAY = date(2030, 6, 1)


def made(change: Change = CHANGE, owner: Owner = OWNER) -> Finding:
    return finding(change, [occurrence(owner, change.path)], "error", ("WIRE",))


def test_the_fingerprint_holds_no_message_position_or_operation_of_an_event() -> None:
    same = made(replace(CHANGE, phrase="other words", old_at="/c/2", new_at="/d/3"))
    elsewhere = made(owner=replace(OWNER, operation="page", label="x"))
    assert FOUND.fingerprint == same.fingerprint == elsewhere.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        made(replace(CHANGE, rule="REQ_ENUM_VALUE_ADDED")),
        made(replace(CHANGE, path=".properties")),
        made(replace(CHANGE, old=2)),
        made(replace(CHANGE, new=1, old=None)),
        made(owner=replace(OWNER, event="Other")),
        made(owner=replace(OWNER, event=None)),
        made(owner=replace(OWNER, event=None, operation="page")),
    ],
)
def test_the_fingerprint_holds_everything_else(other: Finding) -> None:
    assert FOUND.fingerprint != other.fingerprint


def test_the_worst_severity_makes_the_verdict() -> None:
    info, docs = replace(FOUND, severity="info"), replace(FOUND, severity="docs")
    warning = replace(FOUND, severity="warning")
    several: tuple[list[Finding], ...] = ([], [docs], [info, docs], [docs, warning], [info, FOUND])
    words = ["none", "docs", "additive", "semantic", "breaking"]
    assert [verdict(each) for each in several] == words
    assert [semver(verdict(each)) for each in ([], [docs], [info], [FOUND])] == [
        "none", "patch", "minor", "major",
    ]  # fmt: skip


def test_what_fails() -> None:
    warning, docs = replace(FOUND, severity="warning"), replace(FOUND, severity="docs")
    assert fails([FOUND], "error")
    assert not fails([warning], "error")
    assert fails([warning], "warning")
    assert fails([warning], "info")
    assert not fails([docs], "info")
    assert not fails([FOUND], "none")


ENTRY = f"""
[[accept]]
rule = "{FOUND.rule}"
event = "User Deleted"
path = "properties.metric"
change = "{FOUND.change}"
reason = "we never send it"
"""


def entries(tmp_path: Path, text: str, name: str = "accept.toml") -> tuple[Acceptance, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_acceptances(path)


def test_an_accepted_finding_counts_no_more(tmp_path: Path) -> None:
    applied = apply([FOUND], entries(tmp_path, ENTRY), TODAY)
    accepted = Accepted(finding=FOUND, reason="we never send it")
    assert (applied.kept, applied.accepted, applied.problems) == ((), (accepted,), ())


def test_yaml_says_the_same(tmp_path: Path) -> None:
    text = (
        f"accept:\n- {{rule: {FOUND.rule}, event: User Deleted, path: properties.metric, "
        f"change: '{FOUND.change}', reason: no, expires: 2030-06-01}}\n"
    )
    with pytest.raises(CommandError, match="no reason"):  # YAML's `no` is false
        entries(tmp_path, text, "accept.yaml")
    applied = apply([FOUND], entries(tmp_path, text.replace("no,", "why,"), "a.yaml"), TODAY)
    assert applied.accepted == (Accepted(finding=FOUND, reason="why"),)


@pytest.mark.parametrize(
    "other",
    [
        made(replace(CHANGE, path=".properties")),
        made(owner=replace(OWNER, event="Other")),
        made(replace(CHANGE, old=2)),
        made(replace(CHANGE, rule="REQ_TYPE_CHANGED")),
    ],
)
def test_an_entry_that_matches_nothing_fails(tmp_path: Path, other: Finding) -> None:
    applied = apply([other], entries(tmp_path, ENTRY), TODAY)
    assert applied.kept == (other,)
    (problem,) = applied.problems
    assert "matches no finding" in problem


def test_an_expired_entry_fails_and_no_longer_accepts(tmp_path: Path) -> None:
    applied = apply([FOUND], entries(tmp_path, f"{ENTRY}expires = 2030-05-31\n"), TODAY)
    assert applied.kept == (FOUND,)
    assert applied.problems == (
        "the acceptance of REQ_ENUM_VALUE_REMOVED for User Deleted properties.metric expired on "
        "2030-05-31",
    )
    last_day = apply([FOUND], entries(tmp_path, f"{ENTRY}expires = 2030-06-01\n"), TODAY)
    assert last_day.problems == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("accept = 1", "a list called `accept`"),
        ("[[accepted]]", "a list called `accept`"),
        ("accept = [1]", "entry 1 is not a table"),
        (ENTRY.replace("reason", "raeson"), "unknown key 'raeson'; did you mean 'reason'"),
        (ENTRY.replace("we never send it", ""), "entry 1 has no reason"),
        (ENTRY.replace("_REMOVED", "_REMOVE"), "did you mean 'REQ_ENUM_VALUE_REMOVED'"),
        (f'[[accept]]\nrule = "{FOUND.rule}"\nreason = "x"', "accept every REQ_ENUM_VALUE_REMOVED"),
        (f'{ENTRY}expires = "2030-01-01"', "expires must be a date"),
        (f"{ENTRY}expires = 2030-01-01T00:00:00", "expires must be a date"),
        (ENTRY.replace('"properties.metric"', "3"), "path must be a text"),
        ("[[accept", "accept.toml: "),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        entries(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.exit_code == 2


def test_a_missing_or_binary_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        load_acceptances(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(CommandError, match=r"bad\.toml"):
        load_acceptances(tmp_path / "bad.toml")
    for value in ("9" * 5_000, "[" * 9_000 + "]" * 9_000):
        (tmp_path / "bad.toml").write_text(f"accept = {value}")
        with pytest.raises(CommandError, match=r"bad\.toml"):
            load_acceptances(tmp_path / "bad.toml")


@pytest.mark.parametrize(
    ("which", "taken"),
    [
        ('path = "properties.metric"', True),
        ('path = "properties.*"', True),
        ('path = "*"', True),
        ('path = "propert?es.metric"', True),
        ('path = "metric"', False),
        ('event = "User *"', True),
        ('event = "user *"', False),
        ('operation = "tr*"', True),
        ('operation = "page"', False),
        ('event = "Other"\noperation = "track"', False),
        ('event = "User Deleted"\npath = "properties[]metric"', False),
    ],
)
def test_an_entry_may_say_which_with_wildcards(tmp_path: Path, which: str, taken: bool) -> None:
    text = f'[[accept]]\nrule = "{FOUND.rule}"\n{which}\nreason = "x"\n'
    applied = apply([FOUND], entries(tmp_path, text), TODAY)
    assert bool(applied.accepted) == taken == (not applied.problems)


def test_one_entry_is_of_all_places_of_one_cause(tmp_path: Path) -> None:
    places = [occurrence(OWNER, CHANGE.path), occurrence(Owner(operation="x", label="X"), ".y")]
    both = finding(CHANGE, places, "error", ("WIRE",))
    for owner in ('event = "User Deleted"', 'operation = "x"'):
        text = f'[[accept]]\nrule = "{FOUND.rule}"\n{owner}\nreason = "x"\n'
        assert len(apply([both], entries(tmp_path, text), TODAY).accepted) == 1


def test_what_is_written_is_taken_and_adds_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "accept.toml"
    path.write_text("# by hand\n" + ENTRY, "utf-8")
    other = made(replace(CHANGE, path='.a"b\u2028\n\\'), replace(OWNER, event=None))
    write_acceptances(path, [other], 'agreed "here"')
    assert path.read_text("utf-8").startswith("# by hand\n" + ENTRY)
    applied = apply([FOUND, other], load_acceptances(path), TODAY)
    assert [each.reason for each in applied.accepted] == ["we never send it", 'agreed "here"']
    assert not applied.problems


def test_nothing_is_added_to_a_file_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "accept.toml"
    path.write_text("[[accept]]\nrule = 1\n", "utf-8")
    with pytest.raises(CommandError):
        write_acceptances(path, [FOUND], "x")
    assert path.read_text("utf-8") == "[[accept]]\nrule = 1\n"
    with pytest.raises(CommandError, match="TOML"):
        write_acceptances(tmp_path / "accept.yaml", [FOUND], "x")
