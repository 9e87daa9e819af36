"""Figures: medians, ratios by round, and budgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import Budget, Figure, Spread, percentile, ratios

rates = st.lists(st.floats(1, 1e6), min_size=1, max_size=9)


def test_the_spread_is_median_least_and_greatest() -> None:
    assert Spread.of([3, 1, 2, 10]) == Spread(middle=2.5, low=1, high=10)


def test_no_samples_have_no_spread() -> None:
    with pytest.raises(ValueError, match="run at least one round"):
        Spread.of([])


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([10, 90, 50], [20, 100, 50]) == Spread(middle=0.9, low=0.5, high=1)


@given(rates)
def test_a_contestant_is_as_fast_as_itself(samples: list[float]) -> None:
    assert ratios(samples, samples) == Spread(1, 1, 1)


@given(rates)
def test_the_middle_lies_within_the_spread(samples: list[float]) -> None:
    spread = Spread.of(samples)
    assert spread.low <= spread.middle <= spread.high


@pytest.mark.parametrize(("percent", "expected"), [(50, 5), (99, 10), (100, 10), (10, 1), (0, 1)])
def test_percentiles_are_samples(percent: float, expected: float) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


@pytest.mark.parametrize(
    ("bound", "value", "verdict"),
    [
        ("at least", 0.89, "falls short"),
        ("at least", 0.9, "reached"),
        ("at most", 0.9, "reached"),
        ("at most", 0.91, "falls short"),
    ],
)
def test_a_budget_includes_its_bound(bound: str, value: float, verdict: str) -> None:
    budget = Budget("at least" if bound == "at least" else "at most", 0.9)
    assert Figure("part", "name", "x", Spread.of([value]), budget).verdict == verdict


def test_a_figure_without_a_budget_has_no_verdict() -> None:
    assert Figure("part", "name", "x", Spread.of([1])).verdict == ""


def test_what_cannot_be_measured_is_not_there_yet() -> None:
    assert Figure("part", "name", "x", None, Budget("at least", 1)).verdict == "not there yet"
