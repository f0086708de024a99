"""The documentation and the command say what the registry says."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from eventwright.cli.diff import rules
from eventwright.diagnostics.errors import CommandError
from eventwright.drift.rules.explain import explain, overview, table
from eventwright.drift.rules.registry import RULES, rule_for

DOCS = Path(__file__).parents[3] / "docs" / "drift.md"


def test_the_table_in_the_documentation_is_current() -> None:
    text = DOCS.read_text(encoding="utf-8")
    _, _, rest = text.partition("table() -->\n")
    assert rest.partition("\n<!-- end of rules -->")[0] == table()


def test_the_overview_has_a_line_for_every_rule() -> None:
    listed = [line.split()[0] for line in overview().splitlines() if line.startswith("  ")]
    assert sorted(listed) == sorted(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_is_explained(rule: object) -> None:
    assert isinstance(rule, type(RULES["DEPRECATED"]))
    told = explain(rule)
    assert all(word in told for word in (rule.id, rule.meaning, rule.why, rule.mend))
    assert "old:  " in told
    assert "new:  " in told
    assert rule.old != rule.new


def test_the_command_explains_one_in_any_case_or_suggests() -> None:
    told = CliRunner().invoke(rules, ["req_enum_closed"], catch_exceptions=False)
    assert told.output.startswith("REQ_ENUM_CLOSED: error (WIRE SOURCE)\n")
    with pytest.raises(CommandError, match="did you mean 'REQ_ENUM_CLOSED'"):
        CliRunner().invoke(rules, ["REQ_ENUM_CLOSD"], catch_exceptions=False)


def test_kinds_have_a_rule_on_both_sides() -> None:
    assert rule_for("request", "TYPE_WIDENED") == "REQ_CONSTRAINT_RELAXED"
    assert rule_for("response", "TYPE_WIDENED") == "RESP_TYPE_WIDENED"
    assert rule_for("response", "DEPRECATED") == "DEPRECATED"
