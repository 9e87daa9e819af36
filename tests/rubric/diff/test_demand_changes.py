"""The meaning of a diff for each level, on the cases of its page and on generated ladders."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rubric.diff import Diff, diff
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.rubric.diff.naive_difference import meaning
from tests.rubric.small_ladders import small_ladders

_PARTS: Final = ("cumulative", "statement_kinds", "tracks", "scales", "competencies", "facets")
_IMPACTS: Final = {"more": "asks-more", "less": "asks-less", "other": "asks-other"}


@st.composite
def two_ladders(draw: st.DrawFn) -> tuple[Ladder, Ladder]:
    """Give two ladders that have some parts in common."""
    one, other = draw(small_ladders()), draw(small_ladders())
    shared = {name: getattr(one, name) for name in _PARTS if draw(st.booleans())}
    if draw(st.booleans()):
        known = {level.slug for level in one.levels}
        fitting = tuple(cell for cell in other.expectations if cell.level in known)
        mixed = one.expectations if draw(st.booleans()) else fitting
        shared |= {"levels": one.levels, "expectations": mixed}
    return one, other.model_copy(update=shared)


@settings(max_examples=600)
@given(two_ladders())
def test_every_level_is_asked_more_less_other_or_the_same_as_the_plain_rules_say(
    both: tuple[Ladder, Ladder],
) -> None:
    before, after = both
    found = {one.level: one.impact for one in diff(Index.of(before), Index.of(after)).levels}
    then = {level.slug: level for level in before.levels}
    for level in after.levels:
        if level.slug in then:
            impact = found.get(level.slug, "clarifies")
            said = impact if impact.startswith("asks") else None
            assert said == _IMPACTS.get(meaning(before, after, then[level.slug], level))


@given(two_ladders())
def test_the_least_bump_is_major_exactly_if_a_level_or_a_change_says_so(both: tuple[Ladder, Ladder]) -> None:
    found = diff(Index.of(both[0]), Index.of(both[1]))
    weighty = {"asks-more", "asks-other"} & {level.impact for level in found.levels}
    assert (found.least_bump == "major") == bool(weighty or {"major"} & {one.bump for one in found.changes})


def ladder(*expectations: Mapping[str, Any], **parts: Any) -> Ladder:  # noqa: ANN401 - any part
    whole = {
        "slug": "x",
        "title": "X",
        "tracks": [{"slug": "ic", "title": "IC"}],
        "levels": [level("e1"), level("e2")],
        "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "oncall", "title": "On call"}],
        "expectations": list(expectations),
    }
    return Ladder.model_validate(whole | parts)


def level(slug: str, track: str = "ic", **more: object) -> dict[str, object]:
    return {"slug": slug, "track": track, "title": slug} | more


def says(where: str, *texts: str, competency: str = "craft", **more: object) -> dict[str, object]:
    lines = [{"text": text} for text in texts]
    return {"level": where, "competency": competency, "statements": lines} | more


def levels(before: Ladder, after: Ladder) -> tuple[dict[str, str], str | None]:
    found: Diff = diff(Index.of(before), Index.of(after))
    return {one.level: one.impact for one in found.levels}, found.least_bump


def test_a_level_above_a_new_one_is_asked_what_that_adds() -> None:
    parts: dict[str, Any] = {"cumulative": "yes"}
    before = ladder(says("e1", "Writes."), says("e2", "Leads."), **parts)
    after = ladder(
        says("e1", "Writes."),
        says("e2", "Leads."),
        says("between", "Carries the pager.", competency="oncall"),
        levels=[level("e1"), level("between"), level("e2")],
        **parts,
    )
    assert levels(before, after) == ({"between": "clarifies", "e2": "asks-more"}, "major")


def test_a_line_that_moves_up_in_a_cumulative_ladder_asks_less_of_the_lower_level_alone() -> None:
    before = ladder(says("e1", "Writes tests.", "Speaks."), says("e2", "Leads."), cumulative="yes")
    after = ladder(says("e1", "Writes tests."), says("e2", "Leads.", "Speaks."), cumulative="yes")
    assert levels(before, after) == ({"e1": "asks-less"}, "minor")


def test_a_line_at_the_bottom_of_a_cumulative_fork_is_asked_of_all_above() -> None:
    fork: dict[str, Any] = {
        "cumulative": "yes",
        "tracks": [{"slug": "ic", "title": "IC"}, {"slug": "mgmt", "title": "M", "extends": "ic"}],
        "levels": [level("l1", rank=1), level("l2", rank=2), level("m3", "mgmt", rank=3)],
    }
    own = [says("l2", "Leads."), says("m3", "Hires.")]
    before, after = (
        ladder(says("l1", "Writes."), *own, **fork),
        ladder(says("l1", "Writes.", "Asks."), *own, **fork),
    )
    assert levels(before, after) == (dict.fromkeys(["l1", "l2", "m3"], "asks-more"), "major")
    (change,) = diff(Index.of(before), Index.of(after)).changes
    assert (change.impact, change.levels, change.tracks) == ("asks-more", ("l1", "l2", "m3"), ("ic", "mgmt"))


@pytest.mark.parametrize("place", ["scale", "competency"])
def test_the_text_of_a_step_is_asked_of_the_levels_that_ask_for_the_step(place: str) -> None:
    def with_text(text: str) -> Ladder:
        step = {"slug": "high", "title": "High"} | ({"summary": text} if place == "scale" else {})
        craft: dict[str, object] = {"slug": "craft", "title": "Craft", "scale": "s"}
        if place == "competency":
            craft["proficiencies"] = [{"step": "high", "summary": text}]
        return ladder(
            {"level": "e1", "competency": "craft", "step": "low"},
            {"level": "e2", "competency": "craft", "step": "high"},
            scales=[{"slug": "s", "title": "S", "steps": [{"slug": "low", "title": "Low"}, step]}],
            competencies=[craft],
        )

    assert levels(with_text("Writes tests."), with_text("Leads others.")) == ({"e2": "asks-other"}, "major")


def test_lines_that_a_base_track_or_a_lower_level_says_too_can_be_removed() -> None:
    before = ladder(says("e1", "Writes."), says("e2", "Writes.", "Leads."), cumulative="yes")
    after = ladder(says("e1", "Writes."), says("e2", "Leads."), cumulative="yes")
    assert levels(before, after) == ({}, "minor")
    fork: dict[str, Any] = {
        "tracks": [
            {"slug": "ic", "title": "IC"},
            {"slug": "mgmt", "title": "M", "extends": "ic", "extending": "adds"},
        ],
        "levels": [level("l1", rank=1), level("m1", "mgmt", rank=1)],
    }
    before = ladder(says("l1", "Writes."), says("m1", "Writes.", "Hires."), **fork)
    after = ladder(says("l1", "Writes."), says("m1", "Hires."), **fork)
    assert levels(before, after) == ({}, "minor")


@pytest.mark.parametrize("applicability", ["not-in-use", "optional"])
def test_an_inherited_duty_that_returns_asks_more(applicability: str) -> None:
    fork: dict[str, Any] = {
        "tracks": [{"slug": "ic", "title": "IC"}, {"slug": "mgmt", "title": "M", "extends": "ic"}],
        "levels": [level("l1", rank=1), level("m1", "mgmt", rank=1)],
    }
    own = {"level": "m1", "competency": "craft", "applicability": applicability}
    before, after = ladder(says("l1", "Writes."), own, **fork), ladder(says("l1", "Writes."), **fork)
    assert levels(before, after) == ({"m1": "asks-more"}, "major")
    (change,) = diff(Index.of(before), Index.of(after)).changes
    assert (change.actions, change.impact) == (("removed",), "asks-more")


def test_a_line_for_another_line_asks_something_else() -> None:
    found = levels(ladder(says("e1", "Writes tests.")), ladder(says("e1", "Leads others.")))
    assert found == ({"e1": "asks-other"}, "major")


def test_years_and_points_that_lead_to_a_level_count_as_asked() -> None:
    def with_points(points: int) -> list[dict[str, object]]:
        return [{"slug": "ic", "title": "IC", "thresholds": [{"points_from": points, "level": "e2"}]}]

    assert levels(ladder(tracks=with_points(5)), ladder(tracks=with_points(8))) == (
        {"e2": "asks-more"},
        "major",
    )
    assert levels(ladder(tracks=with_points(5)), ladder(tracks=with_points(3))) == (
        {"e2": "asks-less"},
        "minor",
    )
    years = ladder(levels=[level("e1"), level("e2", years_from=3)])
    assert levels(ladder(), years) == ({"e2": "asks-more"}, "major")
    assert levels(years, ladder()) == ({"e2": "asks-less"}, "minor")


def test_the_description_of_a_level_clarifies() -> None:
    described = ladder(levels=[level("e1", summary="Begins."), level("e2")])
    assert levels(ladder(), described) == ({"e1": "clarifies"}, "minor")
    assert levels(ladder(), ladder(levels=[level("e1", rank=1), level("e2", rank=4)])) == (
        {"e1": "clarifies", "e2": "clarifies"},
        "minor",
    )
