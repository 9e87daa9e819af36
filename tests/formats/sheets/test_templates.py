"""Templates of customers filled by their header rows: everything else in them stays as it is."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from app.errors import BadRequest, Invalid
from app.formats.sheets.profiles.export import Choice
from app.formats.sheets.profiles.template import FilledTemplate, fill_template, read_template_map
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.index import Index
from app.rubric.ladder import Ladder

SMALL = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer"}],
        "levels": [
            {"slug": "l1", "track": "ic", "title": "Junior", "rank": 1},
            {"slug": "l2", "track": "ic", "title": "Senior", "rank": 2, "summary": "Leads <others> & plans."},
        ],
    }
)
MAP = """
table: levels
columns:
  - { header: Job title, value: "{title}", required: true, longest: 20 }
  - { header: Grade, value: "{rank}" }
  - { header: About, value: "{summary}" }
"""


def filled(template: bytes, name: str = "a.xlsx", mapped: str = MAP, **choice: bool) -> FilledTemplate:
    parts = Parts(Index.of(SMALL), "1.0.0", lambda node: node.target)
    found = read_template_map(mapped.encode(), "map.yaml")
    return fill_template(template, name, found, parts, Choice(Chosen(), **choice))


def template(write: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a template with a title, headers in the third row, an example row, and a second sheet."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("Import"), book.add_format({"bold": True})
        sheet.write(0, 0, "Fill in below")
        for column, header in enumerate(["ID", "Job title", "Grade", "Owner", "About"]):
            sheet.write(2, column, header, bold)
        sheet.write_row(3, 0, ["x", "Example", 9, "HR", "Delete me"], bold)
        sheet.write_row(4, 1, ["Example 2"])
        sheet.write_row(5, 1, ["Example 3"])
        sheet.data_validation(3, 3, 99, 3, {"validate": "list", "source": ["HR", "IT"]})
        book.add_worksheet("Lists").write_column(0, 0, ["HR", "IT"])
        if write is not None:
            write(book, sheet)
    return packed.getvalue()


def rows(data: bytes, name: str = "Import") -> list[list[str]]:
    (grid,) = [grid for grid in read_xlsx(data, "a.xlsx") if grid.name == name]
    return [list(row) for row in grid.cells]


def test_rows_go_below_the_headers_and_examples_are_replaced() -> None:
    assert rows(filled(template()).body) == [
        ["Fill in below", "", "", "", ""],
        ["", "", "", "", ""],
        ["ID", "Job title", "Grade", "Owner", "About"],
        ["", "Junior", "1", "", ""],
        ["", "Senior", "2", "", "Leads <others> & plans."],
    ]


def test_all_other_parts_of_the_file_stay_as_they_are() -> None:
    before, after = template(), filled(template()).body
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as other:
        assert one.namelist() == other.namelist()
        changed = [name for name in one.namelist() if one.read(name) != other.read(name)]
        sheet = other.read("xl/worksheets/sheet1.xml").decode()
    assert changed == ["xl/worksheets/sheet1.xml"]
    assert "<dataValidation " in sheet
    assert '<c r="B5" s="1" t="inlineStr">' in sheet  # the style of the first row
    assert '<c r="C4" s="1"><v>1</v></c>' in sheet  # a number stays a number


def test_a_table_around_the_headers_grows_with_its_rows() -> None:
    def add(_book: Any, sheet: Any) -> None:  # noqa: ANN401 - the library has no types
        columns = [{"header": header} for header in ("ID", "Job title", "Grade", "Owner", "About")]
        sheet.add_table(2, 0, 3, 4, {"columns": columns})

    body = filled(template(add)).body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        table = archive.read("xl/tables/table1.xml").decode()
    assert table.count('ref="A3:E5"') == 2
    assert rows(body)[4][1] == "Senior"


def test_a_sheet_in_a_namespace_with_a_prefix_is_filled() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template())) as one, zipfile.ZipFile(packed, "w") as other:
        for name in one.namelist():
            content = one.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = content.decode().replace("<worksheet xmlns=", "<x:worksheet xmlns:x=")
                for tag in ("row", "c", "v", "sheetData"):
                    text = text.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
                    text = text.replace(f"</{tag}>", f"</x:{tag}>")
                start, end = text.index("<x:sheetData>"), text.index("</x:sheetData>")
                head = '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                content = f"{head}{text[start:end]}</x:sheetData></x:worksheet>".encode()
            other.writestr(name, content)
    body = filled(packed.getvalue()).body
    assert [row[1] for row in rows(body)[3:]] == ["Junior", "Senior"]


def test_the_first_row_and_the_sheet_can_be_chosen() -> None:
    body = filled(template(), mapped=MAP + "first_row: 5\nsheet: Import\n").body
    assert [row[1] for row in rows(body)[3:]] == ["Example", "Junior", "Senior"]


def test_texts_that_look_like_formulas_or_escapes_stay_texts() -> None:
    mapped = 'table: levels\ncolumns: [{ header: Job title, value: "=1+1 _x0041_ {slug}" }]\n'
    assert [row[1] for row in rows(filled(template(), mapped=mapped).body)[3:]] == [
        "=1+1 _x0041_ l1",
        "=1+1 _x0041_ l2",
    ]


def test_a_formula_in_a_column_that_is_not_filled_stays() -> None:
    body = filled(template(lambda _book, sheet: sheet.write_formula(3, 3, '="H"&"R"', None, "HR"))).body
    assert rows(body)[3][3] == "HR"


@pytest.mark.parametrize(
    ("mapped", "words"),
    [
        (MAP.replace("longest: 20", "longest: 3"), "row 4, Job title: 6 characters. The system takes 3."),
        (MAP.replace("Grade", "Grades"), "a.xlsx: no header row has 'Grades'. Did you mean 'grade'?"),
        (
            MAP.replace("{summary}", "{scope}").replace("About,", "About, required: true,"),
            "row 4, About: the system",
        ),
        (MAP + "sheet: Nowhere\n", "a.xlsx: the template has no sheet 'Nowhere'."),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_row(mapped: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        filled(template(), mapped=mapped)
    assert raised.value.detail.startswith(words)


def test_a_formula_in_a_column_to_fill_is_an_error() -> None:
    with pytest.raises(
        Invalid, match=r'a\.xlsx, sheet "Import", row 4, column C: the template has a formula here'
    ):
        filled(template(lambda _book, sheet: sheet.write_formula(3, 2, "=1+1", None, 2)))


def test_a_csv_template_keeps_its_head_its_separator_and_its_encoding() -> None:
    text = '"Größe";Job title;"About\nit"\r\nbeispiel;x;y\r\n'
    mapped = MAP.replace("header: About", 'header: "About it"').replace(
        '  - { header: Grade, value: "{rank}" }\n', ""
    )
    body = filled(text.encode("cp1252"), "a.csv", mapped).body
    assert body.decode("cp1252") == (
        '"Größe";Job title;"About\nit"\r\n;Junior;\r\n;Senior;Leads <others> & plans.\r\n'
    )
    marked = filled(b"\xef\xbb\xbf" + text.encode(), "a.csv", mapped).body
    assert marked.startswith(b"\xef\xbb\xbf")


def test_other_files_and_maps_are_refused() -> None:
    with pytest.raises(BadRequest, match=r"a template is an \.xlsx or a \.csv file"):
        filled(b"", "a.pdf")
    with pytest.raises(BadRequest, match=r"map\.yaml: columns: "):
        filled(template(), mapped="table: levels\n")
