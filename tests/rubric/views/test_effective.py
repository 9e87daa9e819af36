"""The expectations in force at a level, inherited from tracks and lower levels, each with its origin."""

from typing import Any

import pytest
from hypothesis import given

from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder, Level
from app.rubric.views.demands import Demand, Demands, LevelDemands
from app.rubric.views.holdings import Entry, Origin, State
from tests.strategies import framework_ladders, ladders

GENERIC = {"slug": "generic", "title": "Generic"}
WEB = {"slug": "web", "title": "Web", "extends": "generic"}
SCALE = {
    "slug": "depth",
    "title": "Depth",
    "steps": [{"slug": "low", "title": "L"}, {"slug": "high", "title": "H"}],
}


def ladder(*expectations: dict[str, Any], cumulative: str = "no", **parts: Any) -> Index:  # noqa: ANN401 - any part
    """Two tracks, of which one extends the other: g1, g2, g3 and the fork w2, w3."""
    levels = [
        {"slug": f"{track[0]}{rank}", "track": track, "title": "x", "rank": rank}
        for track, ranks in (("generic", (1, 2, 3)), ("web", (2, 3)))
        for rank in ranks
    ]
    competencies = [{"slug": "craft", "title": "Craft", "scale": "depth"}, {"slug": "care", "title": "Care"}]
    facets = [{"slug": "tests", "competency": "craft", "title": "Tests"}]
    whole = {"slug": "a", "title": "A", "cumulative": cumulative, "tracks": [GENERIC, WEB], "levels": levels}
    whole |= {"competencies": competencies, "facets": facets, "scales": [SCALE], "expectations": expectations}
    return Index.of(Ladder.model_validate(whole | parts))


def asks(level: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any property
    return {"level": level, "competency": "craft", **more}


def craft(index: Index, level: str) -> Demand:
    return effective(index, index.levels[level]).cells[0]


def level_of(entry: Entry) -> str:
    assert isinstance(entry.source, Expectation)
    return entry.source.level


def effective(index: Index, level: Level) -> LevelDemands:
    return index.once(Demands).of(level)


def told(cell: Demand) -> tuple[State, list[tuple[str, Origin]], list[str]]:
    held = [(level_of(one), one.origin) for one in cell.held]
    return cell.state, held, [one.level for one in cell.hidden]


def test_every_place_has_a_cell_in_order() -> None:
    index = ladder(asks("g1"))
    cells = effective(index, index.levels["g1"]).cells
    assert [(cell.competency, cell.facet, cell.state) for cell in cells] == [
        ("craft", None, "own"),
        ("craft", "tests", "absent"),
        ("care", None, "absent"),
    ]
    assert [cell.applicability for cell in cells] == ["required", None, None]
    assert [cell.asked for cell in cells] == [True, False, False]


def test_a_track_takes_over_what_the_one_it_extends_says_at_equal_rank() -> None:
    index = ladder(asks("g2"))
    assert told(craft(index, "w2")) == ("inherited", [("g2", "extended")], [])
    assert told(craft(index, "w3")) == ("absent", [], [])


def test_an_own_word_hides_the_inherited_one() -> None:
    index = ladder(asks("g2"), asks("w2"))
    assert told(craft(index, "w2")) == ("overridden", [("w2", "own")], ["g2"])


def test_not_in_use_is_neither_absent_nor_inherited() -> None:
    index = ladder(asks("g2"), asks("w2", applicability="not-in-use"))
    cell = craft(index, "w2")
    assert told(cell) == ("not-in-use", [("w2", "own")], ["g2"])
    assert (cell.applicability, cell.asked, cell.step) == ("not-in-use", False, None)


def test_not_in_use_is_inherited_too() -> None:
    index = ladder(asks("g2", applicability="not-in-use"))
    assert told(craft(index, "w2")) == ("not-in-use", [("g2", "extended")], [])


@pytest.mark.parametrize("cumulative", ["no", "unsaid"])
def test_lower_rungs_count_only_where_the_ladder_says_so(cumulative: str) -> None:
    index = ladder(asks("g1"), asks("g3"), cumulative=cumulative)
    assert told(craft(index, "g3")) == ("own", [("g3", "own")], [])


def test_a_cumulative_level_holds_all_below_it_the_nearest_first() -> None:
    index = ladder(asks("g1"), asks("g2"), asks("g3"), cumulative="yes")
    assert told(craft(index, "g3")) == ("own", [("g3", "own"), ("g2", "cumulated"), ("g1", "cumulated")], [])
    index = ladder(asks("g1"), cumulative="yes")
    assert told(craft(index, "g3")) == ("inherited", [("g1", "cumulated")], [])


def test_what_was_out_of_use_below_does_not_come_back() -> None:
    index = ladder(asks("g1"), asks("g2", applicability="not-in-use"), asks("g3"), cumulative="yes")
    assert told(craft(index, "g3")) == ("own", [("g3", "own")], [])
    index = ladder(asks("g1"), asks("g2", applicability="not-in-use"), cumulative="yes")
    assert told(craft(index, "g3")) == ("absent", [], [])


def test_a_fork_stands_on_the_lower_rungs_of_the_track_it_extends() -> None:
    index = ladder(asks("g1"), asks("g2"), asks("w3"), cumulative="yes")
    expected = [("w3", "own"), ("g2", "cumulated"), ("g1", "cumulated")]
    assert told(craft(index, "w3")) == ("own", expected, [])
    rungs = Demands(index).inheritance.rungs("web")
    assert [rung.slug for rung in rungs] == ["g1", "w2", "w3"]


def test_the_highest_step_counts() -> None:
    index = ladder(asks("g1", step="high"), asks("g2", step="low"), cumulative="yes")
    assert craft(index, "g2").step == "high"
    assert craft(index, "g3").step == "high"
    without_scale = ladder(asks("g1", step="low"), asks("g2", step="high"), cumulative="yes", scales=[])
    assert craft(without_scale, "g2").step == "high"


def test_circles_and_names_that_lead_nowhere_end_the_way() -> None:
    circle = [{**GENERIC, "extends": "web"}, WEB]
    index = ladder(asks("g2"), cumulative="yes", tracks=circle)
    assert told(craft(index, "w2")) == ("inherited", [("g2", "extended")], [])
    nowhere = ladder(asks("w2"), cumulative="yes", tracks=[{**WEB, "extends": "none"}])
    assert told(craft(nowhere, "w3")) == ("inherited", [("w2", "cumulated")], [])


def test_monzo_tells_own_inherited_and_out_of_use_apart() -> None:
    index = Index.of(framework_ladders()["monzo"])
    states = [cell.state for cell in effective(index, index.levels["web-1"]).cells]
    assert states == ["inherited", "overridden", "not-in-use"]


@given(ladders())
def test_every_expectation_of_a_level_is_held_by_it(generated: Ladder) -> None:
    """Whatever the ladder: a level's own words hold at it, and nothing holds that is not of it or below it."""
    index = Index.of(generated)
    whole = Demands(index)
    for level in generated.levels:
        found = whole.of(level)
        assert [(cell.competency, cell.facet) for cell in found.cells] == list(whole.places)
        own = {id(one.source) for cell in found.cells for one in cell.held if one.origin == "own"}
        assert own == {id(asked) for asked in generated.expectations if asked.level == level.slug}
        for cell in found.cells:
            assert cell.asked == (cell.applicability not in {None, "not-in-use"})
            for one in cell.held:
                assert index.ranks[level_of(one)] <= index.ranks[level.slug]


def test_of_two_levels_of_one_rank_the_first_speaks_for_both() -> None:
    """As a draft may hold them, however the second is written."""
    twin = {"slug": "g2b", "track": "generic", "title": "Twin", "rank": 2}
    index = ladder(asks("g2"), {**asks("g2"), "level": "g2b"})
    levels = [level.model_dump(exclude_none=True) for level in index.ladder.levels]
    both = Index.of(
        Ladder.model_validate({**index.ladder.model_dump(exclude_none=True), "levels": [*levels, twin]})
    )
    assert told(craft(both, "w2")) == ("inherited", [("g2", "extended")], [])
