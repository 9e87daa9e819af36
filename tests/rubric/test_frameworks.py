"""Every public framework we know of fits the model: small fixtures with their shapes, without loss."""

from typing import Final

import pytest

from app.formats.bundle.reader import parse_bundle
from app.formats.bundle.writer import export_json, export_yaml
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules import check
from tests.strategies import framework_ladders

_FRAMEWORKS: Final = framework_ladders()

every_framework = pytest.mark.parametrize("name", _FRAMEWORKS)


def _hash(ladder: Ladder) -> str:
    return content_sha256(canonical(ladder))


def test_all_are_there() -> None:
    assert sorted(_FRAMEWORKS) == [
        "direct",
        "dropbox",
        "engineeringladders",
        "enisa-ecsf",
        "etsy",
        "financial-times",
        "medium-snowflake",
        "monzo",
        "octopus",
        "tech-roles-library",
        "uk-ddat",
    ]


@every_framework
def test_it_has_no_findings(name: str) -> None:
    assert check(_FRAMEWORKS[name]) == ()


@every_framework
def test_canonical_json_keeps_all_of_it(name: str) -> None:
    ladder = _FRAMEWORKS[name]
    assert Ladder.model_validate_json(canonical(ladder)) == ladder


@every_framework
def test_an_export_reads_back_under_the_same_hash(name: str) -> None:
    ladder = _FRAMEWORKS[name]
    yaml, json = export_yaml(ladder, None).encode(), export_json(ladder, None).encode()
    assert _hash(parse_bundle(yaml, "export.yaml").ladder) == _hash(ladder)
    assert _hash(parse_bundle(json, "export.json").ladder) == _hash(ladder)


def test_financial_times_has_ordered_statements_with_ids_and_examples_on_forked_tracks() -> None:
    ladder = _FRAMEWORKS["financial-times"]
    index = Index.of(ladder)
    asked = index.cells["junior", "communication", None]
    assert asked.step == "guided"
    assert [statement.slug for statement in asked.statements] == ["asks-early", "writes-down"]
    assert [len(statement.examples) for statement in asked.statements] == [2, 0]
    assert all(statement.external_ids for statement in asked.statements)
    assert {track.slug: track.extends for track in ladder.tracks} == {
        "shared": None,
        "contributor": "shared",
        "manager": "shared",
    }
    assert dict(index.ranks) == {"junior": 1, "senior": 2, "principal": 3, "manager": 3}
    assert ("senior", "craft", None) in index.cells
    assert ("junior", "craft", None) not in index.cells


def test_medium_has_points_and_overlapping_thresholds_and_levels_without_text() -> None:
    ladder = _FRAMEWORKS["medium-snowflake"]
    assert [step.points for step in ladder.scales[0].steps] == [0, 1, 3, 6, 12, 20]
    ranges = [(one.points_from, one.points_to, one.level, one.title) for one in ladder.tracks[0].thresholds]
    assert ranges == [
        (0, 4, "e1", None),
        (5, 10, "e2", None),
        (11, None, "e3", None),
        (0, 8, None, "Engineer"),
        (6, 16, None, "Senior engineer"),
        (12, None, None, "Group lead"),
    ]
    assert ladder.expectations == ()
    first = ladder.competencies[0].proficiencies[0]
    assert (first.step, len(first.statements), len(first.examples)) == ("m1", 2, 1)


def test_monzo_tells_absent_from_own_and_not_in_use() -> None:
    index = Index.of(_FRAMEWORKS["monzo"])
    assert ("web-1", "impact", None) not in index.cells
    assert index.cells["web-1", "technical", None].applicability == "required"
    assert index.cells["web-1", "on-call", None].applicability == "not-in-use"
    assert index.cells["generic-1", "impact", None].summary == ""
    assert index.cells["generic-1", "technical", None].summary is None


def test_dropbox_has_lists_on_levels_and_sparse_cells() -> None:
    ladder = _FRAMEWORKS["dropbox"]
    assert ladder.levels[0].model_dump(include={"code", "other_titles", "attributes"}) == {
        "code": "IC1",
        "other_titles": ("Engineer one", "Engineer  I"),
        "attributes": (
            {"title": "Reach", "items": ("the team",)},
            {"title": "Levers", "items": ("skill", "craft")},
        ),
    }
    assert len(ladder.expectations) < len(ladder.levels) * len(ladder.competencies)


def test_engineeringladders_has_step_titles_by_axis_and_text_next_to_the_step() -> None:
    index = Index.of(_FRAMEWORKS["engineeringladders"])
    titles = {axis: [one.title for one in found.proficiencies] for axis, found in index.competencies.items()}
    assert titles == {
        "technology": ["Adopts", "Specialises", "Evangelises"],
        "people": ["Learns", "Supports"],
    }
    cell = index.cells["d2", "technology", None]
    assert (cell.step, cell.summary, len(cell.statements)) == ("two", "Owns a corner of it.", 2)
    assert index.cells["d2", "people", None].step is None


def test_ddat_has_roles_that_share_skills_and_say_not_in_use() -> None:
    index = Index.of(_FRAMEWORKS["uk-ddat"])
    assert [len(index.levels_of[track]) for track in index.tracks] == [2, 1]
    assert {asked.level for asked in index.expectations_of_competency["user-focus"]} == set(index.levels)
    assert index.cells["lead-content-designer", "prototyping", None].applicability == "not-in-use"
    assert index.ladder.removals[0].successor == "competency:prototyping"


def test_tech_roles_share_codes_and_have_years_kinds_and_translations() -> None:
    ladder = _FRAMEWORKS["tech-roles-library"]
    assert [(level.code, level.years_from, level.years_to) for level in ladder.levels] == [
        ("T1", 0, 0.5),
        ("T1", 0, 1),
        ("T1", 2, None),
    ]
    kinds = [statement.kind for statement in ladder.expectations[0].statements]
    assert kinds == ["core", "complementary", "indicator"]
    assert {translation.language for translation in ladder.translations} == {"es"}


def test_direct_is_a_catalogue_without_tracks() -> None:
    ladder = _FRAMEWORKS["direct"]
    assert (ladder.tracks, ladder.levels, ladder.expectations) == ((), (), ())
    assert [step.slug for step in ladder.scales[0].steps] == ["0", "1", "2", "3", "4"]
    assert [facet.competency for facet in ladder.facets] == ["version-control", "version-control", "testing"]
    assert [link.kind for link in ladder.facets[0].references] == ["tool", "course"]


def test_octopus_has_half_levels_and_examples_on_expectations() -> None:
    index = Index.of(_FRAMEWORKS["octopus"])
    assert [(level.code, index.ranks[level.slug]) for level in index.ladder.levels] == [
        ("L1.0", 1),
        ("L1.5", 1.5),
        ("L2.0", 2),
    ]
    assert [example.slug for example in index.cells["l1-0", "output", None].examples] == [None, "kept-notes"]


def test_etsy_is_cumulative_and_has_pages() -> None:
    ladder = _FRAMEWORKS["etsy"]
    assert ladder.cumulative == "yes"
    assert [page.slug for page in ladder.pages] == ["promotion", "history"]
    assert ladder.pages[0].text.endswith("- Talk about it twice a year.\n")
    assert ladder.tips[0].text == "Note what you did,  week by week."


def test_ecsf_roles_without_levels_are_tracks_of_one_level() -> None:
    ladder = _FRAMEWORKS["enisa-ecsf"]
    assert [(track.slug, level.slug) for track, level in zip(ladder.tracks, ladder.levels, strict=True)] == [
        ("incident-responder", "incident-responder"),
        ("auditor", "auditor"),
    ]
    kinds = [statement.kind for statement in ladder.expectations[0].statements]
    assert kinds == ["task", "task", "skill", "knowledge"]
    assert ladder.competencies[1].alignments[0].framework == "e-CF"
    assert [alignment.entity for alignment in ladder.levels[0].alignments] == ["level:auditor", "level:l5"]
