"""Mappings of imports: saved, corrected by an author, fitted to a sheet that has changed, and refused if wrong."""

from collections.abc import Callable

import pytest

from app.errors import BadRequest
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.sheets import Sheet
from app.formats.importing.understand import Understood, understand
from app.formats.sheets.grid import Grid

MATRIX = (
    ("Competency", "About", "Junior (L1-L2)", "Senior", "Owner"),
    ("Coding", "Writes code", "Learns. Asks.", "Designs", "Ann"),
    ("Mentoring", "", "", "Coaches", "Ben"),
)


def sheet(*rows: tuple[str, ...], name: str = "ladder.csv") -> Sheet:
    """Return a sheet with these rows."""
    return Sheet(name, name, Grid(name, rows))


def corrected(*changes: tuple[str, str], rows: tuple[tuple[str, ...], ...] = MATRIX) -> Understood:
    """Return what is understood of a sheet after an author changed these words of its mapping."""
    text = understand([sheet(*rows)], name="ladder").mapping.to_yaml()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return understand([sheet(*rows)], ImportMapping.from_yaml(text), name="ladder")


def cells(found: Understood) -> list[tuple[str, str, list[str]]]:
    """Return the expectations: level, competency and texts."""
    return [
        (one.level, one.competency, [line.text for line in one.statements])
        for one in found.ladder.expectations
    ]


def test_an_author_says_what_a_column_becomes() -> None:
    found = corrected(("header: Owner\n        becomes: nothing", "header: Owner\n        becomes: example"))
    assert [[one.text for one in skill.examples] for skill in found.ladder.competencies] == [["Ann"], ["Ben"]]
    assert [one.code for one in found.findings] == ["two-levels", "headers"]


def test_an_author_leaves_a_column_out() -> None:
    found = corrected(
        ("header: About\n        becomes: description", "header: About\n        becomes: nothing")
    )
    assert [skill.description for skill in found.ladder.competencies] == [None, None]
    assert [one.message for one in found.findings if one.code == "left-out-by-mapping"] == [
        'ladder.csv, rows 1-2, column B: the column "About" is left out: the mapping says so.'
    ]


def test_an_author_splits_cells_at_sentences() -> None:
    found = corrected(("language: en", "language: en\nsplit: sentences"))
    assert cells(found)[0] == ("junior-l1-l2", "coding", ["Learns.", "Asks."])


def test_an_author_says_which_levels_one_header_names() -> None:
    found = corrected(("language: en", 'language: en\nlevels:\n  "Junior (L1-L2)": [L1, L2]'))
    assert [one.title for one in found.ladder.levels] == ["L1", "L2", "Senior"]
    assert cells(found)[:2] == [
        ("l1", "coding", ["Learns. Asks."]),
        ("l2", "coding", ["Learns. Asks."]),
    ]
    assert "two-levels" not in {one.code for one in found.findings}


def test_an_author_says_that_a_header_names_one_level() -> None:
    found = corrected(("language: en", 'language: en\nlevels:\n  "Junior (L1-L2)": ["Junior (L1-L2)"]'))
    assert [one.title for one in found.ladder.levels] == ["Junior (L1-L2)", "Senior"]
    assert "two-levels" not in {one.code for one in found.findings}


def test_an_author_turns_a_table_round() -> None:
    rows = (("", "Explorer", "Captain"), ("Charts", "Reads the charts", "Draws the charts"))
    found = understand(
        [sheet(*rows)],
        ImportMapping.from_yaml("sheets:\n  - {sheet: ladder, layout: transposed, headers: [1]}"),
        name="ladder",
    )
    assert found.tables[0].layout == "transposed"
    assert [one.title for one in found.ladder.competencies] == ["Explorer", "Captain"]


def test_an_author_says_that_steps_are_levels() -> None:
    rows = (("Skill", "Awareness", "Expert"), ("SQL", "Reads queries", "Tunes databases"))
    assert understand([sheet(*rows)], name="x").ladder.levels == ()
    found = corrected(("axis: steps", "axis: levels"), rows=rows)
    assert [one.title for one in found.ladder.levels] == ["Awareness", "Expert"]
    assert found.ladder.scales == ()


def test_an_author_gives_the_order_of_levels_and_steps() -> None:
    rows = (("Skill", "L1", "L2"), ("SQL", "blue", "red"), ("Python", "red", "blue"), ("Go", "blue", "red"))
    first = understand([sheet(*rows)], name="ladder")
    assert [one.code for one in first.findings] == ["headers", "step-order"]
    found = corrected(("language: en", "language: en\norder: highest-first\nsteps: [red, blue]"), rows=rows)
    assert [one.code for one in found.ladder.levels] == ["L2", "L1"]
    assert [step.title for step in found.ladder.scales[0].steps] == ["red", "blue"]


def test_a_saved_mapping_finds_columns_and_headers_wherever_they_are_now() -> None:
    saved = understand([sheet(*MATRIX)], name="ladder").mapping
    moved = (
        ("Our ladder", "", "", "", "", ""),
        ("Owner", "Competency", "Senior", "Junior (L1-L2)", "New", "About"),
        ("Ann", "Coding", "Designs", "Learns. Asks.", "?", "Writes code"),
        ("Ben", "Mentoring", "Coaches", "", "x", ""),
    )
    found = understand([sheet(*moved, name="ladder-2.csv")], saved, name="ladder")
    assert found.mapping.sheets[0].headers == (2,)
    assert {one.header: one.becomes for one in found.mapping.sheets[0].columns} == {
        "Owner": "nothing",
        "Competency": "competency",
        "Senior": "level",
        "Junior (L1-L2)": "level",
        "New": "nothing",
        "About": "description",
    }
    assert found.ladder.competencies[0].description == "Writes code"


def test_a_column_that_a_mapping_names_and_a_sheet_lacks_is_a_question() -> None:
    saved = understand([sheet(*MATRIX)], name="ladder").mapping
    found = understand([sheet(*(row[:3] for row in MATRIX))], saved, name="ladder")
    assert [one.message for one in found.findings if one.code == "mapping-without-match"] == [
        (
            'ladder.csv, row 1, column A: the mapping names columns that the sheet does not have: "Senior". '
            "Correct the mapping."
        )
    ]


def test_a_sheet_that_a_mapping_ignores_is_left_out() -> None:
    saved = ImportMapping.from_yaml("sheets:\n  - {sheet: ladder, layout: ignored}")
    found = understand([sheet(*MATRIX)], saved, name="ladder")
    assert found.ladder.competencies == ()
    assert [one.code for one in found.findings] == ["left-out-by-mapping"]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("a: [", "map.yaml: this is not YAML: while parsing a flow node."),
        ("- a", "map.yaml: the whole file: Use an object."),
        (
            "splits: lines",
            (
                "map.yaml: splits: there is no such property. Did you mean 'split'? Known: title, slug, language, "
                "split, order, steps, levels, sheets."
            ),
        ),
        (
            "sheets: [{sheet: a, layout: matrx}]",
            (
                "map.yaml: sheets, 1, layout: Use 'matrix', 'transposed', 'list', 'blocks', 'outline', 'questions', "
                "'page' or 'ignored'. Did you mean 'matrix'?"
            ),
        ),
        (
            "sheets: [{sheet: a, layout: matrix, columns: [{column: A1, becomes: level}]}]",
            "map.yaml: sheets, 1, columns, 1, column: Use text that fits the pattern ^[A-Z]{1,3}$.",
        ),
        ("sheets: [{sheet: a}]", "map.yaml: sheets, 1, layout: This is missing."),
        ("slug: Not a slug", "map.yaml: slug: Use text that fits the pattern ^[a-z0-9]+(?:-[a-z0-9]+)*$."),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_with_the_place_and_the_fix(text: str, detail: str) -> None:
    with pytest.raises(BadRequest) as raised:
        ImportMapping.from_yaml(text)
    assert [fault.detail for fault in raised.value.faults] == [detail]


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, lambda text: f"  {text} ", lambda text: text.replace(" ", "  ")]
)
def test_headers_are_found_whatever_their_case_and_spaces(change: Callable[[str], str]) -> None:
    saved = understand([sheet(*MATRIX)], name="ladder").mapping
    changed = (tuple(map(change, MATRIX[0])), *MATRIX[1:])
    found = understand([sheet(*changed)], saved, name="ladder")
    assert [one.becomes for one in found.mapping.sheets[0].columns] == [
        one.becomes for one in saved.sheets[0].columns
    ]
