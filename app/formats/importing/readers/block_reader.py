"""Blocks and plain pages read: headings one under another, each with its texts below."""

from app.formats.importing.findings import finding
from app.formats.importing.mapping import ImportMapping, SheetMapping
from app.formats.importing.readers.facts import Facts, LevelFact, LevelKey, SkillKey
from app.formats.importing.readers.reading import Reading
from app.formats.importing.recognising.columns import ABOUT_PEOPLE
from app.formats.importing.table import Table


def read_blocks(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return the facts of a sheet of blocks."""
    reading = Reading(table, mapping, whole)
    levels: list[LevelKey] = reading.levels(reading.track, mapping.level) if mapping.level else []
    skill: SkillKey | None = None
    for row in reading.body():
        one = reading.special.get(row)
        first = table.by_row[row][0]
        if one is None and levels:
            for column in table.by_row[row]:
                for level in levels:
                    reading.cell(level, skill or reading.default_skill(), (row, column))
        elif one is None or one.becomes == "page":
            reading.page(row)
        elif one.becomes == "level":
            levels = reading.levels(reading.track, table.at(row, first).strip())
            spots = table.spots([(row, first)])
            reading.out.facts += [LevelFact(key, "title", key.name, spots) for key in levels]
            skill = None
        elif one.becomes == "competency":
            skill = reading.named_skill(mapping.category or "", (row, first), None, "")
        else:
            reading.leave_out(row, one.why or "")
    return reading.finish()


def read_page(table: Table, mapping: SheetMapping, whole: ImportMapping) -> Facts:
    """Return a sheet as one page of text."""
    reading = Reading(table, mapping, whole)
    for row in reading.body():
        reading.page(row)
    return reading.finish()


def read_ignored(table: Table, mapping: SheetMapping, *, hidden: bool) -> Facts:
    """Return a finding about a sheet that is left out."""
    out = Facts()
    if table.cells and mapping.why == ABOUT_PEOPLE:
        row = mapping.headers[0] - 1 if mapping.headers else 0
        named = ", ".join(f'"{table.at(row, column)}"' for column in table.by_row.get(row, []))
        text = f"the sheet is left out, because its rows are about people. Its columns: {named}."
        out.findings.append(finding("people", table.spots(table.cells), text))
    elif table.cells:
        spots = table.spots(table.cells)
        text = (
            "the sheet is hidden and was left out. Show it in the spreadsheet program, or write another `layout` "
            "in the mapping."
            if hidden
            else "the sheet is left out, as the mapping says."
        )
        out.findings.append(finding("hidden-sheet" if hidden else "left-out-by-mapping", spots, text))
    return out
