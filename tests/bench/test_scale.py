"""The figures of scale follow from what was measured."""

from bench.contest import Result
from bench.figures import Budget, Figure, Spread
from bench.first_reads import figures_of as of_first_reads
from bench.large_ladder import figures_of_statements
from bench.load import Load
from bench.scale import Crowd
from bench.scale import figures_of as of_crowds
from bench.sizes import Size

ONE = Spread.of([1.0])


def size(statements: int, seconds: float) -> Size:
    busy = dict.fromkeys(("publish", "load", "document"), seconds)
    return Size(statements, 2 * statements, 27, [seconds], [seconds], [seconds], [seconds], [seconds], busy)


def result_of(rates: dict[str, float]) -> Result:
    loads = {name: (Load(rate, 1, 2),) for name, rate in rates.items()}
    return Result(loads, {name: (1 / rate,) for name, rate in rates.items()})


def test_only_the_largest_ladder_has_a_budget_for_loading() -> None:
    found = {figure.name: figure for figure in figures_of_statements(size(20_000, 2.0))}
    assert found["loading, 20,000 statements"].verdict == "falls short"
    assert found["publishing, 20,000 statements"].verdict == ""
    assert found["SQL statements to load 20,000 statements"].verdict == "reached"
    smaller = {figure.name: figure for figure in figures_of_statements(size(1000, 2.0))}
    assert smaller["loading, 1,000 statements"].verdict == ""


def test_hot_reads_of_many_ladders_are_compared_with_those_of_one() -> None:
    crowds = [Crowd(count, ONE, 0.5, 100, ONE, ONE) for count in (1, 10_000)]
    result = result_of({"bare": 1000, "1": 900, "10000": 450})
    found = {figure.name: figure for figure in of_crowds(crowds, result)}
    assert found["hot read beside that with 1 ladder, 10,000 ladders"] == Figure(
        "Many ladders in the database",
        "hot read beside that with 1 ladder, 10,000 ladders",
        "x",
        Spread.of([0.5]),
        Budget("at least", 0.9),
        "0.50 x by processor time",
    )
    assert "hot read beside that with 1 ladder, 1 ladder" not in found
    assert found["resident memory, 10,000 ladders"].verdict == "reached"


def test_first_reads_are_measured_by_clock_and_by_processor_time() -> None:
    taken = {"/v1/a": (1.0, 0.5), "/v1/b": (2.0, 1.5), "/v1/c": (9.0, 2.5)}
    half, most, slowest = of_first_reads([taken])
    assert (half.spread, half.note) == (Spread.of([2.0]), "3 URLs, 1.50 ms of processor time")
    assert (most.spread, most.note) == (Spread.of([9.0]), "3 URLs, 2.50 ms of processor time")
    assert (slowest.spread, slowest.note) == (Spread.of([9.0]), "/v1/c")
