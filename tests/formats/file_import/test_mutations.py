"""Whatever people do to a workbook or table of ours, an import gives a ladder or an error that says where and why."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.errors import LadderError
from app.formats.file_import.contents import Content, OwnTable, OwnWorkbook
from app.formats.file_import.plan import Bases, Import, Mode
from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.grid import Grid
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.tables import table_rows
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.canonical import canonical
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.strategies import framework_ladders

BASES = [Index.of(framework_ladders()[name]) for name in ("monzo", "etsy", "uk-ddat")]
WORKBOOKS = [read_xlsx(write_workbook(base, Origin("1.0.0")), "a.xlsx") for base in BASES]
JUNK = (
    "",
    "x",
    "=1+1",
    "'",
    "(empty)",
    "1",
    "-1",
    "1e400",
    "nan",
    "a b",
    "\n",
    "Slug",
    "level:x",
    "A" * 200,
    ":",
)
Cells = tuple[tuple[str, ...], ...]


def rows_of(base: Index, name: str) -> Cells:
    rows = table_rows(Parts(base, "1.0.0", lambda node: node.target), name, Chosen())
    return (COLUMNS[name], *(tuple("" if cell is None else str(cell) for cell in row) for row in rows))


TABLES = [{name: rows_of(base, name) for name in COLUMNS} for base in BASES]


def mutated(draw: st.DrawFn, cells: Cells) -> Cells:
    """Return cells after deleted, copied, moved, new and overwritten rows, columns and cells."""
    rows = [list(row) for row in cells]
    for _ in range(draw(st.integers(1, 5))):
        at, other = (draw(st.integers(0, len(rows) - 1)) for _ in range(2))
        kind = draw(st.sampled_from(["delete", "copy", "swap", "column", "new", "cell", "cell", "cell"]))
        width = len(rows[at])
        if kind == "delete" and len(rows) > 1:
            del rows[max(at, 1)]
        elif kind == "copy":
            rows.insert(other, list(rows[at]))
        elif kind == "swap":
            rows[at], rows[other] = rows[other], rows[at]
        elif kind == "column" and width:
            column = draw(st.integers(0, width - 1))
            rows = [row[:column] + row[column + 1 :] for row in rows]
        elif kind == "new":
            rows.append([draw(st.sampled_from(JUNK)) for _ in range(width)])
        elif kind == "cell" and width:
            taken = [*JUNK, *rows[other]]
            rows[at][draw(st.integers(0, width - 1))] = draw(st.sampled_from(taken))
    return tuple(map(tuple, rows))


@st.composite
def contents(draw: st.DrawFn) -> tuple[Index, Content]:
    number = draw(st.integers(0, len(BASES) - 1))
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(COLUMNS)))
        grid = Grid("a.csv", mutated(draw, TABLES[number][name]))
        return BASES[number], OwnTable("a.csv", grid, name)
    chosen = draw(st.sets(st.integers(1, len(WORKBOOKS[number]) - 1), min_size=1, max_size=3))
    grids: tuple[Any, ...] = tuple(
        replace(grid, cells=mutated(draw, grid.cells)) if at in chosen and grid.cells else grid
        for at, grid in enumerate(WORKBOOKS[number])
    )
    return BASES[number], OwnWorkbook("a.xlsx", grids)


@given(contents(), st.sampled_from(["merge", "replace"]))
def test_any_edit_gives_a_ladder_or_an_error(pair: tuple[Index, Content], mode: Mode) -> None:
    base, content = pair
    bases = Bases(by_hash=lambda _: base, by_release=lambda _: base)
    try:
        found = Import(base, bases, mode).run([content])
    except LadderError as error:
        assert error.detail  # noqa: PT017 - whether there is an error depends on the edit
        return
    assert canonical(Ladder.model_validate_json(canonical(found.ladder))) == canonical(found.ladder)
