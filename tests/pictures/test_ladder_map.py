"""The map of a ladder: columns, ranks and forks, and its form for every ladder."""

import pytest
from hypothesis import given, settings

from app.pictures.ladder_map import draw_map, levels_of
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.pictures.drawn import SVG, Box, Drawn
from tests.pictures.shapes import EVIL, grid
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders


def mapped(ladder: Ladder, track: str | None = None) -> Drawn:
    return Drawn.of(draw_map(Index.of(ladder), track)).check()


def box(drawn: Drawn, text: str) -> Box:
    (found,) = (box for box in drawn.boxes if box.text == text)
    return found


def dashed(drawn: Drawn) -> int:
    return sum(one.attrib.get("stroke-dasharray") == "5 4" for one in drawn.root.iter(f"{SVG}path"))


def test_the_description_lists_tracks_with_levels_from_the_lowest_up() -> None:
    drawn = mapped(ladder_of(SECOND))
    assert drawn.title == "Example engineering ladder (illustrative): tracks and levels"
    assert drawn.told == (
        "Tracks, with their levels from the lowest up. Individual contributor: L3, L4, L5, L6, L7; "
        "Management, extends Individual contributor: M1, M2, M3."
    )


def test_levels_of_equal_rank_are_side_by_side_and_higher_ones_above() -> None:
    drawn = mapped(ladder_of(SECOND))
    assert box(drawn, "L5").top == box(drawn, "M1").top
    assert box(drawn, "L5").left < box(drawn, "M1").left
    assert box(drawn, "L7").top < box(drawn, "L6").top < box(drawn, "L3").top


def test_a_fork_is_a_dashed_line_from_the_level_below() -> None:
    assert dashed(mapped(ladder_of(SECOND))) == 2  # the fork and its key
    assert dashed(mapped(ladder_of(SECOND), "management")) == 0
    assert dashed(mapped(framework_ladders()["financial-times"])) == 3
    assert dashed(mapped(framework_ladders()["monzo"])) == 0


def test_a_map_can_show_a_single_track() -> None:
    index = Index.of(ladder_of(SECOND))
    drawn = mapped(ladder_of(SECOND), "management")
    assert "M1" in drawn.texts
    assert "L3" not in drawn.texts
    assert [level.slug for level in levels_of(index, "management")] == ["m1", "m2", "m3"]
    assert len(levels_of(index, None)) == 8


def test_levels_of_equal_rank_on_one_track_are_stacked() -> None:
    body = grid(4, 1).model_dump(mode="json")
    for level in body["levels"]:
        level["rank"] = 2
    mapped(Ladder.model_validate(body))


def test_a_map_without_tracks_says_so() -> None:
    empty = Ladder(slug="empty", title="Empty")
    assert mapped(empty).told == "This ladder has no tracks or levels yet."


def test_texts_of_a_map_cannot_inject_markup_and_bytes_are_stable() -> None:
    index = Index.of(grid(3, 1, title=EVIL))
    assert "<script" not in draw_map(index)
    assert draw_map(index) == draw_map(Index.of(grid(3, 1, title=EVIL)))


@pytest.mark.parametrize("size", [(1, 1), (60, 8), (90, 2), (400, 1), (40, 40)])
def test_a_picture_is_well_formed_at_any_size(size: tuple[int, int]) -> None:
    levels, tracks = size
    mapped(grid(levels, 1, tracks=tracks))


@pytest.mark.parametrize("name", sorted(framework_ladders()))
def test_pictures_of_real_frameworks_are_well_formed(name: str) -> None:
    mapped(framework_ladders()[name])


@given(ladders(max_size=5))
@settings(deadline=None)
def test_a_picture_of_any_ladder_is_well_formed(ladder: Ladder) -> None:
    mapped(ladder)
