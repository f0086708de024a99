"""Drift: what moved between two documents, and what that breaks."""

from __future__ import annotations

from .compare import compare
from .finding import Axis, Change, Finding, Severity
from .rules import RULES, Rule

__all__ = ["RULES", "Axis", "Change", "Finding", "Rule", "Severity", "compare"]
