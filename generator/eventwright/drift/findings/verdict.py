"""From findings to one word, and to a step of semantic versioning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from .finding import Finding, Severity

Verdict: TypeAlias = Literal["breaking", "semantic", "additive", "docs", "none"]
Step: TypeAlias = Literal["major", "minor", "patch", "none"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "docs")
"""Worst first."""
_VERDICTS: Mapping[Severity, Verdict] = {
    "error": "breaking",
    "warning": "semantic",
    "info": "additive",
    "docs": "docs",
}
_STEPS: Mapping[Verdict, Step] = {
    "breaking": "major",
    "semantic": "minor",
    "additive": "minor",
    "docs": "patch",
    "none": "none",
}


def verdict(findings: Iterable[Finding]) -> Verdict:
    """What the worst finding makes of the whole: "none" where there is none."""
    found = {finding.severity for finding in findings}
    return next((_VERDICTS[severity] for severity in SEVERITIES if severity in found), "none")


def semver(word: Verdict) -> Step:
    """The step that a package of the generated client should take."""
    return _STEPS[word]


def is_at_least(severity: Severity, threshold: Severity | Literal["none"]) -> bool:
    """Whether it is as severe as `threshold`, or severer; never for "none"."""
    return threshold != "none" and SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


def fails(findings: Iterable[Finding], threshold: Severity | Literal["none"]) -> bool:
    """Whether a finding is at least as severe as `threshold`."""
    return any(is_at_least(finding.severity, threshold) for finding in findings)
