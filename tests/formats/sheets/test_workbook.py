"""Our workbook: written and read back, every ladder is the same; what does not fit is named by its place."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given

from app.errors import BadRequest, Conflict, InvalidLadder
from app.formats.bundle.reader import read_bundle
from app.formats.sheets.grid import Grid
from app.formats.sheets.workbook.cells import decode, decode_list, encode, encode_list, pieces
from app.formats.sheets.workbook.importing import import_workbook
from app.formats.sheets.workbook.layout import SHEETS, columns
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from tests.scalars import texts
from tests.strategies import framework_ladders, ladders

SEEDS: Final = sorted(Path("seed").glob("*/*.*.*"))
FRAMEWORKS: Final = framework_ladders()
SMALL: Final = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer"}],
        "levels": [{"slug": "l1", "track": "ic", "title": "Junior", "rank": 1}],
        "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "team", "title": "Team"}],
        "expectations": [{"level": "l1", "competency": "craft", "statements": [{"text": "Ships."}]}],
    }
)


def workbook_of(ladder: Ladder) -> bytes:
    return write_workbook(Index.of(ladder), Origin("1.0.0"))


def grids_of(ladder: Ladder) -> tuple[Grid, ...]:
    return read_xlsx(workbook_of(ladder), "a.xlsx")


def edited(
    grids: tuple[Grid, ...], sheet: str, *rows: dict[str, str], instead: int | None = None
) -> tuple[Grid, ...]:
    """Return the grids with rows added to a sheet, or with one row replaced."""
    (grid,) = [one for one in grids if one.name == sheet]
    headers = grid.cells[0]
    added = tuple(tuple(row.get(name, "") for name in headers) for row in rows)
    cells = (
        (*grid.cells, *added)
        if instead is None
        else (*grid.cells[:instead], *added, *grid.cells[instead + 1 :])
    )
    return tuple(replace(one, cells=cells) if one is grid else one for one in grids)


def same(ladder: Ladder) -> bool:
    found = import_workbook(grids_of(ladder), "a.xlsx")
    return canonical(found.ladder) == canonical(ladder) and not found.faults


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_workbook_keeps_the_content_of_every_framework(name: str) -> None:
    assert same(FRAMEWORKS[name])


@pytest.mark.parametrize("path", SEEDS, ids=str)
def test_a_workbook_keeps_the_content_of_every_seed(path: Path) -> None:
    assert same(read_bundle(path).ladder)


@given(ladders())
def test_a_workbook_keeps_the_content_of_any_ladder(ladder: Ladder) -> None:
    assert same(ladder)


@given(texts)
def test_a_cell_keeps_every_text(text: str) -> None:
    assert decode(encode(text)) == text
    assert decode_list(encode_list([text, "x", text])) == [text, "x", text]


@pytest.mark.parametrize(
    "text",
    ["", "(empty)", "((empty))", "_xFFFE_", "_x005F_xFFFF_", "\ufffe\uffff", "<r><t>a</t></r>", "_x0041_"],
)
def test_a_workbook_keeps_texts_that_look_like_its_own_marks(text: str) -> None:
    assert same(SMALL.model_copy(update={"summary": text, "attribution": text}))


@pytest.mark.parametrize("text", ["line\n" * 700, "x" * 70_000, "😀" * 40_000, "<r>" + "a\n" * 300 + "</r>"])
def test_a_text_that_is_too_long_for_a_cell_continues_in_the_next_row(text: str) -> None:
    assert "".join(pieces(text)) == text
    for piece in pieces(text):
        assert len(piece.encode("utf-16-le")) // 2 <= 32_767
        assert piece.count("\n") <= 253
    cell = SMALL.expectations[0].model_copy(update={"summary": text})
    assert same(SMALL.model_copy(update={"expectations": (cell,), "summary": text}))


def test_the_same_ladder_gives_the_same_bytes() -> None:
    assert workbook_of(SMALL) == workbook_of(SMALL)


def test_a_workbook_has_text_cells_only() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_of(FRAMEWORKS["monzo"]))) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/sheet"):
                sheet = archive.read(part).decode()
                assert "<f>" not in sheet
                assert sheet.count("<c r=") == sheet.count('t="s"')


def test_every_property_of_the_model_has_a_column_or_a_sheet() -> None:
    titles = {sheet.field for sheet in SHEETS}
    for sheet in SHEETS:
        for name in properties(sheet.model):
            assert name in columns(sheet.model) or name in titles, (sheet.title, name)


def test_names_of_matrices_are_ones_that_excel_takes() -> None:
    tracks = [
        {"slug": f"t{number}", "title": title}
        for number, title in enumerate(["A" * 60, "A" * 61, "Data/ML: [core]?", "' '", "a" * 60])
    ]
    levels = [{"slug": f"l{n}", "track": f"t{n}", "title": "L"} for n in range(5)]
    names = [
        grid.name
        for grid in grids_of(
            Ladder.model_validate({"slug": "x", "title": "X", "tracks": tracks, "levels": levels})
        )
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 for name in names)


def test_a_new_row_becomes_a_statement_and_its_cell() -> None:
    grids = edited(
        grids_of(SMALL),
        "Statements",
        {"Level": "l1", "Competency": "craft", "Text": "Tests."},
        {"Level": "l1", "Competency": "team", "Text": "Asks."},
    )
    found = import_workbook(grids, "a.xlsx").ladder
    assert [(one.competency, [line.text for line in one.statements]) for one in found.expectations] == [
        ("craft", ["Ships.", "Tests."]),
        ("team", ["Asks."]),
    ]


def test_a_value_that_does_not_fit_is_named_by_sheet_row_and_column() -> None:
    grids = edited(
        grids_of(SMALL), "Levels", {"Slug": "l1", "Track": "ic", "Title": "Junior", "Rank": "high"}, instead=1
    )
    with pytest.raises(InvalidLadder) as raised:
        import_workbook(grids, "a.xlsx")
    assert raised.value.faults[0].detail.startswith(
        'a.xlsx, sheet "Levels", row 2, column D: `rank`: use a number.'
    )
    assert raised.value.faults[0].pointer == "/levels/0/rank"


def test_a_row_that_belongs_to_nothing_is_an_error() -> None:
    grids = edited(grids_of(SMALL), "Statements", {"Competency": "craft", "Step": "basic", "Text": "Lost."})
    with pytest.raises(InvalidLadder) as raised:
        import_workbook(grids, "a.xlsx")
    assert raised.value.faults[0].detail == (
        "a.xlsx, sheet \"Statements\", row 3, column A: nothing has Competency 'craft', Step 'basic'. "
        "Fill in Level, Competency, Facet, Step."
    )


def test_a_column_and_a_sheet_without_a_meaning_are_reported() -> None:
    grids = grids_of(SMALL)
    (tracks,) = [grid for grid in grids if grid.name == "Tracks"]
    more = replace(tracks, cells=((*tracks.cells[0], "Owner"), *((*row, "Ada") for row in tracks.cells[1:])))
    extra = Grid("Salaries", (("a", "b"),))
    found = import_workbook((*(more if grid is tracks else grid for grid in grids), extra), "a.xlsx")
    details = [fault.detail for fault in found.faults]
    assert details[0].startswith('a.xlsx, sheet "Tracks", row 2, column ')
    assert details[1].startswith('a.xlsx, sheet "Salaries": this workbook has no such sheet.')
    assert not any("Ada" in detail for detail in details)


def test_what_a_workbook_was_made_from_is_known() -> None:
    found = import_workbook(grids_of(SMALL), "a.xlsx")
    assert (found.release, found.base) == ("1.0.0", content_hash(SMALL))


def content_hash(ladder: Ladder) -> str:
    return content_sha256(canonical(ladder))


def test_another_workbook_is_not_taken_for_ours() -> None:
    with pytest.raises(BadRequest, match="not a workbook that this software wrote"):
        import_workbook((Grid("Sheet1", (("a",),)),), "a.xlsx")


def test_a_ladder_with_one_address_twice_is_not_written() -> None:
    twice = SMALL.model_copy(update={"levels": SMALL.levels * 2})
    with pytest.raises(Conflict, match="level:l1 is there more than once"):
        workbook_of(twice)
