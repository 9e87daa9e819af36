"""CSV files (RFC 4180) of flat tables."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from app.formats.sheets.formula_guard import guarded

SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""The separators that a table may have, by name."""
Cell = str | int | float | None


def write_csv(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    separator: str = ",",
    guard: bool = True,
    bom: bool = False,
) -> bytes:
    """Return a table with a header row in UTF-8, with lines that end in CRLF."""
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerow(header)
    for row in rows:
        writer.writerow([guarded(cell) if guard and isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode("utf-8-sig" if bom else "utf-8")
