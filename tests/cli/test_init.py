"""`ladder init`: a small commented ladder, which all other commands accept."""

from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from tests.cli.shell import ladder


def test_the_new_ladder_is_valid_and_publishes_and_reads_back(own_folder: Path, database: str) -> None:
    assert database
    made = ladder("init", "acme")
    assert (made.code, made.out) == (0, "Created acme/ladder.yaml.\n")
    assert made.err == (
        "Next: ladder validate acme/ladder.yaml, ladder preview acme/ladder.yaml, ladder publish acme/ladder.yaml\n"
    )
    for path in ("acme", "acme/ladder.yaml"):
        checked = ladder("validate", path, "--json")
        assert (checked.code, checked.json) == (0, {"ladder": "acme", "checked_against": None, "items": []})
    published = ladder("publish", "acme")
    assert published.code == 0
    assert published.out.startswith("Published acme@1.0.0, in force from ")
    assert ladder("diff", "acme", "acme@1.0.0").out == ""
    read = ladder("export", "acme", "--format", "json").json
    assert (read["title"], read["language"], read["cumulative"]) == ("Acme", "en", "yes")
    (track,) = read["tracks"]
    assert [level["slug"] for level in track["levels"]] == ["engineer", "senior-engineer"]
    assert [competency["slug"] for competency in read["competencies"]] == ["craft", "teamwork"]
    assert len(read["faqs"]) == 1
    assert (own_folder / "acme" / "ladder.yaml").read_text("utf-8").count("\n#") >= 5


@pytest.mark.parametrize(
    ("options", "slug", "title"),
    [
        (
            ("--title", 'Zoë & Söhne: "die Leiter" # 1'),
            "zoe-sohne-die-leiter-1",
            'Zoë & Söhne: "die Leiter" # 1',
        ),
        (("--title", "Plain", "--slug", "other"), "other", "Plain"),
        (("--slug", "two-words"), "two-words", "Two words"),
        (("--title", "{slug} \\ yes"), "slug-yes", "{slug} \\ yes"),
    ],
)
def test_title_and_slug_can_be_chosen(
    own_folder: Path, options: tuple[str, ...], slug: str, title: str
) -> None:
    assert ladder("init", *options).code == 0
    assert ladder("validate", "ladder.yaml", "--json").json == {
        "ladder": slug,
        "checked_against": None,
        "items": [],
    }
    assert read_bundle(own_folder / "ladder.yaml").ladder.title == title


def test_without_a_folder_the_slug_is_the_name_of_the_current_one(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "Our Ladder").mkdir()
    monkeypatch.chdir(own_folder / "Our Ladder")
    assert ladder("init").out == "Created ladder.yaml.\n"
    assert ladder("validate", "ladder.yaml", "--json").json["ladder"] == "our-ladder"


def test_a_file_is_never_replaced(own_folder: Path) -> None:
    (own_folder / "acme").mkdir()
    (own_folder / "acme" / "ladder.yaml").write_text("mine", "utf-8")
    ended = ladder("init", "acme")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == "ladder: acme/ladder.yaml already exists. Choose another folder: ladder init DIR.\n"
    assert (own_folder / "acme" / "ladder.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--slug", "No Slug"), "--slug must be lower-case letters and digits"),
        (("--slug", "a" * 200), "--slug must be lower-case letters and digits"),
        (("--title", " "), "--title must be one line of text."),
        (("--title", "a\nb"), "--title must be one line of text."),
    ],
)
def test_a_wrong_title_or_slug_is_refused(own_folder: Path, options: tuple[str, ...], named: str) -> None:
    ended = ladder("init", *options)
    assert (ended.code, ended.out, list(own_folder.iterdir())) == (2, "", [])
    assert ended.err.startswith(f"ladder: {named}")


def test_a_file_in_place_of_the_folder_is_named(own_folder: Path) -> None:
    (own_folder / "acme").touch()
    ended = ladder("init", "acme/below")
    assert (ended.code, ended.out) == (6, "")
    assert ended.err.startswith("ladder: acme/below/ladder.yaml cannot be written: ")
