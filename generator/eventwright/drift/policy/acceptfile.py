"""Entries for a file of acceptances: as a report shows and as `--write-accept` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ...diagnostics.errors import CommandError
from ..findings.finding import Finding, Severity
from ..findings.verdict import is_at_least
from .acceptance import Accepted, Applied, load_acceptances

HEAD = "# Findings of `eventwright diff` that were judged: name this file with --accept.\n"


def entry(finding: Finding, reason: str) -> Iterator[str]:
    """The lines of one entry in TOML, which is of all places of the finding."""
    yield "[[accept]]"
    yield f"rule = {_toml(finding.rule)}"
    if finding.event is not None:
        yield f"event = {_toml(finding.event)}"
    elif finding.operation is not None:
        yield f"operation = {_toml(finding.operation)}"
    yield f"path = {_toml(finding.path)}"
    yield f"change = {_toml(finding.change)}"
    yield f"reason = {_toml(reason)}"


def accept_failing(
    path: Path, applied: Applied, fail_on: Severity | Literal["none"], reason: str
) -> Applied:
    """Accept what makes the run fail, for now and, in the file, for later. Raises CommandError."""
    failing = [each for each in applied.kept if is_at_least(each.severity, fail_on)]
    write_acceptances(path, failing, reason)
    accepted = [Accepted(finding=each, reason=reason) for each in failing]
    return replace(
        applied,
        kept=tuple(each for each in applied.kept if each not in failing),
        accepted=(*applied.accepted, *accepted),
    )


def write_acceptances(path: Path, findings: Sequence[Finding], reason: str) -> None:
    """Add an entry for each finding to a TOML file, which may be there already.

    What is in the file stays as it is. Raises CommandError.
    """
    if path.suffix in (".yaml", ".yml"):
        raise CommandError(f"{path}: entries are written in TOML; name a file that ends in .toml")
    before = HEAD
    if path.exists():
        load_acceptances(path)  # nothing is added to a file that is wrong
        before = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    entries = ["\n".join(entry(each, reason)) for each in findings]
    try:
        path.write_text("\n".join([before, *(f"{each}\n" for each in entries)]), "utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def _toml(text: str) -> str:
    """A TOML string whose every character is visible."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _spelled(ord(c)) for c in quoted)


def _spelled(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
