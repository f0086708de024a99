"""The arithmetic of the benchmark."""

from __future__ import annotations

import pytest

from bench.paired import Work, compare, measure, quantile


def test_quantile_interpolates() -> None:
    assert quantile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.5
    assert quantile([7.0], 0.9) == 7.0
    assert quantile([1.0, 2.0, 3.0], 1.0) == 3.0


def test_ratios_are_taken_within_a_round() -> None:
    # The second round ran on a machine ten times slower: the ratio does not notice.
    ratio = compare([1.0, 10.0, 1.0], [2.0, 20.0, 2.0])
    assert (ratio.median, ratio.low, ratio.high) == (0.5, 0.5, 0.5)


def test_rounds_must_match() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compare([1.0, 2.0], [1.0])


def test_the_dearer_candidate_costs_more() -> None:
    samples = measure({"sum of 2000": _adder(2000), "sum of 200": _adder(200)}, rounds=5, turn=0.5)
    assert [len(figures) for figures in samples.values()] == [5, 5]
    assert 3 < compare(samples["sum of 2000"], samples["sum of 200"]).median < 30


def _adder(size: int) -> Work:
    def add(count: int) -> None:
        for _ in range(count):
            sum(range(size))

    return add
