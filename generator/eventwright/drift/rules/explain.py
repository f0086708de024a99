"""The rules in words: for the terminal, and as the table in the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..findings.verdict import SEVERITIES
from .base import Rule
from .registry import RULES


def overview() -> str:
    """One line for each rule, the severest first."""
    lines: list[str] = []
    for severity, rules in _by_severity():
        lines.append(f"{severity}:")
        lines += [f"  {rule.id:<30} {_axes(rule):<14} {rule.meaning}" for rule in rules]
    return "\n".join([*lines, "", "more about one: eventwright rules ID"])


def explain(rule: Rule) -> str:
    """All about one rule."""
    axes = f" ({_axes(rule)})" if rule.axes else ""
    other = f"mirror: {rule.mirror}" if rule.mirror else f"no mirror: {rule.waiver}"
    return "\n".join(
        [
            f"{rule.id}: {rule.severity}{axes}",
            f"  {rule.meaning}",
            "",
            f"why:  {rule.why}",
            f"mend: {rule.mend}",
            other,
            "",
            *_indented("old", rule.old),
            *_indented("new", rule.new),
        ]
    )


def table() -> str:
    """The table of all rules in Markdown."""
    rows = ["| severity | rule | axes | meaning | mirror |", "|---|---|---|---|---|"]
    for severity, rules in _by_severity():
        for rule in rules:
            mirror = f"`{rule.mirror}`" if rule.mirror else f"none: {rule.waiver}"
            rows.append(f"| {severity} | `{rule.id}` | {_axes(rule)} | {rule.meaning} | {mirror} |")
    return "\n".join(rows)


def _by_severity() -> Iterator[tuple[str, list[Rule]]]:
    ordered = sorted(RULES.values(), key=lambda rule: SEVERITIES.index(rule.severity))
    for severity, rules in groupby(ordered, key=lambda rule: rule.severity):
        yield severity, list(rules)


def _axes(rule: Rule) -> str:
    return " ".join(rule.axes)


def _indented(title: str, text: str) -> Iterator[str]:
    first, *rest = text.splitlines()
    yield f"{title}:  {first}"
    yield from (f"      {line}" for line in rest)
