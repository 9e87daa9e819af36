"""A workbook of 20,000 statements is written and read within its budget."""

import time
from pathlib import Path
from typing import Final

from app.formats.sheets.workbook.importing import import_workbook
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from bench.inside import run_program
from bench.machine import usable_cores

SECONDS: Final = 3.0
"""Most processor time for writing, and for reading."""
MEGABYTES: Final = 200
"""Most memory of a process that writes, or reads."""


def large() -> Ladder:
    """Return a ladder of 10 levels, 100 competencies and 20,000 statements."""
    levels, competencies = range(10), range(100)
    return Ladder.model_validate(
        {
            "slug": "large",
            "title": "Large",
            "tracks": [{"slug": "ic", "title": "Engineer"}],
            "levels": [{"slug": f"l{level}", "track": "ic", "title": f"Level {level}"} for level in levels],
            "competencies": [{"slug": f"c{one}", "title": f"Competency {one}"} for one in competencies],
            "expectations": [
                {
                    "level": f"l{level}",
                    "competency": f"c{one}",
                    "statements": [
                        {"text": f"Does {level}, {one} and {line} as well."} for line in range(20)
                    ],
                }
                for level in levels
                for one in competencies
            ],
        }
    )


def test_20_000_statements_are_written_and_read_within_3_seconds_each() -> None:
    index = Index.of(large())
    start = time.process_time()
    written = write_workbook(index, Origin("1.0.0"))
    between = time.process_time()
    found = import_workbook(read_xlsx(written, "a.xlsx"), "a.xlsx")
    end = time.process_time()
    assert found.ladder == index.ladder
    assert between - start < SECONDS
    assert end - between < SECONDS


def test_a_process_that_writes_or_reads_20_000_statements_uses_less_than_200_megabytes(
    tmp_path: Path,
) -> None:
    file, log = tmp_path / "a.xlsx", tmp_path / "log"
    for step in ("write", "read"):
        taken = run_program("bench.workbook_steps", usable_cores(), log, step, str(file), "20000")
        assert taken["megabytes"] < MEGABYTES, step
