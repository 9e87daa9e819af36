"""`ladder diff` of files, releases and drafts, local and remote, and its exit codes."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.rubric.canonical import canonical, content_sha256
from tests.cli.service import Service
from tests.cli.shell import SMALL, edit, ladder

ROW = "asks-other\texpectation:l1--craft\tchanged\tSleeps through every incident.\n"
TOLD = "1 change; the minimum bump is major.\n"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The small ladder, which asks something else."""
    return edit(tmp_path / "other.yaml", "Sleeps through every incident.")


def test_two_files_as_text(small: Path, other: Path) -> None:
    ended = ladder("diff", small, other)
    assert (ended.code, ended.out, ended.err) == (0, ROW, f"{small} to {other}: {TOLD}")


def test_two_files_as_json(small: Path, other: Path) -> None:
    told = ladder("diff", small, other, "--format", "json").json
    hashes = [content_sha256(canonical(read_bundle(path).ladder)) for path in (small, other)]
    assert [told.pop(name) for name in ("from", "to")] == [str(small), str(other)]
    assert [told.pop(name) for name in ("from_sha256", "to_sha256")] == hashes
    assert told.keys() == {"least_bump", "counts", "levels", "tracks", "changes"}
    assert (told["least_bump"], told["levels"], told["tracks"]) == (
        "major",
        [{"level": "l1", "impact": "asks-other"}],
        ["engineers"],
    )
    assert [(change["target"], change["impact"]) for change in told["changes"]] == [
        ("expectation:l1--craft", "asks-other")
    ]


def test_options_limit_the_changes_to_a_level_a_track_and_a_competency(
    tmp_path: Path, small: Path, other: Path
) -> None:
    text = other.read_text("utf-8").replace("slug: l1", "slug: e1\n        formerly: [l1]")
    renamed = tmp_path / "renamed.yaml"
    renamed.write_text(text.replace("title: Craft", "title: Our craft"), encoding="utf-8")
    for level in ("l1", "e1"):
        ended = ladder(
            "diff", small, renamed, "--level", level, "--track", "engineers", "--competency", "craft"
        )
        assert ended.code == 0, ended.err
        assert [line.split("\t")[1] for line in ended.out.splitlines()] == [
            "competency:craft",
            "expectation:e1--craft",
        ]
    only = ladder("diff", small, renamed, "--competency", "craft", "--format", "json").json
    assert (only["counts"]["total_count"], only["least_bump"]) == (2, "major")
    markdown = ladder("diff", small, renamed, "--competency", "craft", "--format", "markdown").out
    assert markdown.startswith("2 changes: ")
    wrong = ladder("diff", small, renamed, "--level", "l2")
    assert (wrong.code, wrong.err.splitlines()[0]) == (
        2,
        "ladder: Invalid value for --level: neither has a level 'l2'. Did you mean 'l1'?",
    )


def test_two_files_as_markdown(small: Path, other: Path) -> None:
    ended = ladder("diff", small, other, "--format", "markdown")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1 change: 1 asks something else.\n")
    assert "\n## Asks something else\n\n- Changed: `expectation:l1--craft`" in ended.out


def test_releases_and_the_draft_of_the_database(database: str, small: Path, other: Path) -> None:
    assert database
    ladder("publish", small)
    ladder("publish", other)
    for before in ("small@1.0.0", small):
        for after in ("small@2.0.0", "small@latest", "small@draft", "small", other):
            ended = ladder("diff", before, after)
            assert (ended.code, ended.out) == (0, ROW)
    assert ladder("diff", "small@1.0.0", "small").err == f"small@1.0.0 to small@2.0.0: {TOLD}"
    assert ladder("diff", "small@9.9.9", small).code == 7


def test_releases_and_the_draft_of_a_server(service: Service, small: Path, other: Path) -> None:
    ladder("publish", small, "--server", service.url)
    ladder("push", other)
    url = f"{service.url}/v1/ladders"
    for before in ("small@1.0.0", f"{url}/small@1.0.0", f"{url}/small/document"):
        for after in ("small@draft", f"{url}/small@draft/document"):
            ended = ladder("diff", before, after)
            assert (ended.code, ended.out, ended.err) == (0, ROW, f"small@1.0.0 to small@draft: {TOLD}")


def test_the_exit_code_is_that_of_a_publish(small: Path, other: Path) -> None:
    assert ladder("diff", small, other, "--exit-code").code == 0
    assert ladder("diff", small, small, "--exit-code").code == 4
    low = ladder("diff", small, other, "--exit-code", "--bump", "minor")
    assert (low.code, low.out) == (8, ROW)
    assert low.err.endswith("ladder: the release number is lower than the changes require: major.\n")
    assert ladder("diff", small, other, "--exit-code", "--bump", "major").code == 0
    assert ladder("diff", small, other, "--bump", "minor").code == 0


def test_the_number_in_the_release_block_counts(small: Path, other: Path) -> None:
    small.write_text("release: {version: 1.2.0}\n" + SMALL, "utf-8")
    for number, code in (("1.2.1", 8), ("1.9.0", 8), ("2.0.0", 0), ("3.1.0", 0)):
        text = edit(other, "Sleeps through every incident.").read_text("utf-8")
        other.write_text(f"release: {{version: {number}}}\n{text}", "utf-8")
        assert ladder("diff", small, other, "--exit-code").code == code


def test_findings_end_with_3_and_are_printed(small: Path, other: Path) -> None:
    other.write_text(SMALL.replace("competency: craft", "competency: draft"), "utf-8")
    ended = ladder("diff", small, other, "--exit-code")
    assert ended.code == 3
    assert f"{other}:10:25: error: " in ended.err
    assert ladder("diff", small, other).code == 0


def test_files_that_hold_no_ladder_end_with_3(small: Path, other: Path) -> None:
    other.write_text("slug: [\n", "utf-8")
    ended = ladder("diff", small, other)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith(f"ladder: {other} does not contain a readable ladder.\n")


def test_an_argument_that_names_no_ladder_is_refused(small: Path) -> None:
    ended = ladder("diff", small, "no such thing")
    assert (ended.code, ended.err) == (
        7,
        "ladder: 'no such thing' is neither a file or folder nor a ladder such as slug, slug@1.2.0 or slug@draft.\n",
    )
