"""What every format is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from ...diagnostics.diagnostic import Location
from ...drift.findings.finding import Finding, Severity
from ...drift.findings.verdict import SEVERITIES, Step, Verdict, is_at_least, semver, verdict
from ...drift.policy.acceptance import Accepted

if TYPE_CHECKING:
    from ...document.load import Document


Threshold: TypeAlias = Severity | Literal["none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is written.

    `fail_on`: the mildest severity that fails the run; `minimum`: milder findings are left out;
    `everything`: for people too, all findings in full, however many; `colour`: for text only;
    `ignored`: as many findings the configuration took out.
    """

    fail_on: Threshold = "error"
    minimum: Severity = "docs"
    everything: bool = False
    colour: bool = False
    ignored: int = 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """Findings with their two documents. `accepted`: findings that no longer count."""

    all: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    old: Document
    new: Document
    options: Options

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be shown: the severest first, each severity in the order of the documents."""
        shown = [each for each in self.all if is_at_least(each.severity, self.options.minimum)]
        return tuple(sorted(shown, key=lambda each: SEVERITIES.index(each.severity)))

    @property
    def verdict(self) -> Verdict:
        """Of all findings, shown or not."""
        return verdict(self.all)

    @property
    def semver(self) -> Step:
        return semver(self.verdict)

    def fails(self, finding: Finding) -> bool:
        """Whether this one makes the run fail."""
        return is_at_least(finding.severity, self.options.fail_on)

    def positions(self, finding: Finding) -> tuple[Location, Location]:
        """Where it is in the old and in the new document; what is missing: where it would be."""
        return self.old.locate(finding.old_at), self.new.locate(finding.new_at)

    def annotated(self, finding: Finding) -> Location | None:
        """Where a code host can show it: in the new document, or, where that is no file of the
        repository, in the old one. None: neither is one."""
        for document, at in ((self.new, finding.new_at), (self.old, finding.old_at)):
            place = document.locate(at)
            path = _in_repository(place.path)
            if path:
                return Location(
                    path=path, line=place.line, column=place.column, pointer=place.pointer
                )
        return None

    def with_severity(self, severity: Severity) -> list[Finding]:
        return [each for each in self.findings if each.severity == severity]

    def head(self) -> str:
        """`breaking: 2 errors, 1 warning; suggested step: major`."""
        step = f"; suggested step: {self.semver}" if self.all else ""
        accepted = f", {len(self.accepted)} accepted" if self.accepted else ""
        accepted += f", {self.options.ignored} ignored" if self.options.ignored else ""
        return f"{self.verdict}: {self.counts()}{accepted}{step}"

    def counts(self) -> str:
        """`2 errors, 1 warning`, of all findings."""
        return counts([finding.severity for finding in self.all])

    def by_rule(self) -> Iterator[tuple[str, Severity, int, int]]:
        """(rule, severity, findings, places), the severest first, then the most frequent."""
        findings = Counter(each.rule for each in self.findings)
        places: Counter[str] = Counter()
        severities = {each.rule: each.severity for each in self.findings}
        for each in self.findings:
            places[each.rule] += len(each.places)
        for rule in sorted(
            findings, key=lambda rule: (SEVERITIES.index(severities[rule]), -findings[rule], rule)
        ):
            yield rule, severities[rule], findings[rule], places[rule]


def owner(finding: Finding) -> str:
    """Whose finding it is first."""
    return finding.owner or "the document"


def counts(severities: Sequence[Severity]) -> str:
    """`2 errors, 1 warning, 3 infos, 1 docs`, or `no findings`."""
    found = [counted(number, each) for each in SEVERITIES if (number := severities.count(each))]
    return ", ".join(found) or "no findings"


def counted(number: int, severity: Severity) -> str:
    """`2 errors`, `1 info`, `3 docs`."""
    return f"{number} {severity}{'s' if number > 1 and severity != 'docs' else ''}"


def _in_repository(path: str) -> str:
    """The path of a file that a code host may have, or ""; of a revision in git: the file's."""
    if path.startswith("git:"):
        return path.split(":", 2)[-1]
    return "" if urlsplit(path).netloc else path
