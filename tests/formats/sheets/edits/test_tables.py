"""Our flat tables edited and read back: only edited cells change, and rows that are gone are gone."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequest, InvalidLadder
from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.csv_writer import write_csv
from app.formats.sheets.edits.reader import read_table, table_name
from app.formats.sheets.edits.tables import edited_ladder
from app.formats.sheets.edits.target import EditedLadder
from app.formats.sheets.grid import read_csv
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.tables import table_rows
from app.rubric.canonical import canonical
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.strategies import framework_ladders, ladders

SMALL = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer"}],
        "levels": [
            {"slug": "l1", "track": "ic", "title": "Junior", "rank": 1},
            {"slug": "l2", "track": "ic", "title": "Senior", "rank": 2, "years_from": 3},
        ],
        "scales": [{"slug": "depth", "title": "Depth", "steps": [{"slug": "low", "title": "Low"}]}],
        "competencies": [
            {"slug": "craft", "title": "Craft", "scale": "depth", "proficiencies": [{"step": "low"}]},
            {"slug": "team", "title": "Team"},
        ],
        "expectations": [
            {
                "level": "l1",
                "competency": "craft",
                "step": "low",
                "summary": "Learns.",
                "statements": [{"text": "=Ships."}, {"text": "'Tests."}],
            },
            {"level": "l2", "competency": "craft", "statements": [{"text": "Leads.", "kind": "core"}]},
        ],
        "faqs": [{"slug": "when", "question": "When?", "answer": "In spring.", "about": ["level:l1"]}],
    }
)
Row = dict[str, str]


def table(ladder: Ladder, name: str, *, guard: bool = True, effective: bool = False) -> list[Row]:
    """Return the rows of a table as a spreadsheet program would show them."""
    parts = Parts(Index.of(ladder), "1.0.0", lambda node: node.target)
    rows = table_rows(parts, name, Chosen(effective=effective))
    written = write_csv(COLUMNS[name], rows, guard=guard).decode()
    return list(csv.DictReader(io.StringIO(written, newline="")))


def imported(rows: list[Row], name: str, base: Ladder = SMALL) -> EditedLadder:
    headers = list(rows[0]) if rows else list(COLUMNS[name])
    data = write_csv(headers, [[row[header] for header in headers] for row in rows], guard=False)
    grid = read_csv(data, "a.csv", ",")
    assert table_name(grid) == name
    return edited_ladder(read_table(grid, "a.csv", name), Index.of(base), "a.csv")


def texts(ladder: Ladder) -> list[list[str]]:
    return [[one.text for one in cell.statements] for cell in ladder.expectations]


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("guard", [True, False])
@pytest.mark.parametrize("framework", ["monzo", "uk-ddat", "etsy"])
def test_a_table_without_edits_changes_nothing(framework: str, name: str, *, guard: bool) -> None:
    base = framework_ladders()[framework]
    rows = table(base, name, guard=guard)
    if rows:
        found = imported(rows, name, base)
        assert canonical(found.ladder) == canonical(base)
        assert found.remarks == ()


@given(ladders(), st.sampled_from(sorted(COLUMNS)), st.booleans())
def test_a_table_of_any_ladder_without_edits_changes_nothing(base: Ladder, name: str, guard: bool) -> None:  # noqa: FBT001 - drawn
    rows = table(base, name, guard=guard)
    if rows:
        found = imported(rows, name, base)
        assert canonical(found.ladder) == canonical(base)
        assert found.remarks == ()


def test_importing_removes_exactly_one_apostrophe() -> None:
    rows = table(SMALL, "statements")
    assert [row["text"] for row in rows[:3]] == ["Learns.", "'=Ships.", "''Tests."]
    rows[1]["text"], rows[2]["text"] = "'=Ships weekly.", "''Tests all."
    assert texts(imported(rows, "statements").ladder) == [["=Ships weekly.", "'Tests all."], ["Leads."]]


def test_new_changed_and_missing_texts_become_edits_of_their_cell() -> None:
    rows = table(SMALL, "statements")
    del rows[2]
    rows[0]["text"] = "Learns fast."
    rows[1] |= {"text": "Delivers every week.", "kind": "growth"}
    rows += [
        {**dict.fromkeys(rows[0], ""), "level": "l2", "competency": "craft", "text": "Plans."},
        {**dict.fromkeys(rows[0], ""), "level": "l2", "competency": "team", "text": "Asks."},
    ]
    found = imported(rows, "statements").ladder
    assert found.expectations[0].summary == "Learns fast."
    assert texts(found) == [["Delivers every week."], ["Leads.", "Plans."], ["Asks."]]
    assert [one.kind for one in found.expectations[0].statements] == ["growth"]


def test_a_step_and_an_applicability_are_edited_in_every_row_of_their_cell() -> None:
    rows = table(SMALL, "statements")
    for row in rows[:3]:
        row |= {"step": "", "applicability": "optional"}
    found = imported(rows, "statements").ladder.expectations[0]
    assert (found.step, found.applicability) == (None, "optional")


def test_a_table_of_one_level_says_nothing_about_the_others() -> None:
    rows = [row for row in table(SMALL, "statements") if row["level"] == "l1"]
    assert canonical(imported(rows, "statements").ladder) == canonical(SMALL)


def test_a_row_that_names_nothing_is_reported_with_its_place() -> None:
    rows = table(SMALL, "statements")
    rows.append({**dict.fromkeys(rows[0], ""), "level": "l9", "competency": "craft", "text": "Lost."})
    found = imported(rows, "statements")
    assert [(one.code, one.detail) for one in found.remarks] == [
        ("row-not-used", "a.csv, row 6, column E: the ladder has no level 'l9'. The row was not used.")
    ]


def test_a_table_of_effective_texts_is_refused() -> None:
    base = SMALL.model_copy(update={"cumulative": "yes"})
    with pytest.raises(BadRequest, match="Export the table without `effective=true`"):
        imported(table(base, "statements", effective=True), "statements", base)


def test_another_slug_is_a_rename_that_all_references_follow() -> None:
    rows = table(SMALL, "levels")
    rows[0] |= {"slug": "junior", "title": "Junior engineer", "other_titles": "Graduate\nIntern"}
    found = imported(rows, "levels").ladder
    level = found.levels[0]
    assert (level.slug, level.formerly, level.title) == ("junior", ("l1",), "Junior engineer")
    assert level.other_titles == ("Graduate", "Intern")
    assert found.expectations[0].level == "junior"
    assert found.faqs[0].about == ("level:junior",)


def test_a_slug_that_is_none_is_named_by_its_place() -> None:
    rows = table(SMALL, "levels")
    rows[1]["slug"] = "Senior Engineer"
    with pytest.raises(InvalidLadder) as raised:
        imported(rows, "levels")
    assert raised.value.detail.startswith("a.csv, row 3, column C: `slug`: use lower-case letters")


def test_a_new_row_becomes_a_level_with_a_slug_from_its_title() -> None:
    rows = table(SMALL, "levels")
    rows.insert(1, {**dict.fromkeys(rows[0], ""), "track": "ic", "title": "Mid level", "rank": "1.5"})
    found = imported(rows, "levels").ladder
    assert [(one.slug, one.rank) for one in found.levels] == [("l1", 1), ("mid-level", 1.5), ("l2", 2)]


def test_numbers_that_a_program_wrote_otherwise_are_no_edits() -> None:
    rows = table(SMALL, "levels")
    rows[1] |= {"rank": "2.0", "years_from": "3,5"}
    with pytest.raises(InvalidLadder) as raised:
        imported(rows, "levels")
    assert raised.value.faults[0].detail == "a.csv, row 3, column O: `years_from`: use a number."
    rows[1]["years_from"] = "3.0"
    assert canonical(imported(rows, "levels").ladder) == canonical(SMALL)


def test_an_edit_in_a_column_that_repeats_others_is_reported() -> None:
    rows = table(SMALL, "statements")
    for row in rows[:2]:
        row["level_title"] = "Beginner"
    (remark,) = imported(rows, "statements").remarks
    assert remark.code == "computed-column"
    assert remark.detail.startswith("a.csv, row 2, column H and 1 more below: the column level_title repeats")


def test_competencies_and_their_steps_are_edited() -> None:
    rows = table(SMALL, "competencies")
    assert [row["step"] for row in rows] == ["low", ""]
    rows[0] |= {"description": "Long.", "proficiency_summary": "Knows.", "statements": "Reads.\nWrites."}
    rows[1]["competency_title"] = "Teamwork"
    found = imported(rows, "competencies").ladder.competencies
    assert (found[0].description, found[0].proficiencies[0].summary) == ("Long.", "Knows.")
    assert [one.text for one in found[0].proficiencies[0].statements] == ["Reads.", "Writes."]
    assert found[1].title == "Teamwork"


def test_questions_and_expectations_are_edited() -> None:
    rows = table(SMALL, "faqs")
    rows[0] |= {"answer": "In autumn.", "about": "level:l1 level:l2"}
    rows.append({**dict.fromkeys(rows[0], ""), "question": "Who decides?", "answer": "A panel."})
    found = imported(rows, "faqs").ladder.faqs
    assert [(one.slug, one.answer, one.about) for one in found] == [
        ("when", "In autumn.", ("level:l1", "level:l2")),
        ("who-decides", "A panel.", ()),
    ]
    cells = table(SMALL, "expectations")
    cells[1] |= {"statements": "Leads.\nPlans.", "extending": ""}
    cells.append(
        {**dict.fromkeys(cells[0], ""), "level": "l2", "competency": "team", "applicability": "not-in-use"}
    )
    asked = imported(cells, "expectations").ladder.expectations
    assert [one.text for one in asked[1].statements] == ["Leads.", "Plans."]
    assert asked[1].statements[0].kind == "core"
    assert (asked[2].competency, asked[2].applicability) == ("team", "not-in-use")


def test_other_tables_are_not_taken_for_ours() -> None:
    data: Any = b"ladder,release,name\na,b,c\n"
    assert table_name(read_csv(data, "a.csv")) is None
