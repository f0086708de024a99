"""Acceptances: findings that a person has judged, with the reason, kept in a file beside the code.

An entry that matches nothing, or is past its date, fails the run: the file never rots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import CommandError
from .finding import Finding
from .rules import RULES

_KEYS = frozenset("rule event operation path change reason expires".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One entry. `change` is the hash of old and new value that the reports show.

    `event` or `operation` says whose finding it is, neither: the document's. `expires` is the last
    day on which it counts; None: for ever.
    """

    rule: str
    event: str | None
    operation: str | None
    path: str
    change: str
    reason: str
    expires: date | None = None

    @property
    def identity(self) -> tuple[str | None, ...]:
        # An event's finding may name an operation too: the event decides.
        operation = self.operation if self.event is None else None
        return self.rule, self.event, operation, self.path, self.change


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`kept`: findings that still count; `problems`: one line per entry that fails the run."""

    kept: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    problems: tuple[str, ...]


def apply(findings: Sequence[Finding], acceptances: Sequence[Acceptance], today: date) -> Applied:
    """Set accepted findings apart."""
    current = [each for each in acceptances if each.expires is None or each.expires >= today]
    wanted = {each.identity for each in current}
    met = {_identity(finding) for finding in findings}
    return Applied(
        kept=tuple(finding for finding in findings if _identity(finding) not in wanted),
        accepted=tuple(finding for finding in findings if _identity(finding) in wanted),
        problems=tuple(_problems(acceptances, met, today)),
    )


def _problems(
    acceptances: Sequence[Acceptance], met: set[tuple[str | None, ...]], today: date
) -> Iterator[str]:
    for each in acceptances:
        where = " ".join(filter(None, [each.event or each.operation or "the document", each.path]))
        if each.expires is not None and each.expires < today:
            yield f"the acceptance of {each.rule} for {where} expired on {each.expires}"
        elif each.identity not in met:
            yield f"the acceptance of {each.rule} for {where} matches no finding: remove it"


def _identity(finding: Finding) -> tuple[str | None, ...]:
    operation = finding.operation if finding.event is None else None
    return finding.rule, finding.event, operation, finding.path, finding.change


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
        path=entry.get("path", ""),
        change=entry["change"],
        reason=entry["reason"],
        expires=entry.get("expires"),
    )


def _check(where: str, entry: Mapping[str, object]) -> None:
    from ..diagnostics import did_you_mean

    for key in sorted(map(str, entry.keys() - _KEYS)):
        raise CommandError(f"{where}: unknown key {key!r}{did_you_mean(key, _KEYS)}")
    for key in ("rule", "change", "reason"):
        if not entry.get(key):
            raise CommandError(f"{where} has no {key}")
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
