"""`python -m bench`: measure, print the table, keep it as JSON under var/bench/.

`--quick` is the short form; `--part NAME` measures one part alone; `--doc` measures nothing and writes the last
run, which must be a full one, into docs/explanation/performance.md. Exit code 0 when all was measured, whatever the
figures say; 2 when it could not be.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bench import databases, large_ladder, large_reads, scale, searches, views, workbooks
from bench.cases import CASES, keyed_case, measure_hot, zipf_case
from bench.contest import Pace, tell
from bench.figures import Figure
from bench.first_reads import measure_first_reads
from bench.load import LoadError, require_wrk
from bench.machine import Places, describe, usable_cores
from bench.nginx import measure_nginx
from bench.pages import measure_pages
from bench.processes import measure_news, measure_workers
from bench.report import Report, from_json, insert, render, to_json
from bench.servers import ROOT, ServerError, Starter
from bench.urls import all_urls

_FOLDER: Final = ROOT / "var/bench"
_DOCUMENT: Final = ROOT / "docs/explanation/performance.md"
_FULL: Final = Pace(rounds=5, seconds=2, warm_up=1)
_QUICK: Final = Pace(rounds=2, seconds=1, warm_up=0)


@dataclass(frozen=True, slots=True)
class Run:
    """The settings and tools of one run."""

    quick: bool
    pace: Pace
    places: Places
    starter: Starter
    seeds: str
    """URL of the database with the bundled ladders."""


def _hot(run: Run) -> Iterator[Figure]:
    cases = (*CASES, zipf_case(all_urls(run.seeds)))
    with run.starter.ladder(run.seeds) as ours:
        yield from measure_hot(run.starter, ours, cases, run.pace, run.places.load)
    keyed = (keyed_case(databases.key_to(run.seeds)),)
    with run.starter.ladder(run.seeds, LADDER_READ_ACCESS="key") as ours:
        yield from measure_hot(run.starter, ours, keyed, run.pace, run.places.load)


def _nginx(run: Run) -> Iterator[Figure]:
    with run.starter.ladder(run.seeds) as ours:
        yield from measure_nginx(run.starter, ours, run.pace, run.places.load)


def _first(run: Run) -> Iterator[Figure]:
    yield from measure_first_reads(run.starter, run.seeds, 1 if run.quick else 3)


def _pages(run: Run) -> Iterator[Figure]:
    yield from measure_pages(run.starter, run.seeds, 1 if run.quick else 3)


def _views(run: Run) -> Iterator[Figure]:
    database_url = databases.seeds(run.starter.folder, "views")
    yield from views.measure_views(run.starter, database_url, 1 if run.quick else 3)


def _scale(run: Run) -> Iterator[Figure]:
    counts = scale.QUICK if run.quick else scale.FULL
    yield from scale.measure_scale(run.starter, counts, run.pace, run.places.load)


def _large(run: Run) -> Iterator[Figure]:
    statements, rounds = (large_ladder.QUICK, 1) if run.quick else (large_ladder.FULL, 3)
    yield from large_ladder.measure_large_ladder(run.starter, statements, rounds)


def _large_reads(run: Run) -> Iterator[Figure]:
    yield from large_reads.measure_large_reads(run.starter, 1 if run.quick else 3)


def _workbooks(run: Run) -> Iterator[Figure]:
    statements, rounds = (workbooks.QUICK, 1) if run.quick else (workbooks.FULL, 3)
    yield from workbooks.measure_workbooks(run.starter, statements, rounds)


def _news(run: Run) -> Iterator[Figure]:
    yield from measure_news(run.starter, 3 if run.quick else 10)


def _workers(run: Run) -> Iterator[Figure]:
    on_two = Starter(run.starter.folder, run.places.pair)
    yield from measure_workers(on_two, run.seeds, run.pace, run.places.load)


def _search(run: Run) -> Iterator[Figure]:
    yield from searches.measure_searches(run.starter, searches.QUICK if run.quick else searches.LADDERS)


_PARTS: Final[dict[str, Callable[[Run], Iterator[Figure]]]] = {
    "hot": _hot,
    "nginx": _nginx,
    "first": _first,
    "views": _views,
    "pages": _pages,
    "scale": _scale,
    "large": _large,
    "large-reads": _large_reads,
    "workbooks": _workbooks,
    "news": _news,
    "workers": _workers,
    "search": _search,
}


def main() -> int:
    """Do what the arguments ask for, and return the exit code."""
    arguments = _arguments()
    try:
        if arguments.doc:
            _write_document()
        else:
            _measure(arguments.part or [], quick=arguments.quick)
    except (LoadError, ServerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description="Measure the service beside its budgets.")
    parser.add_argument("--quick", action="store_true", help="the short form: rough figures")
    parser.add_argument(
        "--part", action="append", choices=list(_PARTS), help="measure this part (repeatable)"
    )
    parser.add_argument(
        "--doc", action="store_true", help="write the last run into docs/explanation/performance.md"
    )
    return parser.parse_args()


def _measure(chosen: list[str], *, quick: bool) -> None:
    """Measure the parts that are chosen, all if none is."""
    require_wrk()
    work = _FOLDER / "work"
    work.mkdir(parents=True, exist_ok=True)
    for stale in (*work.glob("*.log"), *work.glob("replay-*.json")):
        stale.unlink()
    places = Places.of(usable_cores())
    starter = Starter(work, places.server)
    run = Run(quick, _QUICK if quick else _FULL, places, starter, databases.seeds(work))
    machine, taken = describe(), datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    figures: list[Figure] = []
    for name in chosen or _PARTS:
        tell(f"{name} …")
        figures += _PARTS[name](run)
    form = ("quick" if quick else "full") + (f" ({', '.join(chosen)})" if chosen else "")
    report = Report(form, taken, machine, tuple(figures))
    (_FOLDER / "report.json").write_text(to_json(report), "utf-8")
    print(render(report))


def _write_document() -> None:
    """Raises ServerError where the last run was not a full one."""
    kept = _FOLDER / "report.json"
    report = from_json(kept.read_text("utf-8")) if kept.exists() else None
    if report is None or report.form != "full":
        raise ServerError("The last run was not a full one: `make bench` first, without arguments.")
    _DOCUMENT.write_text(insert(_DOCUMENT.read_text("utf-8"), render(report)), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
