"""Workbooks as people make them, built by script: merged cells, formulas, number formats, hidden rows and sheets."""

import io
from collections.abc import Callable, Sequence
from typing import Any, Final

import xlsxwriter

Rows = Sequence[Sequence[object]]
Book = Any


def _book(write: Callable[[Book], None]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        write(book)
    return packed.getvalue()


def _sheet(book: Book, name: str, rows: Rows) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in ("", None):
                sheet.write(number, column, value)
    return sheet


def merged() -> bytes:
    """Return a matrix with merged categories, tracks above the levels, and a text for two levels."""

    def write(book: Book) -> None:
        sheet = _sheet(
            book,
            "Engineering",
            [
                ["Engineering matrix"],
                [],
                ["", "", "", "", "", "", ""],
                ["Category", "Competency", "L1", "L2", "L3", "M1", "M2"],
                ["", "Writing code", "• Writes code\n• Tests it", "Designs modules", "", "Reads code", ""],
                ["", "Operating", "", "Is on call", "Plans the rota", "", "Answers for incidents"],
                ["", "Feedback", "Asks for it", "Gives it", "Gives it upwards", "Gives it weekly", "Coaches"],
            ],
        )
        sheet.merge_range("A1:G1", "Engineering matrix")
        sheet.merge_range("C3:E3", "Individual contributor")
        sheet.merge_range("F3:G3", "Management")
        sheet.merge_range("A5:A6", "Technical")
        sheet.write("A7", "People")
        sheet.merge_range("D5:E5", "Designs modules")
        sheet.set_row(5, None, None, {"hidden": True})

    return _book(write)


def blocks() -> bytes:
    """Return one sheet for each competency, with the levels one under another."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "Kommunikation",
            [
                ["Stufe 1 - Einsteiger"],
                ["- Hört zu"],
                ["- Fragt nach"],
                [],
                ["Stufe 2 - Erfahren"],
                ["- Erklärt seine Arbeit"],
                ["Stufe 3 - Experte"],
                ["- Verhandelt mit Kunden"],
            ],
        )
        _sheet(
            book,
            "Technik",
            [
                ["Stufe 1 - Einsteiger", ""],
                ["", "Schreibt lesbaren Code"],
                ["Stufe 2 - Erfahren", ""],
                ["", "Entwirft Module"],
                ["", "Prüft fremden Code"],
                ["Stufe 3 - Experte", ""],
                ["", "Entwirft Systeme"],
            ],
        )

    return _book(write)


def tracks() -> bytes:
    """Return one sheet for each role family, with the same levels and competencies."""

    def write(book: Book) -> None:
        for name, verb in (("Développement", "Code"), ("Design", "Dessine")):
            _sheet(
                book,
                name,
                [
                    ["Compétence", "Description", "Junior", "Confirmé", "Senior", "Auto-évaluation"],
                    [
                        "Métier",
                        "Le cœur du travail",
                        f"{verb} sur demande",
                        f"{verb} seul",
                        f"{verb} et guide",
                        3,
                    ],
                    ["Équipe", "", "Écoute", "Explique", "Arbitre", 2],
                ],
            )

    return _book(write)


def categories() -> bytes:
    """Return one sheet for each category, with the same levels and other competencies."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "기술 역량",
            [
                ["역량", "주니어", "시니어", "리드"],
                ["코드", "작성한다", "설계한다", "방향을 정한다"],
                ["운영", "확인한다", "개선한다", "책임진다"],
            ],
        )
        _sheet(
            book,
            "리더십",
            [["역량", "주니어", "시니어", "리드"], ["멘토링", "배운다", "가르친다", "문화를 만든다"]],
        )

    return _book(write)


def assessment() -> bytes:
    """Return an assessment sheet: columns about a person, formulas, parts of each level, and a hidden sheet."""

    def write(book: Book) -> None:
        sheet = _sheet(
            book,
            "Assessment",
            [
                ["Name:", "Jane Roe"],
                [],
                ["Skill", "Senior", "", "", "Staff", "", "Self score", "Gap", "Comment"],
                ["", "Behaviour", "Target", "Status", "Behaviour", "Target"],
                [
                    "Architecture",
                    "Designs services",
                    3,
                    "ok",
                    "Designs platforms",
                    4,
                    2,
                    "",
                    "Jane struggles here",
                ],
                ["Delivery", "Ships alone", 3, "ok", "Ships with three teams", 5, 4, "", ""],
            ],
        )
        sheet.write_formula("H5", "=C5-G5", None, 1)
        sheet.write_formula("H6", "=C6-G6", None, -1)
        percent = book.add_format({"num_format": "0.0%"})
        sheet.write("G7", 0.5, percent)
        _sheet(book, "Lists", [["ok"], ["open"]]).hide()

    return _book(write)


def levels_down() -> bytes:
    """Return a sheet from right to left with levels down and merged cells."""

    def write(book: Book) -> None:
        sheet = _sheet(
            book,
            "مصفوفة",
            [
                ["المستوى", "المسمى الوظيفي", "البرمجة", "الجودة", "التواصل", "سنوات الخبرة"],
                ["L1", "مهندس", "يكتب الشيفرة", "يختبر عمله", "يستمع", "0-2"],
                ["L2", "مهندس أول", "يصمم الوحدات", "", "يشرح", "3-5"],
                ["L3", "مهندس خبير", "يصمم الأنظمة", "يضع المعايير", "يقنع", "6+"],
            ],
        )
        sheet.right_to_left()
        sheet.merge_range("D2:D3", "يختبر عمله")

    return _book(write)


def two_tables() -> bytes:
    """Return two matrices on one sheet, with rows about the levels above the first."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "Ladder",
            [
                ["Individual contributors"],
                ["", "IC1", "IC2", "IC3"],
                ["Scope", "Task", "Project", "Team"],
                ["Coding", "Writes code", "Designs modules", "Designs systems"],
                ["Mentoring", "", "Helps", "Coaches"],
                [],
                ["Managers"],
                ["", "M1", "M2"],
                ["Scope", "Team", "Department"],
                ["Hiring", "Interviews", "Plans hiring"],
                [],
                ["Questions? Write to people@example.org."],
            ],
        )

    return _book(write)


def roles() -> bytes:
    """Return one sheet for each role, with the level that it needs in each competency."""

    def write(book: Book) -> None:
        for name, first, second in (("Junior Analyst", 1, 1), ("Analyst", 2, 3), ("Senior Analyst", 4, 4)):
            _sheet(
                book,
                name,
                [
                    ["Skill", "Required level", "Notes"],
                    ["SQL", first, "see Tom"],
                    ["Storytelling", second, ""],
                ],
            )

    return _book(write)


def with_help() -> bytes:
    """Return a workbook with instructions, a matrix and questions."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "Read me",
            [["How to use this file"], ["Read the matrix with your manager."], ["Do not edit column A."]],
        )
        _sheet(
            book,
            "Matrix",
            [
                ["Competency", "Engineer", "Senior engineer"],
                [
                    "Craft",
                    "Ships small changes that hold.\nWrites tests for them.",
                    "Sets the standard of the team.",
                ],
            ],
        )
        _sheet(
            book,
            "FAQ",
            [
                ["Question", "Answer", "Topic"],
                ["Do I need all of it?", "No. Talk to your manager.", "Growth"],
                ["Who decides?", "A panel.\nIt meets twice a year.", "Growth"],
            ],
        )

    return _book(write)


def levels_and_matrix() -> bytes:
    """Return a sheet that describes the levels, and a matrix that names them by their codes."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "Levels",
            [
                ["Code", "Title", "Summary", "Salary"],
                ["L3", "Engineer", "Works alone.", 60000],
                ["L4", "Senior Engineer", "Leads a project.", 75000.5],
            ],
        )
        _sheet(
            book,
            "Skills",
            [
                ["Area", "Skill", "L3", "L4"],
                ["Tech", "Python", 2, 3],
                ["", "Go", "n/a", 1],
                ["People", "Mentoring", 1, 3],
            ],
        )

    return _book(write)


def profiles() -> bytes:
    """Return what each step of a competency means, and the steps that roles need."""

    def write(book: Book) -> None:
        _sheet(
            book,
            "Competencies",
            [
                ["Competency", "Definition", "Level 1 - Basic", "Level 2 - Advanced", "Level 3 - Expert"],
                ["Planning", "Plans work", "Plans own work", "Plans team work", "Plans for all"],
                ["Analysis", "Reads numbers", "Reads data", "Models data", "Defines metrics"],
            ],
        )
        _sheet(
            book,
            "Role profiles",
            [["Role", "Planning", "Analysis"], ["Junior Analyst", 1, 2], ["Senior Analyst", 3, 3]],
        )

    return _book(write)


def level_sheets() -> bytes:
    """Return one sheet for each level, with competencies as headings."""

    def write(book: Book) -> None:
        _sheet(book, "Junior", [["Communication"], ["• Listens"], ["• Asks"], ["Delivery"], ["• Ships"]])
        _sheet(book, "Senior", [["Communication"], ["• Explains"], ["Delivery"], ["• Leads"]])

    return _book(write)


WORKBOOKS: Final[dict[str, Callable[[], bytes]]] = {
    "en-merged.xlsx": merged,
    "de-blocks.xlsx": blocks,
    "fr-tracks.xlsx": tracks,
    "ko-categories.xlsx": categories,
    "en-assessment.xlsx": assessment,
    "ar-levels-down.xlsx": levels_down,
    "en-two-tables.xlsx": two_tables,
    "en-sheet-per-role.xlsx": roles,
    "en-with-help.xlsx": with_help,
    "en-levels-and-matrix.xlsx": levels_and_matrix,
    "en-profiles.xlsx": profiles,
    "en-level-sheets.xlsx": level_sheets,
}
"""The workbooks by the name of their file."""
