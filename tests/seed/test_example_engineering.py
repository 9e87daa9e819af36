"""The invented ladder: complete, gradual from level to level, and gentle in its second release."""

from collections import Counter
from itertools import pairwise
from typing import Final

import pytest

from app.rubric.diff import diff
from app.rubric.entities import walk
from app.rubric.index import Index
from app.rubric.ladder import Expectation
from tests.seed.bundles import FIRST, NETFLIX, SECOND, cells, columns, kinds, ladder_of

_EXAMPLES: Final = (FIRST, SECOND)
_ENGINEERS: Final = ("l3", "l4", "l5", "l6", "l7")
_MANAGERS: Final = ("l3", "l4", "m1", "m2", "m3")
"""Whoever manages was an engineer first: the management track leaves the other after L4."""


def _statements(cell: Expectation) -> list[tuple[str | None, str]]:
    return [(statement.kind, statement.text) for statement in cell.statements]


@pytest.mark.parametrize(
    ("name", "examples", "proficiencies", "faqs", "tips"),
    [(FIRST, 42, 20, 13, 10), (SECOND, 45, 20, 14, 11)],
)
def test_example_engineering_is_complete(
    name: str, examples: int, proficiencies: int, faqs: int, tips: int
) -> None:
    assert kinds(name) == {
        "ladder": 1,
        "track": 2,
        "level": 8,
        "scale": 1,
        "step": 5,
        "competency": 7,
        "facet": 24,
        "expectation": 8 * (7 + 24),
        "statement": 202,
        "example": examples,
        "proficiency": proficiencies,
        "faq": faqs,
        "tip": tips,
        "page": 4,
    }


@pytest.mark.parametrize("name", _EXAMPLES)
def test_ranks_say_which_levels_of_the_two_tracks_match(name: str) -> None:
    ladder = ladder_of(name)
    assert {(level.track, level.slug): level.rank for level in ladder.levels} == {
        ("individual-contributor", "l3"): 3,
        ("individual-contributor", "l4"): 4,
        ("individual-contributor", "l5"): 5,
        ("individual-contributor", "l6"): 6,
        ("individual-contributor", "l7"): 7,
        ("management", "m1"): 5,
        ("management", "m2"): 6,
        ("management", "m3"): 7,
    }


@pytest.mark.parametrize("way", [_ENGINEERS, _MANAGERS], ids=["engineers", "managers"])
@pytest.mark.parametrize("name", _EXAMPLES)
def test_steps_never_fall_on_the_way_up(name: str, way: tuple[str, ...]) -> None:
    ladder = ladder_of(name)
    height = {step.slug: place for place, step in enumerate(ladder.scales[0].steps)}
    asked = cells(ladder)
    falls = []
    for column in columns(ladder):
        steps = [(level, asked[level, *column].step) for level in way]
        heights = [(level, height[step]) for level, step in steps if step is not None]
        falls += [(column, upper) for (_, below), (upper, above) in pairwise(heights) if above < below]
    assert falls == []


@pytest.mark.parametrize("name", _EXAMPLES)
def test_an_engineer_never_skips_a_step_from_one_level_to_the_next(name: str) -> None:
    ladder = ladder_of(name)
    height = {step.slug: place for place, step in enumerate(ladder.scales[0].steps)}
    asked = cells(ladder)
    skips = []
    for column in columns(ladder):
        heights = [height[asked[level, *column].step or ""] for level in _ENGINEERS]
        skips += [column for below, above in pairwise(heights) if above > below + 1]
    assert skips == []


@pytest.mark.parametrize("name", _EXAMPLES)
def test_each_competency_is_asked_at_each_level_with_a_step_and_two_to_four_statements(name: str) -> None:
    whole = [cell for cell in ladder_of(name).expectations if cell.facet is None]
    assert [
        (cell.level, cell.competency)
        for cell in whole
        if cell.applicability != "required" or cell.step is None or not 2 <= len(cell.statements) <= 4
    ] == []


@pytest.mark.parametrize("name", _EXAMPLES)
def test_a_facet_has_a_step_exactly_where_it_is_in_use(name: str) -> None:
    assert [
        (cell.level, cell.facet)
        for cell in ladder_of(name).expectations
        if (cell.step is None) != (cell.applicability == "not-in-use")
    ] == []


@pytest.mark.parametrize("name", _EXAMPLES)
def test_everything_is_required_of_engineers(name: str) -> None:
    asked = [cell for cell in ladder_of(name).expectations if cell.level in _ENGINEERS]
    assert {cell.applicability for cell in asked} == {"required"}


@pytest.mark.parametrize(
    ("name", "optional", "unused"),
    [(FIRST, {"m1": 2, "m2": 5}, {"m2": 2, "m3": 7}), (SECOND, {"m1": 3, "m2": 5}, {"m2": 2, "m3": 7})],
)
def test_managers_let_go_of_hands_on_facets(
    name: str, optional: dict[str, int], unused: dict[str, int]
) -> None:
    asked = ladder_of(name).expectations
    assert Counter(cell.level for cell in asked if cell.applicability == "optional") == optional
    assert Counter(cell.level for cell in asked if cell.applicability == "not-in-use") == unused


@pytest.mark.parametrize("name", _EXAMPLES)
def test_the_points_that_a_level_asks_for_lie_in_its_own_range_and_no_other(name: str) -> None:
    ladder = ladder_of(name)
    points = {step.slug: step.points or 0 for step in ladder.scales[0].steps}
    asked: Counter[str] = Counter()
    for cell in ladder.expectations:
        if cell.facet is None and cell.step is not None:
            asked[cell.level] += int(points[cell.step])
    assert asked == {"l3": 9, "l4": 24, "l5": 46, "l6": 70, "l7": 95, "m1": 44, "m2": 58, "m3": 73}
    given = {
        level.slug: [
            threshold.level
            for track in ladder.tracks
            for threshold in track.thresholds
            if track.slug == level.track
            and threshold.points_from <= asked[level.slug]
            and (threshold.points_to is None or asked[level.slug] <= threshold.points_to)
        ]
        for level in ladder.levels
    }
    assert given == {level.slug: [level.slug] for level in ladder.levels}


@pytest.mark.parametrize("name", _EXAMPLES)
def test_thresholds_give_the_title_of_their_level(name: str) -> None:
    ladder = ladder_of(name)
    titles = {level.slug: level.title for level in ladder.levels}
    given = {threshold.level: threshold.title for track in ladder.tracks for threshold in track.thresholds}
    assert given == titles


@pytest.mark.parametrize("name", _EXAMPLES)
def test_no_two_cells_and_no_two_statements_are_worded_alike(name: str) -> None:
    texts = Counter[str]()
    for cell in ladder_of(name).expectations:
        texts.update([cell.summary or "", *(text for _, text in _statements(cell))])
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("name", _EXAMPLES)
def test_the_facets_are_those_of_netflix_engineering(name: str) -> None:
    here = [(facet.slug, facet.title, facet.competency) for facet in ladder_of(name).facets]
    there = [(facet.slug, facet.title, facet.competency) for facet in ladder_of(NETFLIX).facets]
    assert here == there


@pytest.mark.parametrize("name", _EXAMPLES)
def test_each_competency_says_how_it_matches_one_of_netflix_engineering(name: str) -> None:
    other = [f"competency:{competency.slug}" for competency in ladder_of(NETFLIX).competencies]
    matches = [
        alignment
        for competency in ladder_of(name).competencies
        for alignment in competency.alignments
        if alignment.ladder == "netflix-engineering"
    ]
    assert [alignment.entity for alignment in matches] == other
    assert [alignment.match for alignment in matches] == ["narrower", *["close"] * 6]


@pytest.mark.parametrize("name", _EXAMPLES)
def test_example_engineering_is_marked_as_illustrative_and_free_to_adopt(name: str) -> None:
    ladder = ladder_of(name)
    assert "(illustrative)" in ladder.title
    assert ladder.licence is not None
    assert ladder.licence.title == "CC-BY-4.0"


# From 1.0.0 to 1.1.0 of example-engineering


def test_the_second_release_renames_one_tip_and_removes_one_question() -> None:
    before = {node.target: node.uuid for node in walk(ladder_of(FIRST)) if node.uuid is not None}
    after = {node.target: node.uuid for node in walk(ladder_of(SECOND)) if node.uuid is not None}
    gone = {target for target in before if target not in after}
    assert gone == {"tip:keep-a-work-log", "faq:degree-required"}
    assert after["tip:write-a-line-a-week"] == before["tip:keep-a-work-log"]
    assert {target: after[target] for target in before.keys() - gone} == {
        target: uuid for target, uuid in before.items() if target not in gone
    }
    assert [(one.kind, one.slug, one.successor) for one in ladder_of(SECOND).removals] == [
        ("faq", "degree-required", "faq:years-of-experience")
    ]


def test_the_second_release_asks_for_nothing_more_or_different() -> None:
    before, after = cells(ladder_of(FIRST)), cells(ladder_of(SECOND))
    assert {place: (cell.step, cell.summary, _statements(cell)) for place, cell in after.items()} == {
        place: (cell.step, cell.summary, _statements(cell)) for place, cell in before.items()
    }


def test_the_second_release_asks_less_in_one_place() -> None:
    before, after = cells(ladder_of(FIRST)), cells(ladder_of(SECOND))
    eased = {
        place: (before[place].applicability, after[place].applicability)
        for place in before
        if before[place].applicability != after[place].applicability
    }
    assert eased == {("m1", "system-design-mastery", "performance-optimization"): ("required", "optional")}


def test_the_number_of_the_second_release_is_the_minimum_for_its_changes() -> None:
    found = diff(Index.of(ladder_of(FIRST)), Index.of(ladder_of(SECOND)))
    assert found.least_bump == "minor"
    assert [(one.level, one.impact) for one in found.levels] == [("m1", "asks-less")]
