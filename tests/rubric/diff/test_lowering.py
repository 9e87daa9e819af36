"""Lowering: a publisher counts single changes one class lower, each by its name and with a reason."""

from collections.abc import Mapping

import pytest

from app.errors import Invalid
from app.rubric.diff import Diff, Wish, apply, diff, lower
from app.rubric.index import Index
from app.rubric.releases import Lowered
from tests.rubric.drafts import draft

Edits = Mapping[str, object]
_ASKED = "Writes tests for every change."
_OTHER = "Leaves the testing to others."
_CELL = "expectation:l4--quality"
_REWRITTEN = ({"/expectations/0/summary": _ASKED}, {"/expectations/0/summary": _OTHER})


def between(before: Edits, after: Edits) -> Diff:
    return diff(Index.of(draft(before)), Index.of(draft(after)))


def refused(found: Diff, *wishes: tuple[str, str]) -> list[tuple[str | None, str]]:
    with pytest.raises(Invalid) as caught:
        lower(found, [Wish(*wish) for wish in wishes])
    return [(fault.pointer, fault.detail) for fault in caught.value.faults]


def test_a_change_counts_one_class_lower() -> None:
    found = between(*_REWRITTEN)
    lowering = lower(found, [Wish(_CELL, "Two words for one thing.")])
    assert found.least_bump == "major"
    assert lowering.least_bump == "minor"
    assert lowering.lowered == (Lowered(_CELL, "asks-other", "asks-less", "Two words for one thing."),)


def test_the_diff_counts_them_as_they_were_lowered() -> None:
    found = between(*_REWRITTEN)
    told = apply(found, lower(found, [Wish(_CELL, "One thing.")]).lowered)
    assert [(change.impact, change.bump) for change in told.changes] == [("asks-less", "minor")]
    assert (told.least_bump, told.counts.by_impact["asks-less"]) == ("minor", 1)


def test_what_asks_more_stays_major_one_class_lower() -> None:
    lowering = lower(between({}, {"/expectations/0/step": "expert"}), [Wish(_CELL, "It was meant.")])
    assert ([one.now for one in lowering.lowered], lowering.least_bump) == (["asks-other"], "major")


def test_the_other_changes_count_as_before() -> None:
    both = {"/expectations/0/summary": _OTHER, "/expectations/1/step": "novice"}
    lowering = lower(between({"/expectations/0/summary": _ASKED}, both), [Wish(_CELL, "One thing.")])
    assert lowering.least_bump == "minor"
    more = {**both, "/expectations/-": {"level": "l4", "competency": "delivery"}}
    lowering = lower(between({"/expectations/0/summary": _ASKED}, more), [Wish(_CELL, "One thing.")])
    assert lowering.least_bump == "major"


def test_an_addition_that_is_lowered_asks_for_a_patch() -> None:
    found = between({}, {"/levels/0/examples": [{"slug": "e", "text": "An example."}]})
    assert lower(found, [Wish("example:e", "It stood in the summary.")]).least_bump == "patch"


def test_nothing_is_lowered_where_nothing_is_asked_for() -> None:
    assert lower(between({}, {}), []).least_bump is None
    assert lower(between({}, {"/title": "ACME"}), []).least_bump == "patch"


def test_a_wish_names_a_change_there_is() -> None:
    said = (
        "No change is called 'expectation:l4-quality'. Did you mean 'expectation:l4--quality'? "
        "Name one by its `target` in the diff."
    )
    wish = ("expectation:l4-quality", "Why not.")
    assert refused(between(*_REWRITTEN), wish) == [("/lowered/0/change", said)]


def test_a_wish_says_why() -> None:
    assert refused(between(*_REWRITTEN), (_CELL, " \n")) == [
        ("/lowered/0/reason", "Say why the change weighs less; the reason is kept.")
    ]


def test_a_change_is_lowered_once() -> None:
    said = "'expectation:l4--quality' is named more than once; a change is lowered by one class only."
    assert refused(between(*_REWRITTEN), (_CELL, "One."), (_CELL, "Two.")) == [
        ("/lowered/0/change", said),
        ("/lowered/1/change", said),
    ]


def test_the_lowest_class_cannot_be_lowered() -> None:
    assert refused(between({}, {"/title": "ACME"}), ("ladder:acme", "Why not.")) == [
        ("/lowered/0/change", "'ladder:acme' is editorial already, the lowest class there is.")
    ]


@pytest.mark.parametrize(
    ("before", "after", "target", "kind"),
    [
        ({"/levels/-": {"slug": "l6", "track": "ic", "title": "Staff"}}, {}, "level:l6", "level"),
        ({}, {"/facets/1/slug": "speed", "/facets/1/formerly": ["pace"]}, "facet:speed", "facet"),
        ({"/competencies/-": {"slug": "care", "title": "Care"}}, {}, "competency:care", "competency"),
    ],
)
def test_the_removal_or_rename_of_a_level_competency_or_facet_stays_major(
    before: Edits, after: Edits, target: str, kind: str
) -> None:
    assert refused(between(before, after), (target, "Nobody was on it.")) == [
        (
            "/lowered/0/change",
            f"The removal or rename of a {kind} asks for a major release, whatever else it means.",
        )
    ]


def test_a_name_that_two_changes_share_names_neither() -> None:
    one, other = ({"/expectations/0/statements": [{"text": text}]} for text in (_ASKED, "Plans ahead."))
    target = "statement:expectation--l4--quality--statement-1"
    assert refused(between(one, other), (target, "One thing.")) == [
        (
            "/lowered/0/change",
            f"'{target}' names 2 changes, one gone and one new; give what they are of a slug.",
        )
    ]


def test_all_faults_are_told_at_once_where_the_caller_says() -> None:
    with pytest.raises(Invalid) as caught:
        lower(between(*_REWRITTEN), [Wish("level:l9", ""), Wish(_CELL, "")], "/lower")
    assert [fault.pointer for fault in caught.value.faults] == [
        "/lower/0/reason",
        "/lower/0/change",
        "/lower/1/reason",
    ]
