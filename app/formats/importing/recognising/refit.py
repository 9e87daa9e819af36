"""A saved mapping fitted to a sheet as it is now: columns and rows are found by their headers, wherever they are."""

from collections import Counter
from collections.abc import Sequence

from app.formats.importing.findings import ImportFinding, finding
from app.formats.importing.mapping import ColumnMapping, ImportMapping, RowMapping, SheetMapping
from app.formats.importing.recognising.forced import recognise_as
from app.formats.importing.recognising.recognise import Recognised
from app.formats.importing.sheets import Sheet
from app.formats.importing.table import Table, stem
from app.formats.sheets.grid import Grid, column_name
from app.rubric.text import folded


def saved_for(sheet: Sheet, sheets: Sequence[Sheet], whole: ImportMapping | None) -> list[SheetMapping]:
    """Return the saved mappings of a sheet, by its name; the only one for the only sheet."""
    if whole is None:
        return []
    found = [one for one in whole.sheets if folded(stem(one.sheet)) == folded(stem(sheet.name))]
    if not found and len(sheets) == 1 and len(whole.sheets) == 1:
        return list(whole.sheets)
    return found


def refit(sheet: Sheet, saved: SheetMapping) -> tuple[Recognised, list[ImportFinding]]:
    """Return the layout that a saved mapping gives a sheet, and what of the mapping no longer fits."""
    assert isinstance(sheet.content, Grid)  # noqa: S101 - asked for grids only
    table = Table.of(sheet, sheet.content)
    if saved.rows is not None:
        table = table.part(saved.rows[0] - 1, saved.rows[1] - 1)
    moved = _moved(table, saved)
    fresh = recognise_as(table, moved)
    columns, lost = _columns(table, moved, fresh.mapping)
    mapping = moved.model_copy(
        update={
            "sheet": sheet.name,
            "headers": moved.headers or fresh.mapping.headers,
            "columns": tuple(columns),
            "special_rows": _special(table, moved, fresh.mapping),
        }
    )
    findings: list[ImportFinding] = []
    if lost:
        spots = table.spots(list(table.cells)[:1])
        named = ", ".join(f'"{one.header or one.column}"' for one in lost)
        text = f"the mapping names columns that the sheet does not have: {named}. Correct the mapping."
        findings.append(finding("mapping-without-match", spots, text))
    return Recognised(table, mapping), findings


def _moved(table: Table, saved: SheetMapping) -> SheetMapping:
    """Return a mapping whose header rows are where the sheet has them now."""
    if not saved.headers:
        return saved
    wanted = {folded(line) for one in saved.columns for line in one.header.split("\n") if line.strip()}
    counts = {
        row: sum(folded(table.at(row, column)) in wanted for column in columns)
        for row, columns in table.by_row.items()
    }
    last = saved.headers[-1] - 1
    best = max(counts, key=lambda row: (counts[row], -abs(row - last)), default=last)
    if not wanted or counts.get(last, 0) >= counts.get(best, 0):
        return saved
    shift = best - last
    if len(saved.headers) > 1:
        first = max(
            counts, key=lambda row: counts[row] + counts.get(row + saved.headers[-1] - saved.headers[0], 0)
        )
        shift = first - (saved.headers[0] - 1)
    return saved.model_copy(update={"headers": tuple(max(1, row + shift) for row in saved.headers)})


def _columns(
    table: Table, saved: SheetMapping, fresh: SheetMapping
) -> tuple[list[ColumnMapping], list[ColumnMapping]]:
    """Return what each column becomes: as saved if its header is known, as recognised if it is new."""
    left = list(saved.columns)
    found: list[ColumnMapping] = []
    recognised = {one.column: one for one in fresh.columns}
    for column in table.columns:
        letters = column_name(column)
        now = recognised.get(letters)
        header = now.header if now else _header(table, saved, column)
        one = _match(left, letters, header)
        if one is not None:
            left.remove(one)
            found.append(one.model_copy(update={"column": letters, "header": header or one.header}))
        elif now is not None:
            found.append(now)
    return found, [one for one in left if one.becomes != "nothing"]


def _header(table: Table, saved: SheetMapping, column: int) -> str:
    texts = [table.at(row - 1, column).strip() for row in saved.headers]
    return "\n".join(text for text in texts if text)


def _match(left: Sequence[ColumnMapping], letters: str, header: str) -> ColumnMapping | None:
    """Return the saved column with a header; with the same letters if several have it or it has none."""
    same = [one for one in left if header and folded(one.header) == folded(header)]
    if len(same) > 1:
        return next((one for one in same if one.column == letters), same[0])
    if same:
        return same[0]
    return next((one for one in left if one.column == letters and (not one.header or not header)), None)


def _special(table: Table, saved: SheetMapping, fresh: SheetMapping) -> tuple[RowMapping, ...]:
    """Return the special rows: as saved if their text is known, as recognised if they are new."""
    by_text: dict[str, list[RowMapping]] = {}
    for one in saved.special_rows:
        by_text.setdefault(folded(one.header), []).append(one)
    texts = {
        row: {folded(table.at(row, column).strip()) for column in filled}
        for row, filled in table.by_row.items()
    }
    counts = Counter(text for found in texts.values() for text in found)
    found: dict[int, RowMapping] = {}
    for row, known in texts.items():
        fitting = [one for text in known for one in by_text.get(text, [])]
        chosen = next((one for one in fitting if one.row == row + 1), None)
        if chosen is None and len(fitting) == 1 and counts[folded(fitting[0].header)] == 1:
            chosen = fitting[0]
        if chosen is not None:
            found[row + 1] = chosen.model_copy(update={"row": row + 1})
    named = {one.row for one in saved.special_rows}
    for one in fresh.special_rows:
        if one.row not in found and folded(one.header) not in by_text and one.row not in named:
            found.setdefault(one.row, one)
    for one in saved.special_rows:
        if not one.header and one.row - 1 in table.by_row:
            found[one.row] = one
    return tuple(found[row] for row in sorted(found))
