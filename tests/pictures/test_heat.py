"""The heat map of a matrix: what it says, and that it holds for every ladder."""

import time

import pytest
from hypothesis import given, settings

from app.pictures.heat import MOST_COLUMNS, MOST_ROWS, Slice, draw_heat, slice_of
from app.pictures.measures import Measure
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.pictures.drawn import SVG, Drawn
from tests.pictures.shapes import grid
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders


def heat(ladder: Ladder, track: str | None = None, measure: Measure | None = None) -> Drawn:
    index = Index.of(ladder)
    return Drawn.of(draw_heat(index, slice_of(index, track), measure)).check()


def test_it_says_what_every_level_asks_in_every_competency() -> None:
    drawn = heat(ladder_of(SECOND), "management")
    assert drawn.title == "Example engineering ladder (illustrative): levels and competencies"
    assert drawn.told.startswith(
        "Steps of proficiency asked for; of a competency's parts, their mean. 3 levels and 7 competencies. "
        "Individual contribution: M1 Practising, M2 Practising, M3 Practising; "
        "Independent Problem Solving: M1 2.6 of 5, "
    )
    numbers = [text for text in drawn.texts if text[:1].isdigit()]
    assert numbers[:6] == ["3", "3", "3", "2.6", "2.8", "2.6"]
    assert "M3 Director of engineering, Technical Leadership: 4.2 of 5" in drawn.hints


def test_competencies_stand_together_by_category_and_levels_by_track() -> None:
    index = Index.of(ladder_of(SECOND))
    shown = slice_of(index)
    assert [one.category for one in shown.competencies] == [
        *("Delivery", "Delivery", "Craft", "Craft", "People", "People", "Leadership"),
    ]
    assert [level.slug for level in shown.levels] == ["l3", "l4", "l5", "l6", "l7", "m1", "m2", "m3"]


def test_states_are_told_apart_without_colour() -> None:
    drawn = heat(grid(5, 5))
    assert "(3)" in drawn.texts
    assert "•" in drawn.texts
    hints = "\n".join(drawn.hints)
    assert ": not in use" in hints
    assert any("(in brackets): optional" in text and "line: not in use" in text for text in drawn.texts)


def test_a_track_that_extends_another_shows_what_it_takes_over_in_plain_type() -> None:
    drawn = heat(framework_ladders()["monzo"])
    weights = {
        one.attrib.get("font-weight", "400") for one in drawn.root.iter(f"{SVG}text") if one.text == "1"
    }
    assert weights == {"400", "600"}
    assert any("plain number: taken over from another level" in text for text in drawn.texts)


def test_with_many_cells_it_is_squares_alone() -> None:
    drawn = heat(grid(60, 60, tracks=3))
    assert not [text for text in drawn.texts if text[:1].isdigit()]
    assert len(list(drawn.root.iter(f"{SVG}rect"))) < 20
    assert any(text.startswith("There are too many cells for numbers") for text in drawn.texts)


def test_two_hundred_by_two_hundred_stay_small() -> None:
    index = Index.of(grid(200, 200, tracks=4))
    svg = draw_heat(index, slice_of(index))
    assert len(svg) < 1_000_000
    Drawn.of(svg).check()


@pytest.mark.parametrize("measure", ["steps", "counts"])
def test_two_hundred_cumulative_rungs_cost_no_more_than_a_walk_up(measure: Measure) -> None:
    """What each rung takes over from all below it is not gathered again for every cell."""
    said = [
        {"level": f"l{level}", "competency": f"c{place}", "step": f"s{1 + level // 40}"}
        for level in range(200)
        for place in range(200)
    ]
    index = Index.of(grid(200, 200, cumulative="yes", expectations=said))
    begun = time.process_time()
    draw_heat(index, slice_of(index), measure)
    assert time.process_time() - begun < 4


def test_what_fits_is_said() -> None:
    index = Index.of(grid(2, 2))
    shown = slice_of(index)
    assert shown.fits
    assert not Slice(shown.levels * MOST_COLUMNS, shown.competencies).fits
    assert not Slice(shown.levels, shown.competencies * MOST_ROWS).fits


def test_where_nothing_can_be_drawn_it_says_why() -> None:
    assert heat(grid(0, 3)).told == "This ladder has no levels yet."
    assert heat(grid(3, 0)).told == "This ladder has no competencies yet."
    index = Index.of(grid(2, 2, tracks=3))
    assert "Nothing here matches." in Drawn.of(draw_heat(index, slice_of(index, "none"))).check().told


@pytest.mark.parametrize("measure", ["steps", "points", "counts"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (14, 3), (40, 40), (41, 2), (3, 9)])
def test_it_holds_for_any_size(size: tuple[int, int], measure: Measure) -> None:
    heat(grid(*size, tracks=min(3, size[0])), measure=measure)


@pytest.mark.parametrize("name", sorted(framework_ladders()))
def test_it_holds_for_the_shapes_of_real_frameworks(name: str) -> None:
    heat(framework_ladders()[name])
    heat(framework_ladders()[name], measure="counts")


@given(ladders(max_size=5))
@settings(deadline=None)
def test_it_holds_for_every_ladder(ladder: Ladder) -> None:
    heat(ladder)
