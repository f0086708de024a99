"""Acceptances: findings that a person has judged, with the reason, kept in a file beside the code.

An entry that matches nothing, or is past its date, fails the run: the file never rots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ...diagnostics.errors import CommandError
from ..findings.finding import Finding
from ..findings.occurrence import Occurrence
from ..rules.registry import RULES
from .globs import fits

_WHICH = frozenset("event operation path change".split())
_KEYS = _WHICH | {"rule", "reason", "expires"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One entry. It is of a finding when the rule and one of the finding's places are its own.

    `event`, `operation` and `path` may have `*` and `?` for any characters; None: whatever it is.
    `change` is the hash of old and new value that the reports show; None: any change. `expires` is
    the last day on which it counts; None: for ever.
    """

    rule: str
    event: str | None
    operation: str | None
    path: str | None
    change: str | None
    reason: str
    expires: date | None = None

    def matches(self, finding: Finding) -> bool:
        """Whether it is of this finding: one entry is of all places of one cause."""
        if self.rule != finding.rule or self.change not in (None, finding.change):
            return False
        return any(map(self._is_at, finding.places))

    def _is_at(self, place: Occurrence) -> bool:
        return (
            _fits(self.event, place.event)
            and _fits(self.operation, place.operation)
            and _fits(self.path, place.path)
        )


def _fits(pattern: str | None, text: str | None) -> bool:
    return pattern is None or (text is not None and fits(pattern, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding that was set apart, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`kept`: findings that still count; `problems`: one line per entry that fails the run."""

    kept: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    problems: tuple[str, ...]


def apply(findings: Sequence[Finding], acceptances: Sequence[Acceptance], today: date) -> Applied:
    """Set accepted findings apart."""
    kept, accepted = [], []
    met: set[Acceptance] = set()
    for finding in findings:
        matching = [each for each in acceptances if each.matches(finding)]
        met.update(matching)
        current = [each for each in matching if not _is_over(each, today)]
        if current:
            accepted.append(Accepted(finding=finding, reason=current[0].reason))
        else:
            kept.append(finding)
    problems = tuple(_problems(acceptances, met, today))
    return Applied(kept=tuple(kept), accepted=tuple(accepted), problems=problems)


def _is_over(each: Acceptance, today: date) -> bool:
    return each.expires is not None and each.expires < today


def _problems(
    acceptances: Sequence[Acceptance], met: set[Acceptance], today: date
) -> Iterator[str]:
    for each in acceptances:
        where = " ".join(filter(None, [each.event or each.operation or "the document", each.path]))
        if _is_over(each, today):
            yield f"the acceptance of {each.rule} for {where} expired on {each.expires}"
        elif each not in met:
            yield f"the acceptance of {each.rule} for {where} matches no finding: remove it"


def load_acceptances(path: Path) -> tuple[Acceptance, ...]:
    """The entries of a TOML or YAML file: a list called `accept`. Raises CommandError."""
    data = _read(path)
    entries = data.get("accept", []) if isinstance(data, dict) else None
    if not isinstance(entries, list) or data.keys() - {"accept"}:
        raise CommandError(f"{path}: a list called `accept` goes here, and nothing else")
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, 1))


def _read(path: Path) -> Any:
    import tomllib

    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".yaml", ".yml"):
            return yaml.safe_load(text) or {}
        return tomllib.loads(text)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except RecursionError:
        raise CommandError(f"{path}: it is nested too deeply") from None
    except (ValueError, yaml.YAMLError) as error:  # not UTF-8, not TOML, or a number too long
        raise CommandError(f"{path}: {' '.join(str(error).split())}") from None


def _entry(path: Path, number: int, entry: object) -> Acceptance:
    where = f"{path}: entry {number}"
    if not isinstance(entry, dict):
        raise CommandError(f"{where} is not a table of rule, change, reason …")
    _check(where, entry)
    return Acceptance(
        rule=entry["rule"],
        event=entry.get("event"),
        operation=entry.get("operation"),
        path=entry.get("path"),
        change=entry.get("change"),
        reason=entry["reason"],
        expires=entry.get("expires"),
    )


def _check(where: str, entry: Mapping[str, object]) -> None:
    from ...diagnostics.diagnostic import did_you_mean

    for key in sorted(map(str, entry.keys() - _KEYS)):
        raise CommandError(f"{where}: unknown key {key!r}{did_you_mean(key, _KEYS)}")
    for key in ("rule", "reason"):
        if not entry.get(key):
            raise CommandError(f"{where} has no {key}")
    if not entry.keys() & _WHICH:
        raise CommandError(
            f"{where} would accept every {entry['rule']} there is",
            help="say which: event, operation or path (with * for any characters), or change",
        )
    texts = {key: value for key, value in entry.items() if key != "expires"}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise CommandError(f"{where}: {key} must be a text, in quotes")
    rule = str(entry["rule"])
    if rule not in RULES:
        raise CommandError(f"{where}: there is no rule {rule!r}{did_you_mean(rule, RULES)}")
    expires = entry.get("expires")
    if expires is not None and type(expires) is not date:
        raise CommandError(f"{where}: expires must be a date like 2030-12-31, without quotes")
