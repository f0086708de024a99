"""What is compared with what, which goal it has, and the table that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .paired import Ratio, Samples, compare

_HEAD = ("what", "against", "ours", "theirs", "ratio", "10-90 %", "goal", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comparison. `goal` is the highest ratio aimed at; None: for information."""

    what: str
    against: str
    ours: str
    theirs: str
    goal: float | None = None


ROWS = (
    Row(
        what="construct + validate",
        against="Pydantic v2",
        ours="build eventwright",
        theirs="build pydantic",
        goal=0.4,
    ),
    Row(
        what="construct → JSON bytes",
        against="Pydantic v2",
        ours="write eventwright",
        theirs="write pydantic",
        goal=0.6,
    ),
    Row(
        what="construct → JSON bytes",
        against="openapi-python-client",
        ours="write eventwright",
        theirs="write openapi-python-client",
        goal=0.4,
    ),
    Row(
        what="JSON bytes → event",
        against="Pydantic v2",
        ours="read eventwright",
        theirs="read pydantic",
    ),
    Row(
        what="JSON bytes → event",
        against="openapi-python-client",
        ours="read eventwright",
        theirs="read openapi-python-client",
    ),
    Row(
        what="send, sync",
        against="bare http.client",
        ours="send eventwright",
        theirs="send http.client",
        goal=1.2,
    ),
    Row(
        what="send, sync",
        against="openapi-python-client",
        ours="send eventwright",
        theirs="send openapi-python-client",
        goal=0.25,
    ),
    Row(
        what="send, sync",
        against="customerio-cdp-analytics",
        ours="send eventwright",
        theirs="send customerio-cdp-analytics",
        goal=0.2,
    ),
    Row(
        what="send, async, 32 in flight",
        against="bare aiohttp",
        ours="async eventwright",
        theirs="async aiohttp",
        goal=1.2,
    ),
    Row(
        what="check, nothing changed",
        against="python -c pass",
        ours="check eventwright",
        theirs="check python -c pass",
        goal=3.0,
    ),
    Row(
        what="check, nothing changed",
        against="datamodel-codegen --check",
        ours="check eventwright",
        theirs="check datamodel-codegen",
    ),
    Row(
        what="generate",
        against="datamodel-codegen",
        ours="generate eventwright",
        theirs="generate datamodel-codegen",
        goal=1.0,
    ),
    Row(
        what="generate",
        against="… with its quick formatter",
        ours="generate eventwright",
        theirs="generate datamodel-codegen unformatted",
    ),
    Row(
        what="generate with pydantic",
        against="datamodel-codegen",
        ours="generate eventwright with pydantic",
        theirs="generate datamodel-codegen",
    ),
    Row(what="diff, 1.3 MB", against="the flagship", ours="diff 1.3 MB", theirs="diff flagship"),
    Row(what="diff, 13 MB", against="1.3 MB", ours="diff 13 MB", theirs="diff 1.3 MB", goal=12.0),
    Row(
        what="diff, two releases of 13 MB",
        against="1.3 MB",
        ours="diff released",
        theirs="diff 1.3 MB",
        goal=12.0,
    ),
)


def lines(samples: Samples) -> Iterator[str]:
    """The table of every row that was measured."""
    table = [_HEAD, *(_cells(row, ratio) for row, ratio in _compared(samples))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = (
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def missed(samples: Samples) -> list[str]:
    """The comparisons that miss their goal."""
    return [
        f"{row.what} against {row.against}"
        for row, ratio in _compared(samples)
        if row.goal is not None and ratio.median > row.goal
    ]


def _compared(samples: Samples) -> list[tuple[Row, Ratio]]:
    return [
        (row, compare(samples[row.ours], samples[row.theirs]))
        for row in ROWS
        if row.ours in samples and row.theirs in samples
    ]


def _cells(row: Row, ratio: Ratio) -> tuple[str, ...]:
    goal, verdict = "", ""
    if row.goal is not None:
        goal = f"≤ {row.goal:g}"
        verdict = "met" if ratio.median <= row.goal else "missed"
    spread = f"{ratio.low:.3g}-{ratio.high:.3g}"
    times = (_time(ratio.ours), _time(ratio.theirs))
    return (row.what, row.against, *times, f"{ratio.median:.3g}", spread, goal, verdict)


def _time(nanoseconds: float) -> str:
    for limit, unit in ((1e3, "ns"), (1e6, "µs"), (1e9, "ms")):
        if nanoseconds < limit:
            return f"{nanoseconds / (limit / 1e3):.3g} {unit}"
    return f"{nanoseconds / 1e9:.3g} s"


def merged(parts: Sequence[Mapping[str, list[float]]]) -> Samples:
    """The rounds of several processes, one after the other."""
    return {name: [figure for part in parts for figure in part[name]] for name in parts[0]}
