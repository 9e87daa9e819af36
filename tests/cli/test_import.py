"""`ladder import`: a workbook becomes files, and what does not fit is named by its place."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.formats.sheets.workbook.writer import Origin, write_workbook
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.cli.shell import ladder

SMALL = Ladder.model_validate(
    {
        "slug": "small",
        "title": "Small",
        "tracks": [{"slug": "ic", "title": "Engineer"}],
        "levels": [{"slug": "l1", "track": "ic", "title": "Junior"}],
        "competencies": [{"slug": "craft", "title": "Craft"}],
        "expectations": [{"level": "l1", "competency": "craft", "statements": [{"text": "=Ships."}]}],
    }
)


def workbook(path: Path, content: Ladder = SMALL) -> Path:
    path.write_bytes(write_workbook(Index.of(content), Origin("1.0.0")))
    return path


def test_a_workbook_becomes_a_file_with_the_same_content(tmp_path: Path) -> None:
    out = tmp_path / "small.yaml"
    ended = ladder("import", workbook(tmp_path / "a.xlsx"), "-o", out)
    assert (ended.code, ended.out, ended.err) == (0, f"Wrote small to {out}.\n", "")
    assert read_bundle(out).ladder == SMALL


def test_existing_files_keep_their_comments(tmp_path: Path) -> None:
    out = tmp_path / "small.yaml"
    ladder("import", workbook(tmp_path / "a.xlsx"), "-o", out)
    out.write_text("# Ours.\n" + out.read_text(encoding="utf-8"), encoding="utf-8")
    ended = ladder("import", tmp_path / "a.xlsx", "-o", out)
    assert (ended.code, ended.out) == (0, f"Nothing new: small is {out}.\n")
    ladder("import", workbook(tmp_path / "a.xlsx", SMALL.model_copy(update={"title": "New"})), "-o", out)
    assert out.read_text(encoding="utf-8").startswith("# Ours.\nslug: small\ntitle: New\n")


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    ended = ladder("import", path)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("ladder: a.xlsx: this is not a workbook")
