"""The same ladder laid out in many ways: whatever the layout and the language, its cells come back."""

from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.formats.importing.sheets import Sheet, read_sheets
from app.formats.importing.understand import Understood, understand
from app.formats.sheets.grid import Grid

Cells = dict[tuple[str, str], list[str]]
LEVELS: Final = (
    ("Junior", "Mid", "Senior", "Staff", "Principal"),
    ("L1", "L2", "L3", "L4"),
    ("IC1 - Engineer", "IC2 - Senior Engineer", "IC3 - Staff Engineer"),
    ("Stufe 1", "Stufe 2", "Stufe 3"),
    ("Einsteiger", "Fachkraft", "Experte"),
    ("Débutant", "Confirmé", "Expert"),
    ("Niveau 1", "Niveau 2", "Niveau 3"),
    ("사원", "대리", "과장"),
    ("주니어 개발자", "시니어 개발자"),
    ("مبتدئ", "متوسط", "خبير"),
    ("المستوى 1", "المستوى 2", "المستوى 3"),
    ("Software Engineer", "Senior Software Engineer", "Engineering Manager", "Director"),
)
HEADERS: Final = (
    ("Category", "Competency", "Level", "Expectation"),
    ("Kategorie", "Kompetenz", "Stufe", "Erwartung"),
    ("Catégorie", "Compétence", "Niveau", "Attente"),
    ("분류", "역량", "레벨", "기대 행동"),
    ("الفئة", "الكفاءة", "المستوى", "التوقعات"),
)
NAMES: Final = (
    *(
        "Coding",
        "System design",
        "Communication",
        "Leadership",
        "Scope",
        "Quality & testing",
        "C++",
        "Mentoring",
    ),
    *(
        "Führung",
        "Technische Qualität",
        "Qualité du code",
        "Travail en équipe",
        "의사소통",
        "시스템 설계",
        "البرمجة",
        "جودة العمل",
    ),
)
GROUPS: Final = ("Craft", "People", "Fachlich", "Savoir-être", "기술", "التواصل")
WORDS: Final = (
    *(
        "Writes small changes that hold",
        "Owns a module from idea to operation",
        "Leads a project with three teams",
    ),
    *(
        "Erklärt schwierige Dinge einfach",
        "Écoute et reformule les besoins",
        "코드를 작성하고 테스트한다",
        "يكتب شيفرة واضحة ويختبرها",
    ),
    *(
        "Asks for help early",
        "Knows 3 patterns, e.g. facades",
        "Reviews 5+ changes a week",
        "Says no (politely)",
    ),
)
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ladder(random: Random) -> tuple[list[str], list[tuple[str, str]], Cells]:
    """Return levels, competencies with their categories, and the statements of each cell."""
    levels = list(random.choice(LEVELS))
    names = random.sample(NAMES, random.randint(2, 5))
    groups = sorted(random.choice(GROUPS) for _ in names)
    cells: Cells = {}
    for name in names:
        for level in levels:
            if random.random() < 0.85:
                cells[level, name] = random.sample(WORDS, random.randint(1, 3))
    return levels, list(zip(groups, names, strict=True)), cells


def text(lines: list[str], random: Random) -> str:
    """Return statements as one cell: as bullets or as lines."""
    mark = random.choice(("• ", "- ", "", "* ", "☐ "))
    return "\n".join(f"{mark}{line}" for line in lines)


def found_cells(found: Understood) -> Cells:
    """Return the statements of each cell by the titles of its level and competency."""
    levels = {one.slug: one for one in found.ladder.levels}
    titles = {one.slug: one.title for one in found.ladder.competencies}
    cells: Cells = {}
    for one in found.ladder.expectations:
        level = levels[one.level]
        name = level.title if level.code in {None, level.title} else f"{level.code} - {level.title}"
        cells[name, titles[one.competency]] = [line.text for line in one.statements]
    return cells


def imported(rows: list[list[str]]) -> Understood:
    """Return what is understood of one sheet."""
    grid = Grid("sheet.csv", tuple(map(tuple, rows)))
    return understand([Sheet("sheet.csv", "sheet.csv", grid)], name="sheet")


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_a_matrix_gives_its_cells_and_categories(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    category, competency, _, _ = random.choice(HEADERS)
    rows = [[category, competency, *levels]]
    last = ""
    for group, name in skills:
        shown = group if group != last or random.random() < 0.5 else ""
        last = group
        rows.append([shown, name, *(text(cells.get((level, name), []), random) for level in levels)])
    found = imported(rows)
    assert found_cells(found) == cells
    assert [(one.category, one.title) for one in found.ladder.competencies] == skills
    assert len(found.ladder.levels) == len(levels)


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_a_matrix_without_categories_and_below_a_title_gives_its_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    corner = random.choice(("", "Skill", "Competency / Level", "Kompetenz", "역량", "الكفاءة"))
    rows = [["Our ladder, version 3"], [], [corner, *levels]]
    rows += [[name, *(text(cells.get((level, name), []), random) for level in levels)] for _, name in skills]
    with_cells = {name for _, name in cells}
    if with_cells == {name for _, name in skills} and "Scope" not in with_cells:
        assert found_cells(imported(rows)) == cells


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_a_table_with_levels_down_gives_its_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    level_header = random.choice(HEADERS)[2]
    names = [name for _, name in skills if name != "Scope"]
    rows = [[level_header, *names]]
    rows += [[level, *(text(cells.get((level, name), []), random) for name in names)] for level in levels]
    expected = {place: lines for place, lines in cells.items() if place[1] in names}
    assert found_cells(imported(rows)) == expected


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_a_long_list_gives_its_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    _, skills, cells = ladder(random)
    category, competency, level_header, expectation = random.choice(HEADERS)
    groups = {name: group for group, name in skills}
    order = sorted(cells, key=lambda place: (place[1], place[0])) if random.random() < 0.5 else list(cells)
    rows = [[level_header, category, competency, expectation]]
    rows += [[level, groups[name], name, text(cells[level, name], random)] for level, name in order]
    assert found_cells(imported(rows)) == cells


def sheets_of(rows_by_sheet: dict[str, list[list[str]]]) -> list[Sheet]:
    """Return the sheets of one workbook."""
    return [
        Sheet("book.xlsx", name, Grid(name, tuple(map(tuple, rows)))) for name, rows in rows_by_sheet.items()
    ]


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_one_sheet_for_each_level_gives_its_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, _, cells = ladder(random)
    _, competency, _, expectation = random.choice(HEADERS)
    book = {
        level: [[competency, expectation]]
        + [[name, text(lines, random)] for (one, name), lines in cells.items() if one == level]
        for level in levels
    }
    found = understand(sheets_of(book), name="book")
    assert found_cells(found) == cells


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_one_sheet_for_each_competency_gives_its_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    _, _, level_header, expectation = random.choice(HEADERS)
    book = {
        name: [[level_header, expectation]]
        + [[level, text(cells[level, name], random)] for level in levels if (level, name) in cells]
        for _, name in skills
    }
    found = understand(sheets_of(book), name="book")
    assert found_cells(found) == cells


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_blocks_of_levels_on_one_sheet_for_each_competency_give_their_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, _ = ladder(random)
    cells = {(level, name): random.sample(WORDS, 2) for _, name in skills for level in levels}
    book = {
        name: [[line] for level in levels for line in (level, *(f"- {one}" for one in cells[level, name]))]
        for _, name in skills
    }
    found = understand(sheets_of(book), name="book")
    assert found_cells(found) == cells


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_headings_of_markdown_give_their_cells(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    names = [name for _, name in skills]
    outer, inner = (levels, names) if random.random() < 0.5 else (names, levels)
    lines = ["# Our ladder", ""]
    for one in outer:
        lines += [f"## {one}", ""]
        for other in inner:
            place = (one, other) if outer is levels else (other, one)
            if place in cells:
                lines += [f"### {other}", "", *(f"- {line}" for line in cells[place]), ""]
    if {name for _, name in cells} == set(names) and "Scope" not in names:
        found = understand(read_sheets("\n".join(lines).encode(), "ladder.md"), name="ladder")
        assert found_cells(found) == cells


PEOPLE: Final = (
    "Comments",
    "Name",
    "Status",
    "Kommentar",
    "Commentaire",
    "비고",
    "ملاحظات",
    "Self-assessment",
    "Owner",
)
REMARK: Final = "Jane Roe struggles with this"


def decorated(rows: list[list[str]], random: Random) -> list[list[str]]:
    """Return a matrix with the rest that real sheets have: numbers, personal columns, titles, totals, notes, gaps."""
    width = len(rows[0])
    if random.random() < 0.5:
        header = random.choice(PEOPLE)
        rows = [[*row, header if not at else random.choice(("", REMARK))] for at, row in enumerate(rows)]
    if random.random() < 0.4:
        rows = [["#" if not at else str(at), *row] for at, row in enumerate(rows)]
        width += 1
    before: list[list[str]] = []
    if random.random() < 0.5:
        above = [["Our ladder, version 3"], ["Owner:", REMARK]]
        before = [*above[: random.randint(1, 2)], []]
    lead = 2
    levels = width - lead
    after: list[list[str]] = []
    if random.random() < 0.4:
        after = [["", "Total", *("7" for _ in range(levels))][:width]]
    if random.random() < 0.4:
        after += [[], ["This sheet was made by the guild."]]
    if random.random() < 0.3:
        rows = [[*row[:lead], "", *row[lead:]] for row in rows]
    return [*before, *rows, *after]


@QUICK
@given(st.integers(0, 2**32 - 1))
def test_a_matrix_among_other_things_gives_its_cells_and_nothing_about_people(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not for secrets
    levels, skills, cells = ladder(random)
    category, competency, _, _ = random.choice(HEADERS)
    rows = [[category, competency, *levels]]
    for group, name in skills:
        rows.append([group, name, *(text(cells.get((level, name), []), random) for level in levels)])
    found = imported(decorated(rows, random))
    assert found_cells(found) == cells
    assert REMARK not in found.ladder.model_dump_json()
    assert not any(REMARK in one.message for one in found.findings)


@pytest.mark.parametrize("name", ["L1", "Level 1 (junior)", "Stufe 1", "사원", "مبتدئ"])
def test_a_single_level_is_no_matrix_but_its_texts_are_kept(name: str) -> None:
    found = imported([["Competency", name], ["Coding", "Writes code that holds."]])
    assert "Writes code that holds." in found.ladder.model_dump_json()
