"""The table of what was measured, each row beside its goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .paired import Ratio, Samples, compare
from .rows import ROWS, Row

_HEAD = ("what", "against", "ours", "theirs", "ratio", "10-90 %", "goal", "")


def lines(samples: Samples) -> Iterator[str]:
    """The table of every row that was measured, in Markdown."""
    table = [_HEAD, *(_cells(row, ratio) for row, ratio in _compared(samples))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rule = ("-" * width if at < 2 else "-" * (width - 1) + ":" for at, width in enumerate(widths))
    head, *rest = [_padded(cells, widths) for cells in table]
    yield from (head, f"| {' | '.join(rule)} |", *rest)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    sized = enumerate(zip(cells, widths, strict=True))
    padded = (cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in sized)
    return f"| {' | '.join(padded)} |"


def missed(samples: Samples) -> list[str]:
    """The comparisons that miss their goal."""
    return [
        f"{row.what} against {row.against}"
        for row, ratio in _compared(samples)
        if _met(row, ratio) is False
    ]


def _compared(samples: Samples) -> list[tuple[Row, Ratio]]:
    return [
        (row, compare(samples[row.ours], samples[row.theirs]))
        for row in ROWS
        if row.ours in samples and row.theirs in samples
    ]


def _met(row: Row, ratio: Ratio) -> bool | None:
    """Whether the goal is met; None where there is none."""
    if row.goal is None and row.limit is None:
        return None
    dear = row.goal is not None and ratio.median > row.goal
    return not dear and (row.limit is None or ratio.ours < row.limit)


def _cells(row: Row, ratio: Ratio) -> tuple[str, ...]:
    amount = _memory if row.memory else _time
    goals = [] if row.goal is None else [f"≤ {row.goal:g}"]
    goals += [] if row.limit is None else [f"< {amount(row.limit)}"]
    verdict = {None: "", True: "met", False: "missed"}[_met(row, ratio)]
    spread = f"{ratio.low:.3g}-{ratio.high:.3g}"
    amounts = (amount(ratio.ours), amount(ratio.theirs))
    ends = (f"{ratio.median:.3g}", spread, ", ".join(goals), verdict)
    return (row.what, row.against, *amounts, *ends)


def _time(nanoseconds: float) -> str:
    for limit, unit in ((1e3, "ns"), (1e6, "µs"), (1e9, "ms")):
        if nanoseconds < limit:
            return f"{nanoseconds / (limit / 1e3):.3g} {unit}"
    return f"{nanoseconds / 1e9:.3g} s"


def _memory(amount: float) -> str:
    return f"{amount / 2**20:.0f} MiB"


def merged(parts: Sequence[Mapping[str, list[float]]]) -> Samples:
    """The rounds of several processes, one after the other."""
    return {name: [figure for part in parts for figure in part[name]] for name in parts[0]}
