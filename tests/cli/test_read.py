"""`ladder list` and `ladder export`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.formats.sheets.workbook.importing import import_workbook
from app.formats.sheets.xlsx_reader import read_xlsx
from tests.cli.shell import SEED, SMALL, ladder


@pytest.mark.usefixtures("seeded")
def test_list_gives_each_ladder_a_line_parted_by_tabs() -> None:
    ended = ladder("list")
    assert (ended.code, ended.out, ended.err) == (
        0,
        (
            "example-engineering\tExample engineering ladder (illustrative)\t1.1.0\t1.1.0\t-\n"
            "netflix-engineering\tNetflix engineering\t1.0.0\t1.0.0\t-\n"
        ),
        "",
    )


@pytest.mark.usefixtures("database")
def test_list_as_json_says_what_is_in_force_and_what_comes_next(small: Path) -> None:
    ladder("publish", small)
    small.write_text(SMALL.replace("Small ladder", "Taller ladder"), encoding="utf-8")
    ladder("publish", small, "--bump", "minor", "--effective-from", "2027-01-01")
    assert ladder("list", "--json").json == {
        "items": [
            {
                "ladder": "small",
                "title": "Taller ladder",
                "in_force": "1.0.0",
                "latest": "1.1.0",
                "next_effective_from": "2027-01-01T00:00:00Z",
            }
        ]
    }
    later = ladder("list", "--json", now=datetime(2027, 1, 1, tzinfo=UTC)).json["items"][0]
    assert (later["in_force"], later["next_effective_from"]) == ("1.1.0", None)


@pytest.mark.usefixtures("some_database")
def test_list_of_an_empty_database_says_how_to_fill_it() -> None:
    ended = ladder("list")
    assert (ended.code, ended.out, ended.err) == (
        0,
        "",
        "There are no ladders yet. Run `ladder seed` or `ladder publish PATH`.\n",
    )
    assert ladder("list", "--json").json == {"items": []}


@pytest.mark.usefixtures("some_database")
def test_a_title_cannot_move_the_cursor_or_part_a_line(small: Path) -> None:
    small.write_text(SMALL.replace("Small ladder", r'"a\tb\e[31mc\nd"'), encoding="utf-8")
    ladder("publish", small)
    assert ladder("list").out == "small\ta b [31mc d\t1.0.0\t1.0.0\t-\n"


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        ("example-engineering", "1.1.0"),
        ("example-engineering@latest", "1.1.0"),
        ("example-engineering@1.0.0", "1.0.0"),
    ],
)
@pytest.mark.parametrize("suffix", ["yaml", "json"])
@pytest.mark.usefixtures("seeded")
def test_export_gives_the_release_as_its_bundle_was(
    tmp_path: Path, reference: str, version: str, suffix: str
) -> None:
    path = tmp_path / f"out.{suffix}"
    printed = ladder("export", reference, "--format", suffix)
    written = ladder("export", reference, "--format", suffix, "--output", path)
    assert (printed.code, printed.err, printed.out) == (0, "", path.read_text(encoding="utf-8"))
    assert written.err == f"Wrote example-engineering@{version} to {path}.\n"
    exported, original = read_bundle(path), read_bundle(SEED / "example-engineering" / version)
    assert (exported.ladder, exported.release) == (original.ladder, original.release)


@pytest.mark.usefixtures("seeded")
def test_export_writes_a_workbook_with_the_content_of_the_release(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    written = ladder("export", "example-engineering@1.0.0", "--format", "xlsx", "--output", path)
    assert (written.code, written.err) == (0, f"Wrote example-engineering@1.0.0 to {path}.\n")
    found = import_workbook(read_xlsx(path.read_bytes(), "out.xlsx"), "out.xlsx")
    assert found.ladder == read_bundle(SEED / "example-engineering" / "1.0.0").ladder


@pytest.mark.usefixtures("seeded")
def test_export_writes_a_file_for_another_system(tmp_path: Path) -> None:
    printed = ladder("export", "example-engineering", "--profile", "15five-competencies")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.startswith("Competency,Competency description,Company wide,Groups")
    own = tmp_path / "ours.yaml"
    own.write_text('title: Ours\ntable: levels\ncolumns: [{header: Name, value: "{title}", longest: 8}]\n')
    refused = ladder("export", "example-engineering", "--profile", own)
    assert (refused.code, refused.out) == (2, "")
    assert "The system takes 8. Use `shorten` to cut it." in refused.err
    cut = ladder("export", "example-engineering", "--profile", own, "--shorten")
    assert (cut.code, cut.out.splitlines()[0]) == (0, "Name")
    assert "Cut: row 2, Name: " in cut.err


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (
            ("--profile", "15five-path"),
            7,
            "There is no export profile '15five-path'. Did you mean '15five-paths'",
        ),
        (("--profile", "15five-paths"), 2, "This file holds one track. Choose it with `track`."),
        (("--profile", "15five-paths", "--track", "x"), 2, "--track: this release has no track 'x'."),
        (("--shorten",), 2, "--track, --shorten and --guard need --profile or --template."),
    ],
)
@pytest.mark.usefixtures("seeded")
def test_a_file_that_cannot_be_made_is_explained(options: tuple[str, ...], code: int, message: str) -> None:
    ended = ladder("export", "example-engineering", *options)
    assert (ended.code, ended.out) == (code, "")
    assert message in " ".join(ended.err.replace("│", " ").split())


@pytest.mark.usefixtures("seeded")
def test_export_fills_a_template(tmp_path: Path) -> None:
    template, mapped, out = tmp_path / "form.csv", tmp_path / "map.yaml", tmp_path / "out.csv"
    template.write_text("Id,Title\n", encoding="utf-8")
    mapped.write_text('table: levels\ncolumns: [{ header: Title, value: "{title}" }]\n', encoding="utf-8")
    options = ("--template", template, "--map", mapped)
    printed = ladder("export", "example-engineering", *options, "--track", "management")
    assert (printed.code, printed.err) == (0, "")
    assert printed.out.splitlines()[:2] == ["Id,Title", ",Engineering manager"]
    written = ladder("export", "example-engineering", *options, "--output", out)
    assert (written.code, written.out, out.read_text(encoding="utf-8")[:9]) == (0, "", "Id,Title\n")
    alone = ladder("export", "example-engineering", "--template", template)
    assert (alone.code, alone.out) == (2, "")
    assert "--template and --map need each other." in " ".join(alone.err.split())


@pytest.mark.usefixtures("seeded")
def test_a_workbook_is_not_printed() -> None:
    ended = ladder("export", "example-engineering", "--format", "xlsx")
    assert (ended.code, ended.out) == (2, "")
    assert "A workbook is not text. Add --output FILE." in " ".join(ended.err.split())


@pytest.mark.usefixtures("database")
def test_a_scheduled_release_is_read_as_the_latest(small: Path) -> None:
    ladder("publish", small, "--effective-from", "2027-01-01")
    ended = ladder("export", "small")
    assert (ended.code, ended.out, ended.err) == (
        7,
        "",
        (
            "ladder: No release of 'small' is in force. The next one comes into force at "
            "2027-01-01T00:00:00Z. Read small@latest for the newest.\n"
        ),
    )
    assert ladder("export", "small@latest").code == 0


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            "netflix-enginering",
            "There is no ladder 'netflix-enginering'. Did you mean 'netflix-engineering'?",
        ),
        (
            "example-engineering@9.9.9",
            (
                "'example-engineering' has no release '9.9.9'; releases have numbers, and "
                "example-engineering@latest is the newest. Newest releases: 1.1.0, 1.0.0."
            ),
        ),
        (
            "example-engineering@",
            (
                "'example-engineering' has no release ''; releases have numbers, and "
                "example-engineering@latest is the newest. Newest releases: 1.1.0, 1.0.0."
            ),
        ),
        ("../etc/passwd", "There is no ladder '../etc/passwd'."),
    ],
)
@pytest.mark.usefixtures("seeded")
def test_an_unknown_name_is_refused_with_similar_names(reference: str, message: str) -> None:
    ended = ladder("export", reference)
    assert (ended.code, ended.out, ended.err) == (7, "", f"ladder: {message}\n")


@pytest.mark.usefixtures("seeded")
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "out.yaml"
    ended = ladder("export", "example-engineering", "-o", path)
    assert (ended.code, ended.err) == (1, f"ladder: {path}: No such file or directory\n")
