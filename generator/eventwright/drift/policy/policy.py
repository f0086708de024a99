"""The configuration's say on findings: severities, what is ignored, stability, announced ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...config.diff import DiffKeys, Weight
from ...text.jsonvalues import Json
from ..findings.finding import Finding, Severity, finding_of
from ..findings.occurrence import Occurrence
from ..findings.verdict import SEVERITIES
from ..pairing.version import Version
from .globs import fits
from .sunset import compare_sunsets, read_sunset


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is left, and how many findings the policy took out."""

    findings: tuple[Finding, ...]
    ignored: int = 0


def judge(
    findings: Sequence[Finding], keys: DiffKeys, old: Version, new: Version, today: date
) -> Judged:
    """The findings as `[diff]` of the configuration has them count."""
    if keys == DiffKeys():
        return Judged(findings=tuple(findings))
    policy = _Policy(keys, old, new, today)
    announced = compare_sunsets(findings, keys, old, new, today)
    judged = [policy.judged(each) for each in (*findings, *announced)]
    kept = tuple(each for each in judged if each is not None)
    return Judged(findings=kept, ignored=len(judged) - len(kept))


class _Policy:
    def __init__(self, keys: DiffKeys, old: Version, new: Version, today: date) -> None:
        self._keys = keys
        self._old = old
        self._new = new
        self._today = today

    def judged(self, finding: Finding) -> Finding | None:
        """The finding as it counts; None: not at all."""
        if self._is_marked(finding):
            return None
        places = tuple(each for each in finding.places if not self._is_ignored(each))
        weight: Weight = self._keys.severity.get(finding.rule, finding.severity)
        weight = _mildest(weight, _severest(map(self._cap, places)))
        if not places or weight == "off":
            return None
        made = finding_of(finding, places)
        return self._after_sunset(replace(made, severity=weight))

    def _is_marked(self, finding: Finding) -> bool:
        """By an extension where it stands: in the old document, if it stood there."""
        before = self._old.document.nearest(finding.old_at) == finding.old_at and finding.old_at
        version, at = (self._old, finding.old_at) if before else (self._new, finding.new_at)
        return self._has_extension(version.around(at))

    def _is_ignored(self, place: Occurrence) -> bool:
        """As the old document has it: what is made internal today was a promise yesterday."""
        for version in (self._old, self._new):
            operation = version.operations.get((place.operation or "").split(" > ")[0])
            if operation:
                return (
                    any(fits(each, operation.path) for each in self._keys.ignore.paths)
                    or not set(self._keys.ignore.tags).isdisjoint(operation.tags)
                    or self._has_extension(version.around(operation.at))
                )
        return False

    def _has_extension(self, objects: Iterable[Mapping[str, Json]]) -> bool:
        names = self._keys.ignore.extensions
        return bool(names) and any(
            name in each and each[name] is not False for each in objects for name in names
        )

    def _cap(self, place: Occurrence) -> Weight:
        """The severest that a change of this operation counts as."""
        operation = self._old.operations.get((place.operation or "").split(" > ")[0])
        for each in self._old.around(operation.at) if operation and self._keys.stability else ():
            level = each.get("x-stability-level")
            if isinstance(level, str) and level in self._keys.stability:
                return self._keys.stability[level]
        return "error"

    def _after_sunset(self, finding: Finding) -> Finding:
        """What was announced, and is past its date, is no break."""
        if self._keys.sunset_notice is None or not finding.rule.endswith("_REMOVED"):
            return finding
        sunset = read_sunset(self._old.around(finding.old_at))
        if sunset.date is None or sunset.date > self._today:
            return finding
        phrase = f"{finding.phrase}, as was announced for {sunset.date}"
        return replace(finding, severity=_info(finding.severity), phrase=phrase)


def _info(severity: Severity) -> Severity:
    return severity if SEVERITIES.index(severity) > SEVERITIES.index("info") else "info"


_ORDER: Sequence[Weight] = (*SEVERITIES, "off")


def _mildest(*weights: Weight) -> Weight:
    return max(weights, key=_ORDER.index)


def _severest(weights: Iterable[Weight]) -> Weight:
    return min(weights, key=_ORDER.index, default="error")
