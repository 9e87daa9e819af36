"""Export profiles: exact headers, joined and spread rows, and what is refused."""

import csv
from io import StringIO
from typing import Any

import pytest

from app.errors import BadRequest, Invalid, NotFound
from app.formats.sheets.profiles.export import Choice, Exported, export, shorten
from app.formats.sheets.profiles.profile import get_profile, profiles, read_profile
from app.formats.sheets.table_parts import Chosen, Parts
from app.rubric.index import Index
from app.rubric.ladder import Ladder

TEAMWORK = [{"text": "Later.", "kind": "growth"}, {"text": "Helps."}]


def small(**changes: Any) -> Ladder:  # noqa: ANN401 - properties of the ladder
    content = {
        "slug": "small",
        "title": "Small",
        "cumulative": "no",
        "tracks": [{"slug": "ic", "title": "Engineer"}, {"slug": "m", "title": "Manager"}],
        "levels": [
            {"slug": "l1", "track": "ic", "title": "Junior", "code": "L1"},
            {"slug": "l2", "track": "ic", "title": "Senior"},
        ],
        "scales": [
            {
                "slug": "skill",
                "title": "Skill",
                "steps": [{"slug": "a", "title": "Knows"}, {"slug": "b", "title": "Leads"}],
            }
        ],
        "competencies": [
            {
                "slug": "craft",
                "title": "Craft",
                "category": "Work",
                "summary": "How we build.",
                "scale": "skill",
                "proficiencies": [
                    {"step": "a", "statements": [{"text": "Reads."}, {"text": "Asks."}]},
                    {"step": "b", "statements": [{"text": "Teaches."}]},
                ],
            },
            {"slug": "team", "title": "Team"},
        ],
        "expectations": [
            {"level": "l1", "competency": "craft", "statements": [{"text": "Ships."}, {"text": "Tests."}]},
            {
                "level": "l1",
                "competency": "team",
                "statements": [{"text": "Later.", "kind": "growth"}, {"text": "Helps."}],
            },
            {"level": "l2", "competency": "craft", "statements": [{"text": "Designs."}]},
        ],
    }
    return Ladder.model_validate(content | changes)


def exported(name: str, ladder: Ladder, *tracks: str, **choice: bool) -> Exported:
    parts = Parts(Index.of(ladder), "1.0.0", lambda node: node.target)
    return export(get_profile(name), parts, Choice(Chosen(tracks=frozenset(tracks)), **choice))


def rows(name: str, ladder: Ladder, *tracks: str, **choice: bool) -> list[list[str]]:
    return list(csv.reader(StringIO(exported(name, ladder, *tracks, **choice).body.decode(), newline="")))


def test_a_career_path_has_one_key_behavior_per_skill() -> None:
    assert rows("15five-paths", small(), "ic") == [
        ["Path", "Job title", "Competency", "Skill", "Key behavior"],
        ["Engineer", "Junior", "Craft", "Craft", "Ships.\nTests."],
        ["Engineer", "Junior", "Team", "Team", "Helps."],
        ["Engineer", "Senior", "Craft", "Craft", "Designs."],
    ]


def test_a_career_path_needs_one_track() -> None:
    with pytest.raises(Invalid, match="`track`"):
        exported("15five-paths", small())


def test_competencies_are_one_row_each() -> None:
    assert rows("15five-competencies", small()) == [
        ["Competency", "Competency description", "Company wide", "Groups"],
        ["Craft", "How we build.", "TRUE", ""],
        ["Team", "", "TRUE", ""],
    ]


def test_skills_have_a_column_per_step() -> None:
    assert rows("lucca-skills", small()) == [
        ["Nom", "Catégorie", "Id", "Knows", "Leads"],
        ["Craft", "Work", "", "Reads.\nAsks.", "Teaches."],
    ]


def test_skills_of_a_ladder_without_texts_of_steps_have_a_column_per_level() -> None:
    ladder = small(competencies=[{"slug": "craft", "title": "Craft"}, {"slug": "team", "title": "Team"}])
    assert rows("lucca-skills", ladder) == [
        ["Nom", "Catégorie", "Id", "Junior", "Senior"],
        ["Craft", "", "", "Ships.\nTests.", "Designs."],
        ["Team", "", "", "Helps.", ""],
    ]


def test_a_job_profile_lists_its_skills() -> None:
    assert rows("peopleforce-job-profiles", small()) == [
        ["Job profile", "Job group", "Job level", "Skills"],
        ["Junior", "Engineer", "L1", "Craft, Team"],
        ["Senior", "Engineer", "Senior", "Craft"],
    ]


def test_content_items_are_lines_of_metadata_and_merge() -> None:
    ladder = small(competencies=[{"slug": "craft", "title": "Craft|Art"}], expectations=[])
    uuid = Index.of(ladder).find("competency", "craft").uuid  # type: ignore[union-attr]  # it is there
    header = (
        "METADATA|ContentItem|Name|ContextName|ContentItemValueSetName|ContentItemValueSetId|ContentItemCode"
        "|DateFrom|DateTo|RatingModelCode|SourceSystemId|SourceSystemOwner"
    )
    assert exported("oracle-content-items", ladder).body.decode().splitlines() == [
        header,
        f"MERGE|ContentItem|Craft\\|Art|COMPETENCY|||craft|1951/01/01|||{uuid}|HRC_SQLLOADER",
    ]


def test_a_value_that_is_too_long_is_an_error_or_cut_at_a_word() -> None:
    title = "Builds systems " * 8
    ladder = small(competencies=[{"slug": "craft", "title": title}], expectations=[])
    with pytest.raises(Invalid, match="row 2, Competency: 120 characters"):
        exported("15five-competencies", ladder)
    made = exported("15five-competencies", ladder, shorten=True)
    assert made.shortened == ("row 2, Competency: 120 characters, cut to 75",)
    assert "Builds systems Builds systems Builds systems Builds systems Builds systems…" in made.body.decode()


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [("one two three", 8, "one two…"), ("unbroken", 5, "unbr…"), ("a bc", 3, "a…")],
)
def test_cutting_never_breaks_a_word_that_fits(text: str, longest: int, cut: str) -> None:
    assert shorten(text, longest) == cut


def test_a_value_that_excel_would_execute_is_an_error_or_guarded() -> None:
    ladder = small(competencies=[{"slug": "craft", "title": "=1+1"}], expectations=[])
    with pytest.raises(Invalid, match="row 2, Competency: the value begins like a formula"):
        exported("15five-competencies", ladder)
    assert rows("15five-competencies", ladder, guard=True)[1][0] == "'=1+1"


def test_too_many_rows_are_an_error() -> None:
    many = [{"slug": f"c{n}", "title": f"C{n}"} for n in range(1001)]
    asked = [{"level": "l1", "competency": f"c{n}", "statements": [{"text": "x"}]} for n in range(1001)]
    with pytest.raises(Invalid, match=r"1,001 rows\. The system takes at most 1,000"):
        exported("lucca-skills", small(competencies=many, expectations=asked))


def test_a_profile_of_ones_own_is_read_and_checked() -> None:
    own = b'title: Ours\ntable: levels\ncolumns: [{header: Name, value: "{title}"}]\n'
    assert read_profile(own, "ours.yaml").columns[0].of({"title": "Junior"}) == "Junior"
    with pytest.raises(BadRequest, match=r"the table levels has no column 'tittle'\. Did you mean"):
        read_profile(own.replace(b"{title}", b"{tittle}"), "ours.yaml")
    with pytest.raises(BadRequest, match=r"ours\.yaml: columns: This is missing"):
        read_profile(b"title: Ours\ntable: levels\n", "ours.yaml")
    with pytest.raises(BadRequest, match=r"ours\.yaml: this is not YAML"):
        read_profile(b"title: [", "ours.yaml")


def test_an_unknown_profile_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(NotFound, match="15five-paths"):
        get_profile("15five-path")


def test_every_profile_has_a_title_a_description_and_a_place_to_upload_it() -> None:
    assert list(profiles()) == [
        "15five-competencies",
        "15five-paths",
        "lucca-skills",
        "oracle-content-items",
        "peopleforce-job-profiles",
    ]
    assert all(profile.title and profile.description and profile.upload for profile in profiles().values())
