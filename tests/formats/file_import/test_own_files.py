"""Workbooks and tables of ours come back as the edits that people made in them, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict
from app.formats.file_import.contents import OwnTable, OwnWorkbook, read_contents
from app.formats.file_import.plan import Bases, Import, Imported, Mode
from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.csv_writer import write_csv
from app.formats.sheets.grid import Grid
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.tables import table_rows
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.canonical import canonical, content_sha256
from app.rubric.diff import diff
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.formats.sheets.xlsx import edited
from tests.strategies import framework_ladders, ladders

SMALL: dict[str, Any] = {
    "slug": "small",
    "title": "Small",
    "tracks": [{"slug": "ic", "title": "Engineer"}],
    "levels": [
        {"slug": "l1", "track": "ic", "title": "Junior", "rank": 1, "attributes": [{"title": "Reach"}]},
        {"slug": "l2", "track": "ic", "title": "Senior", "rank": 2},
    ],
    "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "team", "title": "Team"}],
    "expectations": [
        {"level": "l1", "competency": "craft", "statements": [{"text": "Ships."}, {"text": "Tests."}]},
        {"level": "l2", "competency": "craft", "statements": [{"text": "Leads."}]},
    ],
    "faqs": [{"slug": "when", "question": "When?", "answer": "In spring.", "about": ["level:l1"]}],
    "translations": [
        {
            "entity": "statement:expectation--l1--craft--statement-2",
            "field": "text",
            "language": "de",
            "text": "Testet.",
        }
    ],
}
BASE = Ladder.model_validate(SMALL)


def changed(**changes: object) -> Ladder:
    return Ladder.model_validate(SMALL | changes)


def grids_of(ladder: Ladder) -> tuple[Grid, ...]:
    return read_xlsx(write_workbook(Index.of(ladder), Origin("1.0.0")), "a.xlsx")


def imported(
    grids: tuple[Grid, ...], mine: Ladder = BASE, *, mode: Mode = "merge", bases: Bases | None = None
) -> Imported:
    known = {content_sha256(canonical(BASE)): Index.of(BASE)}
    found = Bases(by_hash=known.get) if bases is None else bases
    return Import(Index.of(mine), found, mode).run([OwnWorkbook("a.xlsx", grids)])


def same(one: Ladder, other: Ladder) -> bool:
    return canonical(one) == canonical(other)


def texts(ladder: Ladder, at: int = 0) -> list[str]:
    return [one.text for one in ladder.expectations[at].statements]


def told(found: Imported) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found.findings]


@pytest.mark.parametrize("name", framework_ladders())
def test_an_unchanged_workbook_of_any_framework_changes_nothing(name: str) -> None:
    base = framework_ladders()[name]
    index = Index.of(base)
    for mode in ("merge", "replace"):
        found = Import(index, Bases(by_hash=lambda _: index), mode).run(
            [OwnWorkbook("a.xlsx", grids_of(base))]
        )
        assert same(found.ladder, base)
        assert found.findings == ()


@given(ladders(), ladders())
def test_an_unchanged_workbook_keeps_whatever_the_draft_became(base: Ladder, mine: Ladder) -> None:
    mine = mine.model_copy(update={"slug": base.slug})
    bases = Bases(by_hash=lambda _: Index.of(base))
    found = Import(Index.of(mine), bases).run([OwnWorkbook("a.xlsx", grids_of(base))])
    assert same(found.ladder, mine)
    assert found.findings == ()


@given(ladders(), st.sampled_from(sorted(COLUMNS)))
def test_an_unchanged_table_keeps_the_draft(base: Ladder, name: str) -> None:
    parts = Parts(Index.of(base), "1.0.0", lambda node: node.target)
    data = write_csv(COLUMNS[name], table_rows(parts, name, Chosen()))
    bases = Bases(by_release={"1.0.0": Index.of(base)}.get)
    for content in read_contents([("a.csv", data)], None, name="a"):
        assert isinstance(content, OwnTable)
        found = Import(Index.of(base), bases).run([content])
        assert same(found.ladder, base)
        assert [one for one in found.findings if one.code != "unknown-base"] == []


def test_two_edited_cells_are_two_changes() -> None:
    grids = edited(grids_of(BASE), "Statements", lambda rows: rows[1].update(Text="Something else entirely."))
    grids = edited(grids, "Levels", lambda rows: rows[1].update(Title="Staff"))
    found = imported(grids)
    assert found.findings == ()
    changes = diff(Index.of(BASE), Index.of(found.ladder)).changes
    assert [(one.target, one.actions) for one in changes if one.kind == "level"] == [
        ("level:l2", ("changed",))
    ]
    assert texts(found.ladder) == ["Ships.", "Something else entirely."]
    assert same(
        found.ladder.model_copy(update={"levels": BASE.levels, "expectations": BASE.expectations}), BASE
    )


def test_edits_of_the_draft_stay_and_cells_changed_on_both_sides_are_conflicts() -> None:
    grids = edited(grids_of(BASE), "Statements", lambda rows: rows[0].update(Text="Ships weekly."))
    grids = edited(
        grids, "Levels", lambda rows: (rows[0].update(Title="Entry"), rows[1].update(Title="Staff"))
    )
    mine = changed(
        title="Mine", levels=[SMALL["levels"][0] | {"title": "Trainee"}, SMALL["levels"][1] | {"code": "L2"}]
    )
    found = imported(grids, mine)
    assert found.ladder.title == "Mine"
    assert [(one.title, one.code) for one in found.ladder.levels] == [("Trainee", None), ("Staff", "L2")]
    assert texts(found.ladder) == ["Ships weekly.", "Tests."]
    assert told(found) == [
        (
            "conflict",
            (
                'a.xlsx, sheet "Levels", row 2, column E: level:l1, Title: this was also changed in the draft. '
                "The draft keeps 'Trainee'; the file has 'Entry'. Edit it there if the file is right."
            ),
        )
    ]


def test_missing_rows_stay_and_are_listed_and_replace_removes_them() -> None:
    def drop(rows: list[dict[str, str]]) -> None:
        del rows[1:]

    grids = edited(grids_of(BASE), "Statements", drop)
    found = imported(grids)
    assert same(found.ladder, BASE)
    assert told(found) == [
        (
            "row-missing",
            (
                'a.xlsx, "Statements": 2 rows are missing: statement:expectation--l1--craft--statement-2, '
                "statement:expectation--l2--craft--statement-1. What is missing stays in the draft. To remove "
                "it, import the file with `replace`."
            ),
        )
    ]
    gone = imported(grids, mode="replace")
    assert texts(gone.ladder) == ["Ships."]
    assert texts(gone.ladder, 1) == []


def test_a_sheet_or_column_that_is_missing_stays_as_it_was() -> None:
    grids = tuple(grid for grid in grids_of(BASE) if grid.name != "Questions")
    (levels,) = [grid for grid in grids if grid.name == "Levels"]
    rank = levels.cells[0].index("Rank")
    cut = replace(levels, cells=tuple((*row[:rank], *row[rank + 1 :]) for row in levels.cells))
    found = imported(tuple(cut if grid is levels else grid for grid in grids))
    assert same(found.ladder, BASE)
    assert [code for code, _ in told(found)] == ["unread", "row-missing"]
    assert (
        told(found)[0][1]
        == 'a.xlsx, sheet "Levels": the column Rank is missing. Its values stay as they are.'
    )


def test_another_slug_is_a_rename_although_other_sheets_have_the_old_one() -> None:
    found = imported(edited(grids_of(BASE), "Levels", lambda rows: rows[0].update(Slug="junior")))
    assert (found.ladder.levels[0].slug, found.ladder.levels[0].formerly) == ("junior", ("l1",))
    assert found.ladder.expectations[0].level == "junior"
    assert found.ladder.faqs[0].about == ("level:junior",)
    assert found.ladder.translations[0].entity == "statement:expectation--junior--craft--statement-2"
    assert found.findings == ()


def test_two_levels_can_exchange_their_slugs() -> None:
    found = imported(
        edited(grids_of(BASE), "Levels", lambda rows: (rows[0].update(Slug="l2"), rows[1].update(Slug="l1")))
    )
    assert [(one.slug, one.title) for one in found.ladder.levels] == [("l2", "Junior"), ("l1", "Senior")]
    assert [one.level for one in found.ladder.expectations] == ["l2", "l1"]


def test_a_copied_row_is_a_new_one_and_a_new_level_needs_only_a_title() -> None:
    def copy(rows: list[dict[str, str]]) -> None:
        rows.insert(1, {**rows[0], "Text": "Reviews."})

    grids = edited(grids_of(BASE), "Statements", copy)
    grids = edited(grids, "Levels", lambda rows: rows.append({"Track": "ic", "Title": "Staff engineer"}))
    found = imported(grids).ladder
    assert texts(found) == ["Ships.", "Reviews.", "Tests."]
    assert found.levels[2].slug == "staff-engineer"
    assert found.translations[0].entity == "statement:expectation--l1--craft--statement-3"


def test_a_row_without_slug_and_key_is_known_by_its_title() -> None:
    found = imported(
        edited(grids_of(BASE), "Levels", lambda rows: rows[1].update(Slug="", UUID="", Key="", Code="L2"))
    )
    assert found.ladder.levels[1].code == "L2"
    assert same(found.ladder.model_copy(update={"levels": BASE.levels}), BASE)


def test_an_edit_of_a_matrix_sheet_is_reported() -> None:
    grids = grids_of(BASE)
    (matrix,) = [grid for grid in grids if grid.name.startswith("Matrix")]
    cells = [list(row) for row in matrix.cells]
    cells[1][2] = "• Leads many."
    found = imported(
        tuple(replace(one, cells=tuple(map(tuple, cells))) if one is matrix else one for one in grids)
    )
    assert same(found.ladder, BASE)
    assert told(found)[0][0] == "unread"
    assert told(found)[0][1].startswith('a.xlsx, sheet "Matrix Engineer", row 2, column C: this was edited')


def test_a_workbook_of_an_unknown_base_needs_a_decision() -> None:
    mine = changed(title="Mine")
    grids = edited(grids_of(BASE), "Levels", lambda rows: rows[1].update(Title="Staff"))
    found = imported(grids, mine, bases=Bases())
    assert not found.known_bases
    assert [code for code, _ in told(found)] == ["unknown-base"]
    assert (found.ladder.title, found.ladder.levels[1].title) == ("Small", "Staff")
    confirmed = imported(grids, mine, bases=Bases(chosen=Index.of(mine)))
    assert confirmed.known_bases
    assert confirmed.findings == ()
    assert same(confirmed.ladder, found.ladder)
    replaced = imported(grids, mine, mode="replace", bases=Bases())
    assert replaced.known_bases
    assert same(replaced.ladder, found.ladder)


def test_a_file_of_another_ladder_is_refused() -> None:
    with pytest.raises(Conflict, match="belongs to the ladder 'small', not to 'other'"):
        imported(grids_of(BASE), changed(slug="other"))


def test_an_error_that_an_import_brings_in_is_named_by_its_row() -> None:
    found = imported(edited(grids_of(BASE), "Levels", lambda rows: rows[1].update(Track="nowhere")))
    (code, message), *_ = told(found)
    assert code == "rule"
    assert message.startswith('a.xlsx, sheet "Levels", row 3, column B: ')
    assert message.endswith("[unknown-track]")


def test_an_edit_of_a_row_that_the_draft_removed_is_a_conflict() -> None:
    mine = changed(faqs=[])
    found = imported(edited(grids_of(BASE), "Questions", lambda rows: rows[0].update(Answer="Never.")), mine)
    assert same(found.ladder, mine)
    assert told(found) == [
        (
            "conflict",
            (
                'a.xlsx, sheet "Questions", row 2: faq:when: this was removed from the draft, so the row of the file '
                "was not used."
            ),
        )
    ]
