"""The response of an import: what became of each sheet, the changes, and the findings."""

from dataclasses import asdict
from typing import Any, Final

from app.api.reading.bodies import Body, InRelease, Path, construct
from app.formats.file_import.plan import Imported
from app.formats.importing.findings import ImportFinding, ImportSeverity
from app.formats.importing.understand import UnderstoodSheet
from app.formats.sheets.grid import column_name
from app.rubric.diff import Change, ChangeCounts, LevelChange, diff
from app.rubric.index import Index
from app.rubric.releases import Bump

_MOST_CHANGES: Final = 500
"""Most changes in a response. All of them are in the diff of the draft."""
_MOST_FINDINGS: Final = 1000
_MOST_CELLS: Final = 100
"""Most cells of one finding in a response."""


class UnderstoodColumnItem(Body):
    """The outcome of one column."""

    column: str
    """Its letters."""
    header: str
    """Its header."""
    became: str
    """What its cells became, in words."""
    cell_count: int
    """Number of its cells that were used."""


class UnderstoodItem(Body):
    """The outcome of one sheet."""

    sheet: str
    """Name of the sheet; of a file without sheets, the name of the file."""
    layout: str
    """How the sheet is laid out. More values may be added."""
    columns: tuple[UnderstoodColumnItem, ...] = ()
    """Its columns. Left out for files that this software wrote."""
    counts: dict[str, int]
    """Number of rows, levels, competencies, statements and other things that it gave."""


class ImportCell(Body):
    """One cell."""

    sheet: str
    """Name of the sheet."""
    row: int
    """Number of the row, from 1."""
    column: str | None = None
    """Letters of the column; left out for a line of a text."""


class ImportFindingItem(Body):
    """Something that did not become content, or that you should look at."""

    code: str
    """Stable name of the finding. More values may be added."""
    severity: ImportSeverity
    """`error`: must be fixed. `question`: you should decide. `note`: good to know."""
    message: str
    """Where it is, what is wrong, and what to do."""
    cells: tuple[ImportCell, ...] = ()
    """The cells that it is about, if the message alone does not say it."""


class ImportDiff(Body):
    """The changes that the import makes to the draft."""

    least_bump: Bump | None = None
    """The minimum step of the version number for these changes; left out if nothing changes."""
    counts: ChangeCounts
    """Number of changes."""
    levels: tuple[LevelChange, ...]
    """Every level whose demands or description change, with what that means."""
    items: tuple[Change, ...]
    """The changes, by kind and address; at most 500."""


class ImportLinks(Body):
    """Links of an import."""

    draft: Path
    """The draft."""
    document: Path
    """The draft in one body. Its entity tag is the one to send as `If-Match`."""
    findings: Path
    """Errors and warnings about the draft."""
    diff: Path
    """The changes of the draft since the release that it builds on."""


class ImportResult(InRelease):
    """The result of an import, or of a dry run."""

    dry_run: bool
    """True if nothing was written."""
    content_sha256: str
    """SHA-256 of the content that the draft has, or would have, in hexadecimal."""
    understood: tuple[UnderstoodItem, ...]
    """What became of each sheet."""
    diff: ImportDiff
    """The changes that the import makes to the draft."""
    findings: tuple[ImportFindingItem, ...]
    """What did not become content, and what you should look at; at most 1000."""
    mapping: str | None = None
    """The mapping that was used for sheets of other people, as YAML. Sent as `map`, it imports the same way again."""
    links: ImportLinks


def result_values(before: Index, imported: Imported) -> dict[str, Any]:
    """Return the fields of the response that say what an import makes of a draft."""
    values: dict[str, Any] = {
        "understood": tuple(map(_understood, imported.tables)),
        "diff": _diff(before, Index.of(imported.ladder)),
        "findings": tuple(map(_finding, imported.findings[:_MOST_FINDINGS])),
    }
    if imported.mapping is not None:
        values["mapping"] = imported.mapping.to_yaml()
    return values


def _understood(sheet: UnderstoodSheet) -> UnderstoodItem:
    columns = tuple(
        construct(UnderstoodColumnItem, {**asdict(column), "cell_count": column.count})
        for column in sheet.columns
    )
    return construct(
        UnderstoodItem,
        {"sheet": sheet.sheet, "layout": sheet.layout, "columns": columns, "counts": sheet.counts},
    )


def _finding(finding: ImportFinding) -> ImportFindingItem:
    cells = tuple(
        construct(
            ImportCell,
            {"sheet": spot.sheet, "row": spot.row + 1}
            | ({} if spot.column is None else {"column": column_name(spot.column)}),
        )
        for spot in finding.spots[:_MOST_CELLS]
    )
    values = {"code": finding.code, "severity": finding.severity, "message": finding.message, "cells": cells}
    return construct(ImportFindingItem, values)


def _diff(before: Index, after: Index) -> ImportDiff:
    found = diff(before, after)
    values = {name: getattr(found, name) for name in ("least_bump", "counts", "levels")}
    return construct(ImportDiff, {**values, "items": found.changes[:_MOST_CHANGES]})
