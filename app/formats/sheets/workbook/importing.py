"""A workbook of ours as a ladder, with what it was made from and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Fault
from app.formats.sheets.grid import Grid, refusal
from app.formats.sheets.workbook.assemble import assemble
from app.formats.sheets.workbook.reader import is_workbook, read_sheets
from app.rubric.ladder import Ladder


@dataclass(frozen=True)
class ImportedWorkbook:
    """The ladder that a workbook holds."""

    ladder: Ladder
    release: str
    """The number of the release that it was made from, or `draft`; empty if the workbook does not say."""
    base: str
    """The content hash of what it was made from; empty if the workbook does not say."""
    faults: tuple[Fault, ...]
    """What was left out, each with its place."""


def import_workbook(grids: Sequence[Grid], file: str) -> ImportedWorkbook:
    """Return the ladder in a workbook of ours.

    Raises:
        BadRequest: It is not a workbook of ours.
        InvalidLadder: A row belongs to nothing, or has a value that does not fit.
    """
    if not is_workbook(grids):
        raise refusal(f"{file}: this is not a workbook that this software wrote: it has no sheet About.")
    found = read_sheets(grids, file)
    known = {label: entry.cells["Value"] for label, entry in found.about.items()}
    ladder = assemble(found.about, found.rows)
    return ImportedWorkbook(ladder, known.get("Release", ""), known.get("Content SHA-256", ""), found.faults)
