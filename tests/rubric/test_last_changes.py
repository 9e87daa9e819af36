"""The release in which each entity last changed."""

from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.entities import COLLECTIONS, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.last_changes import Earlier, last_changes
from app.rubric.releases import Version
from tests.rubric.drafts import draft
from tests.strategies import ladders

V1, V2, V3 = (Version(1, number, 0) for number in range(3))
ONE, TWO, THREE = map(str, (V1, V2, V3))
KINDS: Final = {*COLLECTIONS.values(), "example"}
EXAMPLE: Final = {"slug": "outage", "text": "Fixed an outage."}


def changed(before: Ladder, after: Ladder) -> set[str]:
    """Return the entities of a ladder that say they changed in it, as `kind:address`."""
    one, other = Index.of(before), Index.of(after)
    found = last_changes(other, V2, Earlier(one, last_changes(one, V1, None)))
    assert set(found.values()) <= {ONE, TWO}
    return {node.target for node in other.nodes if node.uuid is not None and found.get(node.uuid) == TWO}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"/title": "ACME"}, set()),
        ({}, {"/levels/0/title": "Programmer"}, {"level:l4"}),
        ({}, {"/expectations/0/statements": [{"text": "Tests."}]}, {"expectation:l4--quality"}),
        ({}, {"/competencies/0/examples": [{"text": "Ours."}]}, {"competency:quality"}),
        ({}, {"/scales/0/steps/0/title": "Beginner"}, {"scale:depth"}),
        ({}, {"/tips": [{"slug": "slow", "title": "Slow", "text": "Wait."}]}, {"tip:slow"}),
        ({}, {"/levels/0/examples": [EXAMPLE]}, {"level:l4", "example:outage"}),
        (
            {"/levels/0/examples": [EXAMPLE]},
            {"/levels/1/examples": [EXAMPLE]},
            {"level:l4", "level:l5", "example:outage"},
        ),
        ({}, {"/faqs/0/formerly": ["how-slow"]}, {"faq:how-long"}),
    ],
)
def test_an_entity_changes_with_its_own_properties_and_the_parts_it_holds(
    before: Mapping[str, object], after: Mapping[str, object], expected: set[str]
) -> None:
    assert changed(draft(before), draft(after)) == expected


def test_a_renamed_level_changes_with_everything_that_names_it() -> None:
    after = draft(
        {
            "/levels/0/slug": "e4",
            "/levels/0/formerly": ["l4"],
            "/expectations/0/level": "e4",
        }
    )
    assert changed(draft(), after) == {"level:e4", "expectation:e4--quality"}


def test_a_level_that_gets_another_rank_by_its_position_changes() -> None:
    new = {"slug": "l3", "track": "ic", "title": "Junior"}
    levels = draft().model_dump(mode="json", exclude_none=True)["levels"]
    assert changed(draft(), draft({"/levels": [new, *levels]})) == {"level:l3", "level:l4", "level:l5"}
    ranked = [{**level, "rank": rank} for rank, level in enumerate(levels, 4)]
    before = draft({"/levels": ranked})
    assert changed(before, draft({"/levels": [{**new, "rank": 3}, *ranked]})) == {"level:l3"}


def test_an_entity_that_is_moved_in_its_list_does_not_change() -> None:
    competencies = draft().model_dump(mode="json", exclude_none=True)["competencies"]
    assert changed(draft(), draft({"/competencies": competencies[::-1]})) == set()


def test_what_did_not_change_keeps_the_release_of_its_last_change() -> None:
    first, second = Index.of(draft()), Index.of(draft({"/levels/0/title": "Programmer"}))
    third = Index.of(draft({"/levels/0/title": "Programmer", "/levels/1/title": "Senior"}))
    found = last_changes(second, V2, Earlier(first, last_changes(first, V1, None)))
    found = last_changes(third, V3, Earlier(second, found))
    told = {node.target: found[node.uuid] for node in third.of_kind("level") if node.uuid is not None}
    assert told == {"level:l4": TWO, "level:l5": THREE}


@given(ladders())
def test_nothing_changes_in_equal_content_and_everything_in_a_first_release(ladder: Ladder) -> None:
    index = Index.of(ladder)
    first = last_changes(index, V1, None)
    uuids = {node.uuid for node in index.nodes if node.kind in KINDS and node.uuid is not None}
    assert first == dict.fromkeys(uuids, ONE)
    again = Index.of(ladder.model_copy())
    assert last_changes(again, V2, Earlier(index, first)) == first


@given(st.lists(ladders(), min_size=3, max_size=3))
def test_a_change_is_dated_by_the_last_of_several_releases_that_has_another_body(line: list[Ladder]) -> None:
    """Compares with a walk back along the releases."""
    line = [one.model_copy(update={"slug": "same", "formerly": ()}) for one in line]
    indexes, versions = [Index.of(one) for one in line], [V1, V2, V3]
    base: Earlier | None = None
    for index, version in zip(indexes, versions, strict=True):
        base = Earlier(index, last_changes(index, version, base))
    assert base is not None
    for node in indexes[-1].nodes:
        if node.kind not in KINDS or node.uuid is None:
            continue
        expected = THREE
        for earlier, number in zip(indexes[1::-1], [TWO, ONE], strict=True):
            other = earlier.find_uuid(node.uuid)
            if other is None or _body(earlier, other) != _body(indexes[-1], node):
                break
            expected = number
        assert base.last_changes[node.uuid] == expected


def _body(index: Index, node: Node) -> tuple[object, ...]:
    rank = index.ranks[node.address] if node.kind == "level" else None
    of = node.owner.target if node.owner is not None and node.kind == "example" else None
    return node.entity.model_dump(), rank, of
