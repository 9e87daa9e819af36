"""Findings of an import: what was left out, what is not certain and what is good to know, each with its place."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import LONGEST_TEXT, shortened
from app.formats.sheets.grid import column_name

ImportSeverity = Literal["error", "question", "note"]

SEVERITIES: Final[dict[str, ImportSeverity]] = {
    "applied-twice": "note",
    "categories": "note",
    "column-not-understood": "question",
    "computed-column": "question",
    "conflict": "question",
    "empty-marks": "note",
    "formula": "note",
    "headers": "note",
    "hidden-row": "question",
    "hidden-sheet": "question",
    "left-out": "question",
    "legend": "note",
    "left-out-by-mapping": "note",
    "levels-or-steps": "question",
    "mapping-without-match": "question",
    "marks": "note",
    "numbering": "note",
    "order-reversed": "note",
    "people": "note",
    "perhaps-people": "question",
    "refers-elsewhere": "question",
    "row-missing": "question",
    "row-not-used": "question",
    "rows-or-columns": "question",
    "rule": "error",
    "second-step": "question",
    "step-order": "question",
    "total": "note",
    "tracks-or-categories": "question",
    "two-levels": "question",
    "unknown-base": "error",
    "unread": "question",
    "years": "note",
}
"""Every code that a finding of an import may have, and its severity. `docs/reference/import.md` explains each."""
_SHOWN: Final = 20
"""Most places that a message lists."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of one sheet, or one line of a text."""

    file: str
    sheet: str
    row: int
    """The row from 0; for a text its line from 0."""
    column: int | None
    """The column from 0; None for a line of a text."""


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """One finding of an import."""

    code: str
    """Stable name, one of `SEVERITIES`."""
    message: str
    """The place, the problem and the fix."""
    spots: tuple[Spot, ...] = ()
    """The cells that it is about."""

    @property
    def severity(self) -> ImportSeverity:
        """`error` if it must be fixed, `question` if you should decide, `note` if it is good to know."""
        return SEVERITIES[self.code]

    def json(self) -> dict[str, object]:
        """Return the finding as JSON."""
        cells = [
            {"file": one.file, "sheet": one.sheet, "row": one.row + 1}
            | ({} if one.column is None else {"column": column_name(one.column)})
            for one in self.spots
        ]
        return {"code": self.code, "severity": self.severity, "message": self.message, "cells": cells}


def finding(code: str, spots: Iterable[Spot], text: str) -> ImportFinding:
    """Return a finding whose message begins with the places of its cells."""
    all_spots = tuple(spots)
    message = f"{name_spots(all_spots)}: {text}"
    return ImportFinding(code, message if len(message) <= LONGEST_TEXT else shortened(message), all_spots)


def name_spots(spots: tuple[Spot, ...]) -> str:
    """Return the places of cells as people name them: `a.xlsx, sheet "Levels", row 3, column B`."""
    if not spots:
        return "the import"
    first = spots[0]
    of_sheet = f'{first.file}, sheet "{first.sheet}"' if first.sheet not in ("", first.file) else first.file
    same = [one for one in spots if (one.file, one.sheet) == (first.file, first.sheet)]
    if first.column is None:
        lines = sorted({one.row for one in same})
        return f"{of_sheet}, {_listed('line', ranges(lines, lambda line: str(line + 1)))}"
    rows = sorted({one.row for one in same})
    columns = sorted({one.column for one in same if one.column is not None})
    named = _listed("column", ranges(columns, column_name))
    return f"{of_sheet}, {_listed('row', ranges(rows, lambda row: str(row + 1)))}, {named}"


def ranges(numbers: list[int], name: Callable[[int], str]) -> list[str]:
    """Return the names of numbers with neighbours drawn together: `3-7`, `9`."""
    shown: list[str] = []
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            first, last = name(numbers[start]), name(numbers[at - 1])
            shown.append(first if first == last else f"{first}-{last}")
            start = at
    return shown


def _listed(word: str, items: list[str]) -> str:
    several = "s" if len(items) > 1 or "-" in items[0] else ""
    rest = len(items) - _SHOWN
    return f"{word}{several} {', '.join(items[:_SHOWN])}" + (f" and {rest} more" if rest > 0 else "")


def by_sheet(spots: Iterable[Spot]) -> list[tuple[Spot, ...]]:
    """Return places in groups of one sheet each."""
    groups: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for spot in spots:
        groups[spot.file, spot.sheet].append(spot)
    return [tuple(group) for group in groups.values()]
