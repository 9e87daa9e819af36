"""`ladder import`: workbooks, tables and sheets become files, and what does not fit is named by its place."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.formats.bundle.writer import export_yaml
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.cli.shell import ladder
from tests.formats.sheets.xlsx import edited, rewritten

SMALL = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer"}],
        "levels": [
            {"slug": "l1", "track": "ic", "title": "Junior"},
            {"slug": "l2", "track": "ic", "title": "Senior"},
        ],
        "competencies": [{"slug": "craft", "title": "Craft"}],
        "expectations": [
            {"level": "l1", "competency": "craft", "statements": [{"text": "=Ships."}]},
            {"level": "l2", "competency": "craft", "statements": [{"text": "Leads."}]},
        ],
    }
)
MATRIX = "Competency,Engineer,Senior engineer\nCraft,Ships small changes that hold.,Sets the standard.\n"


def workbook(path: Path, content: Ladder = SMALL) -> Path:
    path.write_bytes(write_workbook(Index.of(content), Origin("1.0.0")))
    return path


def titled(path: Path, title: str) -> Path:
    """Return the workbook of the small ladder with another title of the second level."""
    data = write_workbook(Index.of(SMALL), Origin("1.0.0"))
    path.write_bytes(
        rewritten(data, lambda grids: edited(grids, "Levels", lambda rows: rows[1].update(Title=title)))
    )
    return path


def files(path: Path, content: Ladder = SMALL) -> Path:
    path.write_text("# Ours.\n" + export_yaml(content, None), encoding="utf-8")
    return path


def test_a_workbook_becomes_a_file_with_the_same_content(tmp_path: Path) -> None:
    out = tmp_path / "small.yaml"
    ended = ladder("import", workbook(tmp_path / "a.xlsx"), "-o", out)
    assert (ended.code, ended.out, ended.err) == (0, f"Wrote small to {out}.\n", "")
    assert read_bundle(out).ladder == SMALL


def test_a_folder_is_made_if_it_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "small"
    ended = ladder("import", workbook(tmp_path / "a.xlsx"), "-o", out)
    assert (ended.code, ended.out, ended.err) == (0, f"Wrote small to {out}.\n", "")
    assert read_bundle(out / "small.yaml").ladder == SMALL


def test_edits_go_into_existing_files_which_keep_their_comments(tmp_path: Path) -> None:
    out = files(tmp_path / "small.yaml")
    ended = ladder("import", workbook(tmp_path / "a.xlsx"), "-o", out)
    assert (ended.code, ended.out) == (0, f"Nothing new: small is {out}.\n")
    ended = ladder("import", titled(tmp_path / "a.xlsx", "Staff"), "-o", out)
    assert (ended.code, ended.out, ended.err) == (0, f"Wrote small to {out}.\n", "")
    assert out.read_text(encoding="utf-8").startswith("# Ours.\nslug: small\n")
    assert [level.title for level in read_bundle(out).ladder.levels] == ["Junior", "Staff"]


def test_files_that_changed_since_the_export_need_a_base(tmp_path: Path) -> None:
    base = files(tmp_path / "base.yaml")
    mine = SMALL.model_copy(update={"title": "Mine"})
    out, edit = files(tmp_path / "small.yaml", mine), titled(tmp_path / "a.xlsx", "Staff")
    ended = ladder("import", edit, "-o", out)
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("ladder: a.xlsx: this file was made from release 1.0.0")
    assert "--base" in ended.err
    assert read_bundle(out).ladder == mine
    assert ladder("import", edit, "-o", out, "--base", base).code == 0
    merged = read_bundle(out).ladder
    assert (merged.title, merged.levels[1].title) == ("Mine", "Staff")
    assert ladder("import", edit, "-o", out, "--replace").code == 0
    assert read_bundle(out).ladder.title == "Small"


def test_a_cell_that_both_changed_is_a_conflict_and_the_rest_is_imported(tmp_path: Path) -> None:
    base = files(tmp_path / "base.yaml")
    levels = (SMALL.levels[0], SMALL.levels[1].model_copy(update={"title": "Mine"}))
    out = files(tmp_path / "small.yaml", SMALL.model_copy(update={"levels": levels}))
    ended = ladder("import", titled(tmp_path / "a.xlsx", "Staff"), "-o", out, "--base", base)
    assert ended.code == 5
    assert ended.err == (
        'question: a.xlsx, sheet "Levels", row 3, column E: level:l2, Title: this was also changed in the ladder. '
        "The ladder keeps 'Mine'; the file has 'Staff'. Edit it there if the file is right. [conflict]\n"
    )


def test_a_table_goes_into_the_files_of_its_ladder(tmp_path: Path) -> None:
    out = files(tmp_path / "small.yaml")
    table = tmp_path / "levels.csv"
    table.write_text(
        "ladder,release,slug,track,title,other_titles\nsmall,1.0.0,l1,ic,Trainee,\nsmall,1.0.0,l2,ic,Senior,\n",
        encoding="utf-8",
    )
    alone = ladder("import", table, "-o", tmp_path / "new.yaml")
    assert (alone.code, alone.out) == (3, "")
    assert "this table is one part of a ladder" in alone.err
    assert ladder("import", table, "-o", out, "--base", out).code == 0
    assert [level.title for level in read_bundle(out).ladder.levels] == ["Trainee", "Senior"]


def test_a_sheet_is_understood_and_its_mapping_is_kept(tmp_path: Path) -> None:
    sheet, out = tmp_path / "team.csv", tmp_path / "team.yaml"
    sheet.write_text(MATRIX, encoding="utf-8")
    ended = ladder("import", sheet, "-o", out)
    assert ended.code == 0, ended.err
    assert ended.out.endswith(f"Wrote team to {out}.\n")
    assert ended.out.startswith("team.csv\tmatrix\t")
    kept = tmp_path / "team.map.yaml"
    assert kept.is_file()
    found = read_bundle(out).ladder
    assert [level.title for level in found.levels] == ["Engineer", "Senior engineer"]
    assert found.expectations[0].statements[0].text == "Ships small changes that hold."
    again = ladder("import", sheet, "-o", out, "--json").json
    assert (again["ladder"], again["changed"], again["mapping"]) == ("team", False, str(kept))


def test_a_corrected_mapping_decides_the_next_import(tmp_path: Path) -> None:
    sheet, out, kept = tmp_path / "team.csv", tmp_path / "team.yaml", tmp_path / "own.yaml"
    sheet.write_text(MATRIX, encoding="utf-8")
    kept.write_text("title: Our team\nslug: our-team\n", encoding="utf-8")
    assert ladder("import", sheet, "-o", out, "--map", kept).code == 0
    assert (read_bundle(out).ladder.slug, read_bundle(out).ladder.title) == ("our-team", "Our team")
    kept.write_text("sheets: 1\n", encoding="utf-8")
    assert ladder("import", sheet, "-o", out, "--map", kept).code == 3


def test_a_corrected_mapping_replaces_what_the_import_before_gave(tmp_path: Path) -> None:
    sheet, out, kept = tmp_path / "team.csv", tmp_path / "team.yaml", tmp_path / "team.map.yaml"
    sheet.write_text(MATRIX.replace(",Engineer,", ",Junior (L1-L2),"), encoding="utf-8")
    ladder("import", sheet, "-o", out)
    with kept.open("a", encoding="utf-8") as file:
        file.write('levels:\n  "Junior (L1-L2)": [L1, L2]\n')
    assert ladder("import", sheet, "-o", out).code == 0
    assert [level.title for level in read_bundle(out).ladder.levels] == ["L1", "L2", "Senior engineer"]


def test_a_sheet_that_is_imported_again_keeps_edits_of_the_files(tmp_path: Path) -> None:
    sheet, out = tmp_path / "team.csv", tmp_path / "team.yaml"
    sheet.write_text(MATRIX, encoding="utf-8")
    ladder("import", sheet, "-o", out)
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("title: Craft", "title: Craft\n    description: Ours."), encoding="utf-8")
    sheet.write_text("Competency,Senior engineer\nCraft,Sets the standards.\n", encoding="utf-8")
    again = ladder("import", sheet, "-o", out)
    assert again.code == 0, again.err
    found = read_bundle(out).ladder
    assert found.competencies[0].description == "Ours."
    assert [level.title for level in found.levels] == ["Engineer", "Senior engineer"]
    assert found.expectations[1].statements[0].text == "Sets the standards."
    assert "is missing: level:engineer. What is missing stays in the ladder." in again.err


def test_several_files_become_one_ladder(tmp_path: Path) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    one, other = folder / "one.csv", folder / "two.csv"
    one.write_text(MATRIX, encoding="utf-8")
    other.write_text(MATRIX.replace("Craft", "Teamwork"), encoding="utf-8")
    ended = ladder("import", one, other, "-o", tmp_path / "out.yaml")
    assert ended.code == 0, ended.err
    found = read_bundle(tmp_path / "out.yaml").ladder
    assert (found.slug, [one.title for one in found.competencies]) == ("team", ["Craft", "Teamwork"])


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    ended = ladder("import", path)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("ladder: a.xlsx: this is not a workbook")
