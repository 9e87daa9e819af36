"""The radar chart of a level: its texts, and its form for every ladder."""

import pytest
from hypothesis import given, settings

from app.pictures.bars import MOST as MOST_BARS
from app.pictures.chart_values import Measure
from app.pictures.radar import draw_radar
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.pictures.drawn import SVG, Drawn
from tests.pictures.shapes import EVIL, NAMES, grid
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders

MEASURES: tuple[Measure | None, ...] = (None, "steps", "points", "counts")


def radar(ladder: Ladder, level: str, beside: str | None = None, measure: Measure | None = None) -> Drawn:
    index = Index.of(ladder)
    other = None if beside is None else index.levels[beside]
    return Drawn.of(draw_radar(index, index.levels[level], other, measure)).check()


def test_the_description_lists_what_a_level_expects() -> None:
    drawn = radar(ladder_of(SECOND), "l5")
    assert drawn.title == "L5 Senior software engineer: Example engineering ladder (illustrative)"
    assert drawn.told.startswith(
        "Expected steps of proficiency (the mean over a competency and its facets). "
        "Individual contribution: Leading; Deep Technical Expertise: 2.8 of 5;"
    )
    assert drawn.texts[:5] == [
        "L5 Senior software engineer",
        "Example engineering ladder (illustrative)",
        "Expected steps of proficiency (the mean over a competency and its facets).",
        "Deep Technical Expertise",
        "2.8 of 5",
    ]
    assert len(list(drawn.root.iter(f"{SVG}circle"))) == 7


def test_a_second_level_has_another_colour_dash_and_mark() -> None:
    drawn = radar(ladder_of(SECOND), "l4", "l6")
    assert drawn.title.startswith("L4 Software engineer II and L6 Staff engineer: ")
    assert "Individual contribution: Practising against Leading" in drawn.told
    outlines = [one for one in drawn.root.iter(f"{SVG}path") if "fill-opacity" in one.attrib]
    assert [one.attrib["stroke"] for one in outlines] == ["#0b5cad", "#a64200"]
    assert [one.attrib.get("stroke-dasharray") for one in outlines] == [None, "6 4"]
    assert "L5, " not in "".join(drawn.hints)


def test_without_steps_the_chart_counts_statements_and_says_so() -> None:
    drawn = radar(grid(2, 5, steps=0), "l1")
    assert any(text.startswith("Number of expected statements") for text in drawn.texts)


def test_an_empty_picture_says_why() -> None:
    drawn = radar(grid(1, 0), "l0")
    assert drawn.told == "This ladder has no competencies yet."
    assert radar(grid(2, 5, steps=0), "l1", measure="steps").told == (
        "No expectation of this ladder names a step of a scale. Use measure=counts."
    )
    assert radar(grid(2, 5, steps=0), "l1", measure="points").told == (
        "No step that this ladder expects has points. Use measure=steps or measure=counts."
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("axes", [1, 2, 3, 4, 7, 12, 13, 20, 24, 25, MOST_BARS + 1])
def test_a_radar_is_well_formed_with_any_number_of_axes(axes: int, measure: Measure | None) -> None:
    ladder = grid(3, axes)
    radar(ladder, "l1", measure=measure)
    radar(ladder, "l1", "l2", measure=measure)


def test_bars_beyond_the_limit_are_left_out_and_counted() -> None:
    drawn = radar(grid(1, MOST_BARS + 30), "l0")
    assert "… and 30 more competencies" in drawn.texts


def test_a_shortened_name_has_the_full_name_as_its_tooltip() -> None:
    drawn = radar(grid(2, len(NAMES)), "l1")
    assert NAMES[1] in drawn.hints
    assert any(text.endswith("…") for text in drawn.texts)


def test_texts_cannot_inject_markup() -> None:
    index = Index.of(grid(1, 6, title=EVIL))
    svg = draw_radar(index, index.levels["l0"])
    assert "<script" not in svg
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in svg
    assert "\u202e" not in svg


def test_the_same_ladder_gives_the_same_bytes() -> None:
    first, second = (Index.of(ladder_of(SECOND)) for _ in range(2))
    assert draw_radar(first, first.levels["l5"]) == draw_radar(second, second.levels["l5"])


def test_colours_follow_the_dark_scheme_of_the_reader() -> None:
    index = Index.of(ladder_of(SECOND))
    level = index.levels["l5"]
    assert "@media (prefers-color-scheme:dark){.f-card{fill:#1d2226}" in draw_radar(index, level)
    assert "<style>" not in draw_radar(index, level, theme="light")
    assert "#15181b" in draw_radar(index, level, theme="dark")


@pytest.mark.parametrize("name", sorted(framework_ladders()))
def test_pictures_of_real_frameworks_are_well_formed(name: str) -> None:
    ladder = framework_ladders()[name]
    for level in ladder.levels:
        for measure in MEASURES:
            radar(ladder, level.slug, ladder.levels[0].slug, measure)


@given(ladders(max_size=5))
@settings(deadline=None)
def test_a_picture_of_any_ladder_is_well_formed(ladder: Ladder) -> None:
    for level in ladder.levels[:2]:
        radar(ladder, level.slug, ladder.levels[-1].slug)
