"""Grids: what is read from CSV files and workbooks, and what is refused."""

import io
import zipfile

import pytest
import xlsxwriter

from app.errors import BadRequest
from app.formats.sheets.grid import column_name, read_csv, show_place
from app.formats.sheets.xlsx_reader import read_xlsx


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Return a workbook with one sheet, `Levels`, that has these rows."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Levels")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return packed.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one part added or replaced."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_csv_file_is_recognised(separator: str) -> None:
    text = f'Competency{separator}Engineer\r\nCraft{separator}"Ships, tests; and\r\nlearns."\r\n'
    grid = read_csv(text.encode(), "a.csv")
    assert grid.cells == (("Competency", "Engineer"), ("Craft", "Ships, tests; and\nlearns."))


def test_a_first_line_may_name_the_separator() -> None:
    assert read_csv(b"sep=;\r\na,b;c\r\n", "a.csv").cells == (("a,b", "c"),)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Führung,设计"),
        ("utf-8-sig", "Führung,设计"),
        ("utf-16", "Führung,设计"),
        ("cp1252", "Führung,Qualität: „gut“"),
        ("cp949", "역량,시스템을 설계한다"),
        ("cp1256", "الكفاءة,يصمم الأنظمة"),
        ("cp1251", "Компетенция,Проектирует системы"),
    ],
)
def test_the_encoding_of_a_csv_file_is_recognised(encoding: str, text: str) -> None:
    grid = read_csv(text.encode(encoding), "a.csv")
    assert grid.cells == (tuple(text.split(",")),)
    assert grid.encoding == encoding.removesuffix("-sig")


def test_numbers_dates_and_truth_become_text() -> None:
    (grid,) = read_xlsx(workbook((3, 2.5, True, " two  spaces ", "a\nb")), "a.xlsx")
    assert grid.cells == (("3", "2.5", "TRUE", " two  spaces ", "a\nb"),)


def test_a_grid_begins_at_the_first_cell_of_its_sheet() -> None:
    (grid,) = read_xlsx(workbook((), ("", "", "far")), "a.xlsx")
    assert grid.cells == (("", "", ""), ("", "", "far"))


def test_merged_ranges_formulas_and_hidden_sheets_are_known() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        first, second = book.add_worksheet("One"), book.add_worksheet("Two")
        first.merge_range("A1:B1", "Craft")
        first.write_formula("A2", "=1+1", None, 2)
        second.write("A1", "x")
        second.hide()
    one, two = read_xlsx(packed.getvalue(), "a.xlsx")
    assert (one.merged, one.formulas, one.hidden) == ((((0, 0), (0, 1)),), frozenset({(1, 0)}), False)
    assert (two.formulas, two.hidden) == (frozenset(), True)


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"a\.xlsx: this is not a workbook"):
        read_xlsx(b"PK nothing", "a.xlsx")


def test_a_workbook_with_a_password_is_refused() -> None:
    with pytest.raises(BadRequest, match="password"):
        read_xlsx(b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx")


@pytest.mark.parametrize(
    ("part", "content", "reason"),
    [
        ("xl/vbaProject.bin", b"", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "other workbooks"),
        ("xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><a/>', "document type definition"),
        ("xl/media/image1.bin", bytes(3_000_000), "packed more than 100 to 1"),
        ("xl/styles.xml", "<a/>".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused(part: str, content: bytes, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        read_xlsx(with_part(workbook(("a",)), part, content), "a.xlsx")


def test_a_workbook_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(BadRequest, match="20,971,520"):
        read_xlsx(bytes(20 * 1024**2 + 1), "a.xlsx")


def test_a_workbook_of_too_many_cells_is_refused() -> None:
    rows = b"".join(b"<row>" + b"<c><v>1</v></c>" * 500 + b"</row>" for _ in range(501))
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    with pytest.raises(BadRequest, match=r"100 to 1|250,000 cells"):
        read_xlsx(with_part(workbook(("a",)), "xl/worksheets/sheet1.xml", sheet), "a.xlsx")


def test_a_stray_cell_far_away_is_refused() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.add_worksheet().write(1_048_575, 16_383, "stray")
    with pytest.raises(BadRequest, match="row 1,048,576 and column 16,384"):
        read_xlsx(packed.getvalue(), "a.xlsx")


def test_a_csv_file_of_too_many_cells_is_refused() -> None:
    with pytest.raises(BadRequest, match="250,000 cells"):
        read_csv(b"a,b,c,d,e\n" * 50_001, "a.csv")


def test_a_csv_file_that_is_not_text_is_refused() -> None:
    with pytest.raises(BadRequest, match="not a text file"):
        read_csv(b"\x89PNG\x00\x01\x02\xff\x00", "a.csv")


def test_places_are_named_as_spreadsheet_programs_name_them() -> None:
    assert [column_name(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert show_place("a.xlsx", "Levels", 2, 1) == 'a.xlsx, sheet "Levels", row 3, column B'
    assert show_place("a.csv", "a.csv", 0) == "a.csv, row 1"
