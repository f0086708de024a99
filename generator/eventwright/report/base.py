"""What every format is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from ..diagnostics import Location
from ..drift.finding import Finding, Severity
from ..drift.verdict import SEVERITIES, Step, Verdict, semver, verdict


class Located(Protocol):
    """A document that knows where its parts stand."""

    @property
    def path(self) -> str: ...
    def locate(self, pointer: str) -> Location: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings with their two documents. `accepted`: findings that no longer count."""

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    old: Located
    new: Located
    colour: bool = False

    @property
    def verdict(self) -> Verdict:
        return verdict(self.findings)

    @property
    def semver(self) -> Step:
        return semver(self.verdict)

    def positions(self, finding: Finding) -> tuple[Location, Location]:
        """Where it is in the old and in the new document; what is missing: where it would be."""
        return self.old.locate(finding.old_at), self.new.locate(finding.new_at)

    def groups(self) -> Iterator[tuple[str, list[Finding]]]:
        """By event or operation, in order; within a group the severest first."""
        # One event's findings may lie apart where its operations do: bring them together.
        order = {
            owner(finding): number for number, finding in reversed([*enumerate(self.findings)])
        }
        ordered = sorted(
            self.findings,
            key=lambda finding: (order[owner(finding)], SEVERITIES.index(finding.severity)),
        )
        for name, findings in groupby(ordered, key=owner):
            yield name, list(findings)

    def counts(self) -> str:
        """`2 errors, 1 warning`."""
        return counts([finding.severity for finding in self.findings])


def owner(finding: Finding) -> str:
    """The heading of its group."""
    return finding.owner or "the document"


def counts(severities: Sequence[Severity]) -> str:
    """`2 errors, 1 warning, 3 infos, 1 docs`, or `no findings`."""
    plural = {"docs": "docs"}
    found = [
        f"{number} {each if number == 1 else plural.get(each, f'{each}s')}"
        for each in SEVERITIES
        if (number := severities.count(each))
    ]
    return ", ".join(found) or "no findings"
