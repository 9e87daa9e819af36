"""Points of steps, and the levels and titles they give."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.views.demands import Demands
from app.rubric.views.scoring import Place, Scoring, leading_points
from app.rubric.views.self_rating import Totals, rated
from tests.seed.bundles import NETFLIX, SECOND, ladder_of
from tests.strategies import framework_ladders, ladders

EXAMPLE: Final = Index.of(ladder_of(SECOND))
MEDIUM: Final = Index.of(framework_ladders()["medium-snowflake"])


def given_at(points: float, index: Index = MEDIUM) -> dict[str, Any]:
    """Return the levels and titles that these points reach on each track, and those still ahead."""
    return {
        score.track: (
            [one.level or one.title for one in score.reached],
            [(one.threshold.level or one.threshold.title, one.missing) for one in score.ahead],
        )
        for score in Scoring(index).tracks(points)
    }


def test_medium_counts_the_milestones_of_its_skills() -> None:
    scoring = Scoring(MEDIUM)
    assert scoring.places == (("mobile", None), ("mentorship", None))
    assert scoring.points({("mobile", None): "m3", ("mentorship", None): "m1"}) == 7
    assert scoring.points({}) == 0
    assert scoring.points({("mobile", "x"): "m5", ("nowhere", None): "m5"}) == 0


def test_medium_gives_levels_and_overlapping_titles() -> None:
    assert given_at(7) == {
        "engineer": (["e2", "Engineer", "Senior engineer"], [("e3", 4), ("Group lead", 5)])
    }
    assert given_at(0) == {
        "engineer": (["e1", "Engineer"], [("e2", 5), ("Senior engineer", 6), ("e3", 11), ("Group lead", 12)])
    }
    assert given_at(40) == {"engineer": (["e3", "Group lead"], [])}
    assert given_at(4.5) == {
        "engineer": (["Engineer"], [("e2", 0.5), ("Senior engineer", 1.5), ("e3", 6.5), ("Group lead", 7.5)])
    }
    assert given_at(-1)["engineer"][0] == []


@pytest.mark.parametrize(
    ("level", "points"),
    [("l3", 7), ("l4", 18), ("l5", 36), ("l6", 60), ("l7", 84), ("m1", 36), ("m2", 50), ("m3", 66)],
)
def test_a_level_asks_for_the_points_of_the_lowest_threshold_that_leads_to_it(
    level: str, points: int
) -> None:
    assert Scoring(EXAMPLE).asked(EXAMPLE.once(Demands).of(EXAMPLE.levels[level])) == points


def test_points_that_lie_in_two_ranges_reach_both_levels_on_each_track() -> None:
    assert given_at(37, EXAMPLE) == {
        "individual-contributor": (["l4", "l5"], [("l6", 23), ("l7", 47)]),
        "management": (["m1"], [("m2", 13), ("m3", 29)]),
    }


@pytest.mark.parametrize("ladder", [ladder_of(NETFLIX), framework_ladders()["monzo"]])
def test_without_points_there_is_no_score(ladder: Ladder) -> None:
    scoring = Scoring(Index.of(ladder))
    assert (scoring.places, scoring.points({}), scoring.tracks(5)) == ((), None, ())


def measured_in(*asked: dict[str, str], competency: str | None = "depth") -> tuple[Place, ...]:
    scale = {"slug": "depth", "title": "D", "steps": [{"slug": "one", "title": "1", "points": 1}]}
    whole = {
        "slug": "a",
        "title": "A",
        "scales": [scale],
        "tracks": [{"slug": "t", "title": "T"}],
        "levels": [{"slug": "l", "track": "t", "title": "L"}],
        "competencies": [{"slug": "c", "title": "C"} | ({"scale": competency} if competency else {})],
        "facets": [{"slug": slug, "competency": "c", "title": "F", "scale": "depth"} for slug in ("f", "g")],
        "expectations": [{"level": "l", "competency": "c", "step": "one", **one} for one in asked],
    }
    return Scoring(Index.of(Ladder.model_validate(whole))).places


def test_a_competency_counts_once_as_a_whole_or_by_its_facets() -> None:
    facets = (("c", "f"), ("c", "g"))
    assert measured_in() == (("c", None),)
    assert measured_in({}, {"facet": "f"}) == (("c", None),)
    assert measured_in({"facet": "f"}) == facets
    assert measured_in(competency=None) == facets


def measured(index: Index, level: str, ratings: dict[Place, str]) -> list[tuple[str, str | None, str, int]]:
    effectives = Demands(index)
    cells = rated(effectives, effectives.of(index.levels[level]), ratings)
    return [(cell.competency, cell.facet, cell.measure, cell.missing) for cell in cells]


def test_ratings_meet_a_step_or_miss_it_by_so_many() -> None:
    ratings: dict[Place, str] = {
        ("individual-contribution", None): "leading",
        ("deep-technical-expertise", None): "learning",
    }
    found = measured(EXAMPLE, "l5", ratings)
    assert len(found) == 31
    assert found[:2] == [
        ("individual-contribution", None, "met", 0),
        ("deep-technical-expertise", None, "missing", 2),
    ]
    assert {measure for _, _, measure, _ in found[2:]} == {"unrated"}


def test_places_without_a_scale_are_reported() -> None:
    assert {measure for _, _, measure, _ in measured(Index.of(ladder_of(NETFLIX)), "l5", {})} == {"no-scale"}
    axes = Index.of(framework_ladders()["engineeringladders"])
    assert measured(axes, "d2", {("people", None): "one"}) == [
        ("technology", None, "unrated", 0),
        ("people", None, "no-step", 0),
    ]
    assert measured(MEDIUM, "e2", {}) == []


def test_places_not_in_use_are_not_measured_and_optional_ones_are_marked() -> None:
    effectives = Demands(EXAMPLE)
    cells = rated(effectives, effectives.of(EXAMPLE.levels["m1"]), {})
    weights = {cell.facet: cell.applicability for cell in cells}
    assert weights["specialized-domain-mastery"] == "optional"
    assert "scalability-expertise" not in {facet for _, facet, _, _ in measured(EXAMPLE, "m3", {})}


def test_points_are_summed_as_decimals_of_their_shortest_form() -> None:
    steps = [{"slug": "a", "title": "A", "points": 0.1}, {"slug": "b", "title": "B", "points": 0.7}]
    index = Index.of(
        Ladder.model_validate(
            {
                "slug": "x",
                "title": "X",
                "tracks": [
                    {"slug": "t", "title": "T", "thresholds": [{"points_from": 0.8, "title": "Top"}]},
                ],
                "levels": [{"slug": "l", "track": "t", "title": "L"}],
                "scales": [{"slug": "s", "title": "S", "steps": steps}],
                "competencies": [
                    {"slug": "one", "title": "One", "scale": "s"},
                    {"slug": "two", "title": "Two", "scale": "s"},
                ],
            }
        )
    )
    scoring = Scoring(index)
    assert scoring.points({("one", None): "a", ("two", None): "b"}) == 0.8
    (track,) = scoring.tracks(0.8)
    assert [one.title for one in track.reached] == ["Top"]
    (track,) = scoring.tracks(0.7)
    assert [one.missing for one in track.ahead] == [0.1]


@given(ladders())
def test_the_ratings_that_a_level_asks_for_leave_nothing_missing(generated: Ladder) -> None:
    index = Index.of(generated)
    effectives = Demands(index)
    for level in generated.levels:
        here = effectives.of(level)
        asked = {(one.competency, one.facet): one.step for one in here.cells if one.asked and one.step}
        totals = Totals.of(rated(effectives, here, asked))
        assert (totals.counts["missing"], totals.counts["unrated"], totals.steps) == (0, 0, 0)
        scoring = Scoring(index)
        if leading_points(index, level) is None:
            assert scoring.points(asked) == scoring.asked(here)


@given(ladders(), st.data())
def test_a_higher_rating_never_counts_less(generated: Ladder, data: st.DataObject) -> None:
    """Points rise with the steps of a scale, as a scale with points is meant to be."""
    scales = [
        scale.model_copy(
            update={"steps": tuple(one.model_copy(update={"points": i}) for i, one in enumerate(scale.steps))}
        )
        for scale in generated.scales
    ]
    index = Index.of(generated.model_copy(update={"scales": tuple(scales)}))
    scoring, effectives = Scoring(index), Demands(index)
    low: dict[Place, str] = {}
    high: dict[Place, str] = {}
    for place in effectives.places:
        scale = index.scale_of(*place)
        if scale is not None and scale.steps:
            ends = sorted(data.draw(st.tuples(*[st.integers(0, len(scale.steps) - 1)] * 2)))
            low[place], high[place] = (scale.steps[end].slug for end in ends)
    assert (scoring.points(low) or 0) <= (scoring.points(high) or 0)
    assert (scoring.points({}) or 0) <= (scoring.points(low) or 0)
    for level in generated.levels:
        here = effectives.of(level)
        assert Totals.of(rated(effectives, here, high)).steps <= Totals.of(rated(effectives, here, low)).steps
