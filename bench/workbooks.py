"""The cost of one large workbook: writing it, reading it, and merging it with its ladder."""

from collections.abc import Iterator
from statistics import median
from typing import Final

from bench.contest import tell
from bench.figures import Budget, Figure, Spread
from bench.inside import run_program
from bench.servers import Starter

PART: Final = "One large workbook"
FULL: Final = 20_000
QUICK: Final = 4000
"""Statements of the ladder."""
_STEPS: Final = {"write": "writing", "read": "reading", "merge": "reading and merging"}
_SECONDS: Final = Budget("at most", 3)
_MEGABYTES: Final = Budget("at most", 200)


def measure_workbooks(starter: Starter, statements: int, rounds: int) -> Iterator[Figure]:
    """Yield the seconds and the memory of each step."""
    file = starter.folder / "large.xlsx"
    for step, title in _STEPS.items():
        tell(f"  {title} a workbook of {statements:,} statements")
        log = starter.folder / f"workbooks-{step}.log"
        arguments = (step, str(file), str(statements))
        taken = [run_program("bench.workbook_steps", starter.cores, log, *arguments) for _ in range(rounds)]
        name = f"{title}, {statements:,} statements"
        full = statements == FULL and step != "merge"
        seconds = Spread.of([one["seconds"] for one in taken])
        busy = f"{median(one['busy'] for one in taken):.2f} s of processor time"
        yield Figure(PART, name, "s", seconds, _SECONDS if full else None, busy)
        memory = Spread.of([one["megabytes"] for one in taken])
        yield Figure(PART, f"{name}: memory of the process", "MB", memory, _MEGABYTES if full else None)
