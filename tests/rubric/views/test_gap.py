"""The gap between two levels: the expectations that one adds to the other."""

from typing import Any, Final

import pytest
from hypothesis import given

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.views.demands import Demands
from app.rubric.views.gap import CellGap, LevelGap, gap
from app.rubric.views.line_text import entry_address
from app.rubric.views.progression import moves
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders

EXAMPLE: Final = ladder_of(SECOND)
SCALE: Final = {
    "slug": "depth",
    "title": "Depth",
    "steps": [{"slug": slug, "title": slug} for slug in ("low", "mid", "high")],
}


def between(ladder: Ladder, here: str, there: str) -> LevelGap:
    effectives = Demands(Index.of(ladder))
    levels = effectives.index.levels
    return gap(effectives, effectives.of(levels[here]), effectives.of(levels[there]))


def cell(here: dict[str, Any] | None, there: dict[str, Any] | None, **parts: Any) -> CellGap | None:  # noqa: ANN401 - any part
    """Return the one cell of two levels of which each says that, or nothing."""
    said = [
        {"level": level, "competency": "craft", **words}
        for level, words in (("a", here), ("b", there))
        if words is not None
    ]
    whole = {
        "slug": "x",
        "title": "X",
        "tracks": [{"slug": "t", "title": "T"}],
        "levels": [{"slug": slug, "track": "t", "title": slug} for slug in "ab"],
        "scales": [SCALE],
        "competencies": [{"slug": "craft", "title": "Craft", "scale": "depth"}],
        "expectations": said,
    }
    cells = between(Ladder.model_validate(whole | parts), "a", "b").cells
    return cells[0] if cells else None


def said(*lines: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any property
    return {"statements": [{"text": line} for line in lines], **more}


def texts(found: CellGap | None) -> tuple[list[str], list[str]]:
    assert found is not None
    return (
        [one.text for part in found.added for one in part.statements],
        [one.text for part in found.dropped for one in part.statements],
    )


OUT: Final = {"applicability": "not-in-use"}


@pytest.mark.parametrize(
    ("here", "there", "change"),
    [
        (None, None, None),
        (None, {"step": "low"}, "new"),
        (OUT, {"step": "low"}, "new"),
        ({"step": "low"}, None, "dropped"),
        ({"step": "low"}, OUT, "dropped"),
        (None, OUT, None),
        ({"step": "low"}, {"step": "high"}, "raised"),
        (said("x"), said("x", step="low"), "raised"),
        ({"applicability": "optional"}, {"applicability": "required"}, "raised"),
        (said("x"), said("x", "y"), "more"),
        (said("x"), said("x", summary="new"), "more"),
        (said("x"), said("y"), "other"),
        ({"step": "high"}, said("y", step="low"), "other"),
        ({"step": "low"}, {"step": "high", "applicability": "optional"}, "other"),
        (said("x", "y"), said("x"), "less"),
        ({"step": "high"}, {"step": "low"}, "less"),
        ({"applicability": "required"}, {"applicability": "optional"}, "less"),
        (said("x", step="low"), said("x", step="low"), None),
    ],
)
def test_every_way_in_which_a_cell_differs(
    here: dict[str, Any] | None, there: dict[str, Any] | None, change: str | None
) -> None:
    found = cell(here, there)
    assert (None if found is None else found.change) == change


def test_a_step_tells_how_far_it_rises() -> None:
    found = cell({"step": "low"}, {"step": "high"})
    assert found is not None
    assert (found.step_here, found.step, found.rise) == ("low", "high", 2)
    fallen = cell({"step": "high"}, {"step": "mid"})
    assert fallen is not None
    assert fallen.rise == -1
    named = cell(None, {"step": "mid"})
    assert named is not None
    assert (named.step_here, named.step, named.rise) == (None, "mid", None)


def test_the_same_text_is_the_same_statement_whatever_its_case_spacing_and_composition() -> None:
    found = cell(said("Asks  EARLY.", "caf\u00e9"), said("asks early.", "cafe\u0301", "Says no."))
    assert texts(found) == (["Says no."], [])


def test_a_statement_that_says_more_is_another() -> None:
    assert texts(cell(said("Asks early."), said("Asks early and often."))) == (
        ["Asks early and often."],
        ["Asks early."],
    )


def test_growth_lines_are_asked_on_neither_side_and_shown_as_what_to_practise() -> None:
    growing = {"statements": [{"text": "Leads.", "kind": "growth"}]}
    found = cell(growing | {"step": "low"}, said("Leads.", step="low"))
    assert found is not None
    assert (texts(found), [one.text for one in found.ahead]) == ((["Leads."], []), ["Leads."])
    assert cell(said("x"), {"statements": [{"text": "x"}, {"text": "Leads.", "kind": "growth"}]}) is None


def test_what_a_cumulative_level_holds_from_below_is_not_added_again() -> None:
    found = cell(said("x", summary="One."), said("y"), cumulative="yes")
    assert texts(found) == (["y"], [])
    assert found is not None
    assert (found.change, found.dropped) == ("more", ())


def test_the_parts_name_the_expectation_that_says_them() -> None:
    found = between(EXAMPLE, "l5", "m2")
    mentoring = next(one for one in found.cells if one.competency == "mentorship-role" and one.facet is None)
    assert [(entry_address(entry), entry.origin) for entry in mentoring.added] == [
        ("m2--mentorship-role", "own"),
        ("m1--mentorship-role", "cumulated"),
        (None, "step"),
    ]
    assert [entry_address(entry) for entry in mentoring.dropped] == ["l5--mentorship-role"]


def test_a_promotion_in_the_example_raises_and_drops_nothing() -> None:
    found = between(EXAMPLE, "l4", "l5")
    assert found.counts == {"new": 0, "raised": 30, "more": 1, "other": 0, "less": 0, "dropped": 0}
    assert (found.statements, found.steps) == (40, 30)


def test_what_is_not_in_use_for_managers_is_dropped_and_comes_back() -> None:
    assert between(EXAMPLE, "l7", "m3").counts["dropped"] == 7
    back = between(EXAMPLE, "m3", "l7")
    assert back.counts["new"] == 7
    assert {one.applicability_here for one in back.cells if one.change == "new"} == {"not-in-use"}


def test_levels_without_words_differ_in_nothing() -> None:
    medium = framework_ladders()["medium-snowflake"]
    assert between(medium, "e1", "e3").cells == ()


@given(ladders())
def test_nothing_is_missing_from_a_level_to_itself_and_both_ways_mirror(generated: Ladder) -> None:
    effectives = Demands(Index.of(generated))
    mirror = {"new": "dropped", "dropped": "new", "more": "less", "less": "more", "other": "other"}
    for level in generated.levels:
        here = effectives.of(level)
        assert gap(effectives, here, here).cells == ()
        for move in moves(effectives.inheritance, level):
            there = effectives.of(move.level)
            ways = gap(effectives, here, there), gap(effectives, there, here)
            for one, other in zip(ways[0].cells, ways[1].cells, strict=True):
                assert (one.competency, one.facet) == (other.competency, other.facet)
                assert (one.added, one.dropped, one.rise) == (
                    other.dropped,
                    other.added,
                    None if other.rise is None else -other.rise,
                )
                assert "raised" in {one.change, other.change} or mirror[one.change] == other.change
