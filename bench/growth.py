"""How the cost of one ladder grows with its size: publishing, loading, reading its document."""

from collections.abc import Iterator, Sequence
from typing import Final

from bench import databases
from bench.contest import tell
from bench.figures import Budget, Figure, Spread, growth
from bench.inside import run_program
from bench.plot import Chart
from bench.servers import Starter
from bench.sizes import Size

PART: Final = "One large ladder, on SQLite"
FULL: Final = (1000, 5000, 20_000)
QUICK: Final = (1000, 4000)
_IN_PROPORTION: Final = 1.1
"""The greatest exponent that still counts as growing no faster than the data: noise is part of any figure."""
_BUDGETS: Final = {("load", 20_000): Budget("at most", 0.5)}
_TITLES: Final = {"publish": "publishing", "load": "loading", "document": "first read of the document"}


def measure_growth(starter: Starter, counts: Sequence[int], rounds: int) -> tuple[list[Figure], list[Chart]]:
    """The figures of the largest ladder and of one of 3,000 entities, and the growth up to the largest."""
    sizes = [_measure(starter, count, rounds) for count in counts]
    entities = _measure(starter, 0, rounds)
    return [*figures_of(sizes), *figures_of_entities(entities)], [chart_of(sizes)]


def _measure(starter: Starter, statements: int, rounds: int) -> Size:
    tell(f"  {statements or 'about 2,400'} statements")
    url = databases.empty(starter.folder, "sizes")
    log = starter.folder / f"sizes-{statements}.log"
    found = run_program("bench.sizes", starter.cores, log, url, str(statements), str(rounds))
    return Size(**found)


def figures_of(sizes: Sequence[Size]) -> Iterator[Figure]:
    """Of the largest ladder, and from the smallest to it."""
    largest = sizes[-1]
    count = f"{largest.statements:,} statements"
    for cost, title in _TITLES.items():
        budget = _BUDGETS.get((cost, largest.statements))
        yield Figure(
            PART, f"{title}, {count}", "s", Spread.of(getattr(largest, cost)), budget, _busy(largest, cost)
        )
    selects = Spread.of([largest.selects])
    yield Figure(PART, f"statements of SQL for loading, {count}", "", selects, Budget("at most", 28))
    for cost, title in _TITLES.items():
        exponent = growth([(size.statements, size.busy[cost]) for size in sizes])
        span = f"from {sizes[0].statements:,} statements to {largest.statements:,}"
        note = f"{span}, by processor time; 1 is in proportion"
        budget = Budget("at most", _IN_PROPORTION)
        yield Figure(PART, f"{title}: exponent of growth", "", Spread.of([exponent]), budget, note)


def figures_of_entities(size: Size) -> Iterator[Figure]:
    """Of the ladder of 3,000 entities: its first release from the value, and its next from a stored draft."""
    name, budget = f"publishing a first release, {size.entities:,} entities", Budget("at most", 1)
    note = f"from the value, rules included; {_busy(size, 'publish')}"
    yield Figure(PART, name, "s", Spread.of(size.publish), budget, note)
    name = f"publishing a stored draft, {size.entities:,} entities"
    note = f"review, rules, diff, number and notes included; {_busy(size, 'draft')}"
    yield Figure(PART, name, "s", Spread.of(size.draft), budget, note)


def chart_of(sizes: Sequence[Size]) -> Chart:
    """Seconds by statements."""
    lines = {title: _points(sizes, cost) for cost, title in _TITLES.items()}
    return Chart("One ladder by its size", "statements", "seconds", lines, proportional=True)


def _busy(size: Size, cost: str) -> str:
    return f"{size.busy[cost]:.2f} s of processor time"


def _points(sizes: Sequence[Size], cost: str) -> tuple[tuple[float, float], ...]:
    return tuple((size.statements, Spread.of(getattr(size, cost)).middle) for size in sizes)
