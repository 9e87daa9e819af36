"""One step with a large workbook: `python -m bench.workbook_steps STEP FILE STATEMENTS`.

STEP is `write`, `read` or `merge`. Prints its seconds and the most memory that the process ever used. It imports
nothing of the server, whose memory would be counted too.
"""

import json
import resource
import sys
import time
from pathlib import Path

from app.formats.file_import.contents import read_contents
from app.formats.file_import.plan import Bases, Import
from app.formats.sheets.workbook.importing import import_workbook
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.index import Index
from bench.generate import generate, with_statements


def take(step: str, file: Path, statements: int) -> dict[str, float]:
    """Do one step. Return its seconds, by the clock and of the processor, and the megabytes of this process."""
    index = None if step == "read" else Index.of(generate(0, with_statements(statements)))
    clock, busy = time.perf_counter(), time.process_time()
    if step == "read":
        import_workbook(read_xlsx(file.read_bytes(), file.name), file.name)
    elif index is not None and step == "write":
        file.write_bytes(write_workbook(index, Origin("1.0.0")))
    else:
        _merge(index, file)
    seconds, processor = time.perf_counter() - clock, time.process_time() - busy
    return {"seconds": seconds, "busy": processor, "megabytes": _most_memory() / 1024}


def _most_memory() -> int:
    """Return the most kilobytes that this program ever used, without those of the program that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def _merge(index: Index | None, file: Path) -> None:
    contents = read_contents([(file.name, file.read_bytes())], None, name="large")
    Import(index, Bases(by_hash=lambda _: index)).run(contents)


if __name__ == "__main__":
    print(json.dumps(take(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
