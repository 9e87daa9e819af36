"""The work of indexing a ladder for search, counted in calls and in pairs, not in seconds."""

import sys
from types import FrameType

import pytest

from app.rubric.index import Index
from app.rubric.ladder import Competency, Expectation, Ladder, Level, Track
from app.rubric.parts import Statement
from app.rubric.searching import documents_of
from app.rubric.views.demands import Demands


def _ladder(levels: int, competencies: int) -> Ladder:
    return Ladder(
        slug="wide",
        title="Wide",
        cumulative="yes",
        tracks=(Track(slug="one", title="One"),),
        levels=tuple(Level(slug=f"l{number}", title=f"L{number}", track="one") for number in range(levels)),
        competencies=tuple(
            Competency(slug=f"c{number}", title=f"C{number}") for number in range(competencies)
        ),
        expectations=tuple(
            Expectation(level=f"l{level}", competency=f"c{number}", statements=(Statement(text="Builds."),))
            for level in range(levels)
            for number in range(competencies)
        ),
    )


def _calls(levels: int, competencies: int) -> int:
    """Return the number of Python calls, generator steps included, that make the documents of a ladder."""
    index, count = Index.of(_ladder(levels, competencies)), 0

    def on_event(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        for _ in documents_of(index):
            pass
    finally:
        sys.setprofile(before)
    return count


def test_the_search_documents_of_a_competency_take_twice_the_work_for_twice_the_levels() -> None:
    few, many = (_calls(levels, 4) - _calls(levels, 2) for levels in (200, 400))
    assert many < 2.2 * few


def test_an_expectation_is_found_by_the_nearest_fifty_levels_that_include_it() -> None:
    found = {one.address: one.about for one in documents_of(Index.of(_ladder(120, 1)))}
    assert found["l3--c0"] == {"competency:c0", *(f"level:l{number}" for number in range(3, 53))}
    assert found["l110--c0"] == {"competency:c0", *(f"level:l{number}" for number in range(110, 120))}


def test_a_ladder_with_many_expectations_is_found_by_fewer_levels_each() -> None:
    found = [one for one in documents_of(Index.of(_ladder(100, 100))) if one.kind == "expectation"]
    assert len(found) == 10_000
    assert max(len(one.about) for one in found) == 26  # 25 levels and the competency
    assert sum(len(one.about) - 1 for one in found) <= 250_000


@pytest.mark.parametrize("most", [1, 3, 50])
def test_the_levels_of_an_expectation_are_cut_off_after_the_first(most: int) -> None:
    demands = Index.of(_ladder(60, 1)).once(Demands)
    found = demands.first_levels_by_expectation(most)
    whole = demands.first_levels_by_expectation(len(demands.index.levels))
    assert {slug: tuple(levels) for slug, levels in found.items()} == {
        slug: tuple(levels)[:most] for slug, levels in whole.items()
    }
