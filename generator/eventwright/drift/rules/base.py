"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings.finding import Axis, Severity

BREAKS: tuple[Axis, ...] = ("WIRE", "SOURCE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of change, with what a person needs to judge it.

    `old` and `new` are a small example in OpenAPI; `mirror` names the rule for the other direction,
    or `waiver` says why there is none.
    """

    id: str
    severity: Severity
    axes: tuple[Axis, ...]
    meaning: str
    why: str
    mend: str
    old: str
    new: str
    mirror: str = ""
    waiver: str = ""
