"""A contest: contestants asked in turn, round by round, so that what the machine does beside hits all alike."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from bench.figures import Spread, ratios
from bench.load import Load, Target, run_wrk
from bench.machine import Cores
from bench.servers import busy_seconds


@dataclass(frozen=True, slots=True)
class Pace:
    """The duration and number of rounds. More rounds give steadier figures."""

    rounds: int
    seconds: int
    """Of load in each round, for each contestant."""
    warm_up: int
    """Seconds of load beforehand that do not count."""


@dataclass(frozen=True, slots=True)
class Result:
    """The rates of each contestant in each round."""

    loads: Mapping[str, tuple[Load, ...]]
    costs: Mapping[str, tuple[float, ...]]
    """Seconds of the server's processor time an answer, in each round; empty where they are not known."""

    def rate(self, name: str) -> Spread:
        """Answers a second."""
        return Spread.of([load.rate for load in self.loads[name]])

    def p99(self, name: str) -> float:
        """Milliseconds, in the middle round."""
        return Spread.of([load.p99 for load in self.loads[name]]).middle

    def ratio(self, name: str, other: str) -> Spread:
        """Answers a second beside those of another, round by round."""
        ours, theirs = ([load.rate for load in self.loads[one]] for one in (name, other))
        return ratios(ours, theirs)

    def thrift(self, name: str, other: str) -> Spread | None:
        """Return the same ratio by processor time: it stays true on a machine that others use. None where unknown."""
        ours, theirs = self.costs[name], self.costs[other]
        return ratios(theirs, ours) if ours and theirs else None


def compete(targets: Mapping[str, Target], pace: Pace, cores: Cores) -> Result:
    """Put the same load on all, one at a time; every second round in the opposite order."""
    names = list(targets)
    if pace.warm_up:
        for name in names:
            run_wrk(targets[name], pace.warm_up, cores)
    loads: dict[str, list[Load]] = {name: [] for name in names}
    costs: dict[str, list[float]] = {name: [] for name in names}
    for number in range(pace.rounds):
        for name in names if number % 2 == 0 else reversed(names):
            process = targets[name].process
            before = busy_seconds(process) if process else 0
            load = run_wrk(targets[name], pace.seconds, cores)
            used = busy_seconds(process) - before if process else 0
            loads[name].append(load)
            costs[name] += [used / (load.rate * pace.seconds)] if used else []
    return Result(
        {name: tuple(found) for name, found in loads.items()},
        {name: tuple(found) for name, found in costs.items()},
    )


def tell(text: str) -> None:
    """Say on standard error what is going on."""
    print(text, file=sys.stderr, flush=True)
