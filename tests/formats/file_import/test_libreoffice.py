"""A workbook edited in LibreOffice comes back as exactly the edits that were made there."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from app.formats.file_import.contents import read_contents
from app.formats.file_import.plan import Bases, Import
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from app.rubric.canonical import canonical
from app.rubric.diff import diff
from app.rubric.index import Index
from tests.strategies import framework_ladders

pytestmark = pytest.mark.tools

SOFFICE: Final = shutil.which("soffice")
_LIBRARY: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""
_MODULE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Edit
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{url}", "_blank", 0, hidden())
{edits}
  Dim form(0) As New com.sun.star.beans.PropertyValue
  form(0).Name = "FilterName"
  form(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{url}", form())
  book.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
"""
Cell = tuple[str, int, int, str]
"""A sheet, a column and a row from 0, and the text to add."""


def edit_in_libreoffice(book: Path, cells: list[Cell]) -> None:
    """Open a workbook in LibreOffice without a window, add texts to cells, and save it as XLSX."""
    profile = book.parent / "profile"
    basic = profile / "user" / "basic" / "Standard"
    if not basic.exists():
        _start(profile, "--terminate_after_init")  # writes the profile
    edits = "\n".join(
        f'  cell = book.Sheets.getByName("{sheet}").getCellByPosition({column}, {row})\n'
        f'  cell.setString(cell.getString() &amp; "{text}")'
        for sheet, column, row, text in cells
    )
    (basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (basic / "Module1.xba").write_text(_MODULE.format(url=book.as_uri(), edits=edits), encoding="utf-8")
    _start(profile, "macro:///Standard.Module1.Edit")


def _start(profile: Path, command: str) -> None:
    assert SOFFICE is not None
    options = (f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore")
    home = {**os.environ, "HOME": str(profile.parent)}
    subprocess.run([SOFFICE, *options, command], check=True, timeout=120, env=home, capture_output=True)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["monzo", "engineeringladders"])
def test_two_cells_edited_in_libreoffice_are_two_changes(name: str, tmp_path: Path) -> None:
    base = Index.of(framework_ladders()[name])
    book = tmp_path / "ladder.xlsx"
    book.write_bytes(write_workbook(base, Origin("1.0.0")))
    by_name = {grid.name: grid.cells[0] for grid in read_xlsx(book.read_bytes(), book.name)}
    title, text = by_name["Levels"].index("Title"), by_name["Expectations"].index("Summary")
    sheet = "Expectations"
    if base.of_kind("statement"):
        text, sheet = by_name["Statements"].index("Text"), "Statements"
    edit_in_libreoffice(book, [("Levels", title, 1, " (edited)"), (sheet, text, 1, " Edited too.")])
    contents = read_contents([(book.name, book.read_bytes())], None, name="ladder")
    found = Import(base, Bases(by_hash=lambda _: base)).run(contents)
    assert found.findings == ()
    changes = diff(base, Index.of(found.ladder)).changes
    after = {str(field.after).rpartition(" ")[2] for change in changes for field in change.fields}
    assert (len(changes), after) == (2, {"(edited)", "too."})
    untouched = Import(base, Bases(by_hash=lambda _: base))
    book.write_bytes(write_workbook(base, Origin("1.0.0")))
    edit_in_libreoffice(book, [])
    contents = read_contents([(book.name, book.read_bytes())], None, name="ladder")
    again = untouched.run(contents)
    assert canonical(again.ladder) == canonical(base.ladder)
    assert again.findings == ()
