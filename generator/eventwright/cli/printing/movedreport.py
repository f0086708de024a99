"""How `check` tells what moved in a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...diagnostics.diagnostic import escape
from .console import paint

if TYPE_CHECKING:
    from ...project.moved import Moved
    from ...project.movement import Movement

_LISTED = 20
_STYLES = {"error": "red", "warning": "yellow", "info": "green", "docs": "cyan"}


def moved_lines(moved: Moved) -> Iterator[str]:
    """The findings, one line each, and the command that shows them in full."""
    spec = escape(moved.spec)
    if moved.movement is None:
        yield f"what moved in {spec} is not known: {escape(moved.note)}"
        if moved.same_contract is not None:
            what = "the same as before" if moved.same_contract else "not what it was"
            yield f"  what it lets travel is {what}"
        yield f"  with a copy of what it was: eventwright diff COPY {spec}"
        return
    movement = moved.movement
    yield f"what moved in {spec}, compared with {escape(moved.origin)}: {movement.verdict}"
    yield from (f"  {line}" for line in _findings(movement))


def _findings(movement: Movement) -> Iterator[str]:
    from ...drift.findings.verdict import SEVERITIES

    # Severest first, as `diff` has them: what is cut is what matters least.
    worst_first = sorted(movement.findings, key=lambda each: SEVERITIES.index(each.severity))
    for finding in worst_first[:_LISTED]:
        severity = paint(f"{finding.severity:<7}", _STYLES[finding.severity])
        yield f"{severity} {escape(finding.message)} [{finding.rule}]"
    if len(movement.findings) > _LISTED:
        yield f"… and {len(movement.findings) - _LISTED} more"
    if movement.findings:
        yield f"suggested step: {movement.semver}"
    else:
        yield "nothing that counts: spelling, order or layout"


def moved_data(moved: Moved) -> dict[str, Any]:
    """`known`, `note`, `sameContract` (null: not known), `origin`; `report` as by `diff`."""
    movement = moved.movement
    return {
        "known": movement is not None,
        "note": moved.note,
        "sameContract": moved.same_contract,
        "origin": moved.origin,
        "report": movement.as_data() if movement else None,
    }
