"""Paired measurements: candidates take turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time_ns
from typing import TypeAlias

Work: TypeAlias = Callable[[int], None]
"""Does the thing to be measured so many times."""

Samples: TypeAlias = dict[str, list[float]]
"""By candidate: CPU nanoseconds for one time, one figure a round, in the order of the rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is measured: rounds in each of several fresh processes.

    Attributes:
        processes: how many, one after the other.
        rounds: in each process; in a round every candidate has one turn.
        turn: CPU milliseconds of one turn, about.
    """

    processes: int
    rounds: int
    turn: float


def measure(candidates: Mapping[str, Work], *, rounds: int, turn: float) -> Samples:
    """Give every candidate one turn in each round, in an order that rotates.

    The garbage collector stays on: what a design costs it is part of the design.
    """
    counts = {name: _calibrated(work, turn) for name, work in candidates.items()}
    names = list(candidates)
    samples: Samples = {name: [] for name in names}
    gc.collect()
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            count = counts[name]
            samples[name].append(_timed(candidates[name], count) / count)
    return samples


def _calibrated(work: Work, turn: float) -> int:
    """How many times fill a turn."""
    work(10)  # the first times connect, import and fill caches
    count = 1
    while (spent := _timed(work, count)) < turn * 1e6 / 4:
        count *= 2
    return max(1, round(count * turn * 1e6 / spent))


def _timed(work: Work, count: int) -> int:
    started = process_time_ns()
    work(count)
    return process_time_ns() - started


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How much one candidate costs of another.

    Attributes:
        ours: median, in nanoseconds.
        theirs: median, in nanoseconds.
        median: of the ratios within a round.
        low: their 10th percentile.
        high: their 90th percentile.
    """

    ours: float
    theirs: float
    median: float
    low: float
    high: float


def compare(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """The ratios within each round, summed up."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Ratio(
        ours=quantile(ours, 0.5),
        theirs=quantile(theirs, 0.5),
        median=quantile(ratios, 0.5),
        low=quantile(ratios, 0.1),
        high=quantile(ratios, 0.9),
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which about that share of the values lies; interpolated."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
