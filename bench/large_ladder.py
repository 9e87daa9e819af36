"""The cost of one large ladder: publishing it, loading it, reading its document, publishing its stored draft."""

from collections.abc import Iterator
from typing import Final

from bench import databases
from bench.contest import tell
from bench.figures import Budget, Figure, Spread
from bench.inside import run_program
from bench.servers import Starter
from bench.sizes import Size

PART: Final = "One large ladder, on SQLite"
FULL: Final = 20_000
QUICK: Final = 4000
"""Statements of the ladder."""
_TITLES: Final = {"publish": "publishing", "load": "loading", "document": "first read of the document"}


def measure_large_ladder(starter: Starter, statements: int, rounds: int) -> Iterator[Figure]:
    """Yield the figures of a ladder of many statements, then those of one of 3,000 entities."""
    yield from figures_of_statements(_measure(starter, statements, rounds))
    yield from figures_of_entities(_measure(starter, 0, rounds))


def _measure(starter: Starter, statements: int, rounds: int) -> Size:
    tell(f"  {statements or 'about 2,400'} statements")
    url = databases.empty(starter.folder, "sizes")
    log = starter.folder / f"sizes-{statements}.log"
    found = run_program("bench.sizes", starter.cores, log, url, str(statements), str(rounds))
    return Size(**found)


def figures_of_statements(size: Size) -> Iterator[Figure]:
    """Yield the seconds of each operation, and the number of SQL statements that loading takes."""
    count = f"{size.statements:,} statements"
    for cost, title in _TITLES.items():
        budget = Budget("at most", 0.5) if cost == "load" and size.statements == FULL else None
        yield Figure(
            PART, f"{title}, {count}", "s", Spread.of(getattr(size, cost)), budget, _busy(size, cost)
        )
    selects = Spread.of([size.selects])
    yield Figure(PART, f"SQL statements to load {count}", "", selects, Budget("at most", 30))


def figures_of_entities(size: Size) -> Iterator[Figure]:
    """Yield the seconds to publish a first release and the next one from a stored draft, and those of a diff."""
    name, budget = f"publishing a first release, {size.entities:,} entities", Budget("at most", 1)
    note = f"from the value, rules included; {_busy(size, 'publish')}"
    yield Figure(PART, name, "s", Spread.of(size.publish), budget, note)
    name = f"publishing a stored draft, {size.entities:,} entities"
    note = f"review, rules, diff, number and notes included; {_busy(size, 'draft')}"
    yield Figure(PART, name, "s", Spread.of(size.draft), budget, note)
    name = f"diff of two loaded releases, {size.entities:,} entities"
    yield Figure(PART, name, "s", Spread.of(size.diff), Budget("at most", 0.3), _busy(size, "diff"))


def _busy(size: Size, cost: str) -> str:
    return f"{size.busy[cost]:.2f} s of processor time"
