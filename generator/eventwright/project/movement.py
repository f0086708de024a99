"""What a client's document says otherwise than it did: two documents, and the findings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..config.config import ClientConfig
from ..config.diff import DiffKeys
from ..diagnostics.diagnostic import Diagnostic, UserError
from ..document.load import Document
from ..drift.between import model_of
from ..drift.compare import compare
from ..drift.findings.finding import Finding
from ..drift.findings.verdict import Step, Verdict, semver, verdict
from ..drift.pairing.version import Version
from ..drift.policy.policy import judge
from ..lower.document import lower
from ..model.givennames import GivenNames
from ..model.model import Model
from ..report.formats.base import Options, Report
from ..report.render import render
from ..validation.validate import validate_to_compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Two documents and what moved between them.

    `complaints`: why the client's configuration does not fit the new one, if it does not. Names are
    then compared as they would be without configuration.
    """

    old: Document
    new: Document
    findings: tuple[Finding, ...]
    complaints: tuple[Diagnostic, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """breaking, semantic, additive, docs or none."""
        return verdict(self.findings)

    @property
    def semver(self) -> Step:
        """The step to suggest for the package that holds the client."""
        return semver(self.verdict)

    def render(self, format: str, *, colour: bool = False) -> str:
        """The report in one of the formats of `eventwright diff`."""
        options = Options(colour=colour)
        return render(format, self.findings, self.old, self.new, options=options)

    def report(self) -> Report:
        """The same, to be written with others. No finding fails a run: that it moved does."""
        options = Options(fail_on="none")
        return Report(all=self.findings, accepted=(), old=self.old, new=self.new, options=options)

    def as_data(self) -> dict[str, Any]:
        """The JSON report of `eventwright diff`, as data."""
        data: dict[str, Any] = json.loads(self.render("json"))
        return data


def between(
    old: Document, new: Document, config: ClientConfig, policy: DiffKeys, given: GivenNames
) -> Movement:
    """Compare two documents, a valid new one and an old one, as this client sees them.

    `given`: what the package that is there calls its things. Raises DocumentError.
    """
    if validate_to_compare(old).remarks:  # no client can be generated from it
        return _unconfigured(old, new, policy, ())
    try:
        after, complaints = lower(new, config, given), ()
    except UserError as error:
        return _unconfigured(old, new, policy, error.diagnostics)
    try:
        before = lower(old, config, given)
    except UserError:  # configured for the new one already
        return _unconfigured(old, new, policy, complaints)
    return Movement(old=old, new=new, findings=_findings(old, new, before, after, policy))


def _unconfigured(
    old: Document,
    new: Document,
    policy: DiffKeys,
    complaints: tuple[Diagnostic, ...],
) -> Movement:
    findings = _findings(old, new, model_of(old), model_of(new), policy)
    return Movement(old=old, new=new, findings=findings, complaints=complaints)


def _findings(
    old: Document, new: Document, before: Model, after: Model, policy: DiffKeys
) -> tuple[Finding, ...]:
    one, two = Version(document=old, model=before), Version(document=new, model=after)
    return judge(compare(before, after), policy, one, two, date.today()).findings
