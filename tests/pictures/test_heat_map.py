"""The heat map of a matrix: its texts, and its form for every ladder."""

import time

import pytest
from hypothesis import given, settings

from app.pictures.chart_values import Measure
from app.pictures.heat_map import MOST_COLUMNS, MOST_ROWS, Slice, draw_heat, slice_of
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.pictures.drawn import SVG, Drawn
from tests.pictures.shapes import grid
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders


def heat(ladder: Ladder, track: str | None = None, measure: Measure | None = None) -> Drawn:
    index = Index.of(ladder)
    return Drawn.of(draw_heat(index, slice_of(index, track), measure)).check()


def test_the_description_lists_every_level_and_competency() -> None:
    drawn = heat(ladder_of(SECOND), "management")
    assert drawn.title == "Example engineering ladder (illustrative): levels and competencies"
    assert drawn.told.startswith(
        "Expected steps of proficiency (the mean over a competency and its facets). 3 levels and 7 competencies. "
        "Individual contribution: M1 Practising, M2 Practising, M3 Practising; "
        "Independent Problem Solving: M1 2.6 of 5, "
    )
    numbers = [text for text in drawn.texts if text[:1].isdigit()]
    assert numbers[:6] == ["3", "3", "3", "2.6", "2.8", "2.6"]
    assert "M3 Director of engineering, Technical Leadership: 4.2 of 5" in drawn.hints


def test_competencies_are_grouped_by_category_and_levels_by_track() -> None:
    index = Index.of(ladder_of(SECOND))
    shown = slice_of(index)
    assert [one.category for one in shown.competencies] == [
        *("Delivery", "Delivery", "Craft", "Craft", "People", "People", "Leadership"),
    ]
    assert [level.slug for level in shown.levels] == ["l3", "l4", "l5", "l6", "l7", "m1", "m2", "m3"]


def test_the_states_of_cells_differ_without_colour_too() -> None:
    drawn = heat(grid(5, 5))
    assert "(3)" in drawn.texts
    assert "•" in drawn.texts
    hints = "\n".join(drawn.hints)
    assert ": not in use" in hints
    assert any("(in brackets): optional" in text and "line: not in use" in text for text in drawn.texts)


def test_inherited_expectations_are_in_plain_type() -> None:
    drawn = heat(framework_ladders()["monzo"])
    weights = {
        one.attrib.get("font-weight", "400") for one in drawn.root.iter(f"{SVG}text") if one.text == "1"
    }
    assert weights == {"400", "600"}
    assert any("plain number: inherited from another level" in text for text in drawn.texts)


def test_with_many_cells_the_map_has_squares_only() -> None:
    drawn = heat(grid(60, 60, tracks=3))
    assert not [text for text in drawn.texts if text[:1].isdigit()]
    assert len(list(drawn.root.iter(f"{SVG}rect"))) < 20
    assert any(text.startswith("There are too many cells for numbers") for text in drawn.texts)


def test_a_map_of_200_by_200_stays_small() -> None:
    index = Index.of(grid(200, 200, tracks=4))
    svg = draw_heat(index, slice_of(index))
    assert len(svg) < 1_000_000
    Drawn.of(svg).check()


@pytest.mark.parametrize("measure", ["steps", "counts"])
def test_200_cumulative_levels_are_drawn_in_linear_time(measure: Measure) -> None:
    """Expectations of lower levels are not collected again for every cell."""
    said = [
        {"level": f"l{level}", "competency": f"c{place}", "step": f"s{1 + level // 40}"}
        for level in range(200)
        for place in range(200)
    ]
    index = Index.of(grid(200, 200, cumulative="yes", expectations=said))
    begun = time.process_time()
    draw_heat(index, slice_of(index), measure)
    assert time.process_time() - begun < 4


def test_a_slice_tells_whether_it_fits() -> None:
    index = Index.of(grid(2, 2))
    shown = slice_of(index)
    assert shown.fits
    assert not Slice(shown.levels * MOST_COLUMNS, shown.competencies).fits
    assert not Slice(shown.levels, shown.competencies * MOST_ROWS).fits


def test_an_empty_picture_says_why() -> None:
    assert heat(grid(0, 3)).told == "This ladder has no levels yet."
    assert heat(grid(3, 0)).told == "This ladder has no competencies yet."
    index = Index.of(grid(2, 2, tracks=3))
    assert (
        "There are no levels or competencies to show."
        in Drawn.of(draw_heat(index, slice_of(index, "none"))).check().told
    )


@pytest.mark.parametrize("measure", ["steps", "points", "counts"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (14, 3), (40, 40), (41, 2), (3, 9)])
def test_a_picture_is_well_formed_at_any_size(size: tuple[int, int], measure: Measure) -> None:
    heat(grid(*size, tracks=min(3, size[0])), measure=measure)


@pytest.mark.parametrize("name", sorted(framework_ladders()))
def test_pictures_of_real_frameworks_are_well_formed(name: str) -> None:
    heat(framework_ladders()[name])
    heat(framework_ladders()[name], measure="counts")


@given(ladders(max_size=5))
@settings(deadline=None)
def test_a_picture_of_any_ladder_is_well_formed(ladder: Ladder) -> None:
    heat(ladder)
