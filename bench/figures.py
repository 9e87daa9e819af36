"""Figures: what was measured, how far it spread, and whether the budget was reached. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Verdict = Literal["reached", "falls short", "not there yet", ""]


@dataclass(frozen=True, slots=True)
class Budget:
    """The target of a figure."""

    bound: Literal["at least", "at most"]
    value: float

    def reached_by(self, value: float) -> bool:
        """Return whether a figure is within the budget."""
        return value >= self.value if self.bound == "at least" else value <= self.value


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, and the least and greatest of them."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Spread":
        """Of at least one sample. Raises ValueError where there is none."""
        if not samples:
            raise ValueError("There is nothing to take the median of; run at least one round.")
        return cls(median(samples), min(samples), max(samples))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    part: str
    """The heading it stands under."""
    name: str
    unit: str
    """`x` for a ratio, `/s`, `ms`, `s`, `MB`, or empty for a count."""
    spread: Spread | None
    """None where the thing to measure is not there yet."""
    budget: Budget | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """The result against the budget; empty if there is none."""
        if self.spread is None:
            return "not there yet"
        if self.budget is None:
            return ""
        return "reached" if self.budget.reached_by(self.spread.middle) else "falls short"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Return the spread of the ratio, round by round: rounds share what the machine does beside."""
    return Spread.of([one / other for one, other in zip(ours, theirs, strict=True)])


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the smallest sample that at least so many percent do not exceed (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
