"""The expectations of a level by the three rules: single cases, and a comparison with a naive implementation."""

from typing import Any, Final

import pytest
from hypothesis import given, settings

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.views.demands import Demand, Demands
from tests.rubric.naive_demands import asked
from tests.rubric.small_ladders import PLACES, small_ladders

LEVELS: Final = [
    {"slug": "l1", "track": "ic", "title": "L1", "rank": 1},
    {"slug": "l2", "track": "ic", "title": "L2", "rank": 2},
    {"slug": "m2", "track": "mgmt", "title": "M2", "rank": 2},
]


def craft(level: str, *expectations: dict[str, Any], **parts: Any) -> Demand:  # noqa: ANN401 - any part
    """Return the expectations of a level in craft, in a ladder of two tracks."""
    whole = {
        "slug": "x",
        "title": "X",
        "tracks": [{"slug": "ic", "title": "IC"}, {"slug": "mgmt", "title": "M", "extends": "ic"}],
        "levels": LEVELS,
        "competencies": [{"slug": "craft", "title": "Craft"}],
        "expectations": [{"competency": "craft"} | one for one in expectations],
    }
    index = Index.of(Ladder.model_validate(whole | parts))
    return index.once(Demands).cell(index.levels[level], "craft")


def says(level: str, *texts: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any property
    return {"level": level, "statements": [{"text": text} for text in texts], **more}


def told(cell: Demand) -> list[tuple[str, str, str]]:
    return [(line.text, line.counts_as, entry.origin) for entry, line in cell.lines]


@settings(max_examples=400)
@given(small_ladders())
def test_every_level_asks_what_the_plain_rules_say(ladder: Ladder) -> None:
    index = Index.of(ladder)
    for level in ladder.levels:
        for competency, facet in PLACES:
            found = index.once(Demands).cell(level, competency, facet)
            lines = [(line.text, line.kind, line.counts_as, entry.origin) for entry, line in found.lines]
            assert (found.applicability, found.step, lines) == asked(ladder, level, competency, facet)


@given(small_ladders())
def test_each_text_is_asked_once_a_place(ladder: Ladder) -> None:
    index = Index.of(ladder)
    for level in ladder.levels:
        for cell in index.once(Demands).of(level).cells:
            keys = [line.key for _, line in cell.lines]
            assert len(keys) == len(set(keys))
            origins = [("own", "extended", "cumulated", "step").index(entry.origin) for entry in cell.entries]
            assert origins == sorted(origins)
            assert all(line.counts_as == "asked" for _, line in cell.required)


def test_own_text_that_adds_stands_before_the_inherited_text() -> None:
    both = says("m2", "Plans.", extending="adds"), says("l2", "Tests.")
    assert told(craft("m2", *both)) == [("Plans.", "asked", "own"), ("Tests.", "asked", "extended")]
    assert craft("m2", *both).state == "added"
    replaced = craft("m2", says("m2", "Plans."), says("l2", "Tests."))
    assert told(replaced) == [("Plans.", "asked", "own")]
    assert (replaced.state, [one.level for one in replaced.hidden]) == ("overridden", ["l2"])


def test_what_is_added_to_decides_the_applicability_too() -> None:
    added = craft(
        "m2", says("m2", "Plans.", extending="adds", applicability="optional"), says("l2", "Tests.")
    )
    assert added.applicability == "required"
    unused = craft("m2", says("m2", "Plans.", extending="adds"), says("l2", applicability="not-in-use"))
    assert (unused.applicability, told(unused)) == ("required", [("Plans.", "asked", "own")])
    own = craft("m2", says("m2", applicability="not-in-use", extending="adds"), says("l2", "Tests."))
    assert (own.applicability, told(own)) == ("not-in-use", [])


@pytest.mark.parametrize("missing", ["l2", "m2"])
def test_nothing_is_inherited_without_written_ranks_on_both(missing: str) -> None:
    levels = [
        {name: value for name, value in level.items() if name != "rank" or level["slug"] != missing}
        for level in LEVELS
    ]
    assert craft("m2", says("l2", "Tests."), levels=levels).state == "absent"


def test_the_stronger_kind_of_a_text_wins_then_the_nearer_origin() -> None:
    sign = {"level": "l2", "statements": [{"text": "Tests.", "kind": "indicator"}]}
    cell = craft("l2", sign, says("l1", "tests."), cumulative="yes")
    assert told(cell) == [("tests.", "asked", "cumulated")]
    cell = craft("l2", says("l2", "Tests."), says("l1", "tests.", "Asks."), cumulative="yes")
    assert told(cell) == [("Tests.", "asked", "own"), ("Asks.", "asked", "cumulated")]


def test_a_listed_kind_counts_as_the_ladder_says() -> None:
    lines = [{"text": kind, "kind": kind} for kind in ("core", "growth", "indicator", "ineffective", "task")]
    one = {"level": "l1", "statements": lines}
    assert [counts_as for _, counts_as, _ in told(craft("l1", one))] == [
        *("asked", "ahead", "sign", "unwanted", "asked"),
    ]
    kinds = [
        {"slug": "task", "title": "Task", "counts_as": "optional"},
        {"slug": "growth", "title": "Growth", "counts_as": "asked"},
    ]
    assert [counts_as for _, counts_as, _ in told(craft("l1", one, statement_kinds=kinds))] == [
        *("asked", "asked", "sign", "unwanted", "optional"),
    ]


SCALES: Final = [
    {
        "slug": "s",
        "title": "S",
        "steps": [
            {"slug": "low", "title": "Low", "summary": "With help."},
            {"slug": "high", "title": "High", "summary": "Alone."},
        ],
    }
]
CRAFT: Final = {
    "slug": "craft",
    "title": "Craft",
    "scale": "s",
    "proficiencies": [{"step": "high", "statements": [{"text": "Leads."}]}],
}


def test_a_cell_that_names_a_step_has_its_text() -> None:
    parts: dict[str, Any] = {"scales": SCALES, "competencies": [CRAFT]}
    assert told(craft("l1", {"level": "l1", "step": "high"}, **parts)) == [("Leads.", "asked", "step")]
    assert told(craft("l1", {"level": "l1", "step": "low"}, **parts)) == [("With help.", "asked", "step")]
    cumulative: dict[str, Any] = parts | {"scales": [SCALES[0] | {"cumulative": "yes"}]}
    assert told(craft("l1", {"level": "l1", "step": "high"}, **cumulative)) == [
        ("Leads.", "asked", "step"),
        ("With help.", "asked", "step"),
    ]
