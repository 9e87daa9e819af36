"""The cache of diffs and comparisons: each computed once, bounded by size, and keyed by content."""

import gc
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final
from weakref import ref

import pytest

from app.rubric.canonical import canonical, content_sha256
from app.rubric.compare.comparison import Side, compare
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from app.rubric.views.demands import Demands
from app.serving.releases.comparison_cache import Comparisons, Diffs, memory_of
from tests.rubric.drafts import draft

_ROOM: Final = 1_000_000
"""Bytes for everything that a test keeps."""


@dataclass(frozen=True)
class Content:
    """A ladder as it is loaded."""

    ladder: Ladder
    label: str = "1.0.0"
    since: Version | None = None

    def changed_in(self, node: Node) -> str | None:
        """Tell of no entity when it changed."""
        del node
        return None

    @property
    def slug(self) -> str:
        return self.ladder.slug

    @cached_property
    def index(self) -> Index:
        return Index.of(self.ladder)

    @cached_property
    def content_sha256(self) -> str:
        return content_sha256(canonical(self.ladder))


def titled(title: str) -> Content:
    return Content(draft({"/title": title}))


def test_a_diff_is_computed_once_for_two_contents_whatever_they_are_called() -> None:
    kept, one, other = Diffs(_ROOM), titled("One"), titled("Other")
    found = kept.get(one, other)
    assert [change.target for change in found.changes] == ["ladder:acme"]
    assert kept.get(replace(one, label="draft"), replace(other, label="2.0.0")) is found


def test_the_two_directions_are_two_diffs() -> None:
    kept, one, other = Diffs(_ROOM), titled("One"), titled("Other")
    there, back = kept.get(one, other), kept.get(other, one)
    assert [there.changes[0].fields[0].before, back.changes[0].fields[0].before] == ["One", "Other"]


def test_the_least_recently_used_entry_is_evicted_first() -> None:
    kept, base = Diffs(12_000), draft()  # two diffs of one change each
    first, second = (kept.get(Content(base), titled(title)) for title in ("A", "B"))
    assert kept.get(Content(base), titled("A")) is first
    kept.get(Content(base), titled("C"))
    assert kept.get(Content(base), titled("A")) is first
    assert kept.get(Content(base), titled("B")) is not second


def levels_of(content: Content, level: str) -> tuple[Content, Side]:
    return content, Side(content.index.once(Demands), content.index.levels[level])


def test_a_comparison_is_computed_once_for_two_levels_of_two_contents() -> None:
    kept, one, other = Comparisons(_ROOM), titled("One"), titled("Other")
    found = kept.get(levels_of(one, "l4"), levels_of(other, "l5"))
    again = kept.get(levels_of(one, "l4"), levels_of(other, "l5"))
    assert again is found
    assert again.cells[0].texts is found.cells[0].texts


def test_a_ladder_that_was_loaded_again_replaces_the_one_in_the_comparison() -> None:
    kept, one, other = Comparisons(_ROOM), titled("One"), titled("Other")
    found = kept.get(levels_of(one, "l4"), levels_of(other, "l5"))
    gone, anew = ref(one.index), titled("One")
    again = kept.get(levels_of(anew, "l4"), levels_of(other, "l5"))
    assert again.cells == found.cells
    assert (again.before.index, again.after.index) == (anew.index, other.index)
    assert again.before.index is anew.index
    del one, found
    gc.collect()
    assert gone() is None
    assert kept.get(levels_of(anew, "l4"), levels_of(other, "l5")) is again


@pytest.mark.parametrize("levels", ["l4 l5", "l5 l4"])
def test_comparisons_of_drafts_are_not_kept(levels: str) -> None:
    kept, release = Comparisons(_ROOM), titled("One")
    before, after = levels.split()

    def edited(number: int) -> ref[Index]:
        state = replace(titled(f"Draft {number}"), label="draft")
        kept.get(levels_of(state, before), levels_of(release, after))
        kept.get(levels_of(release, before), levels_of(state, after))
        kept.get(levels_of(state, before), levels_of(state, after))
        return ref(state.index)

    states = [edited(number) for number in range(20)]
    gc.collect()
    assert [state for state in states if state() is not None] == []


@pytest.mark.parametrize(("ladders", "most"), [(1, 4), (2, 5)])
def test_the_ladders_that_comparisons_hold_on_to_are_bounded(ladders: int, most: int) -> None:
    """Compare within one ladder and across two: four or five ladders fit into the limit."""
    one = titled("One")
    kept = Comparisons(4 * memory_of(compare(levels_of(one, "l4")[1], levels_of(one, "l5")[1])))

    def loaded(number: int) -> list[ref[Index]]:
        found = [titled(f"{number}-{place}") for place in range(ladders)]
        kept.get(levels_of(found[0], "l4"), levels_of(found[-1], "l5"))
        return [ref(one.index) for one in found]

    held = [one for number in range(20) for one in loaded(number)]
    gc.collect()
    assert 0 < sum(one() is not None for one in held) <= most


@pytest.mark.parametrize(
    ("contents", "levels"),
    [("BA", "l5 l4"), ("AB", "l5 l4"), ("AB", "l4 l4"), ("AA", "l4 l5"), ("BB", "l4 l5")],
)
def test_another_level_or_content_is_another_comparison(contents: str, levels: str) -> None:
    kept, known = Comparisons(_ROOM), {title: titled(title) for title in "AB"}
    first = kept.get(levels_of(known["A"], "l4"), levels_of(known["B"], "l5"))
    before, after = (
        levels_of(known[title], level) for title, level in zip(contents, levels.split(), strict=True)
    )
    found = kept.get(before, after)
    assert found is not first
    assert (found.before, found.after) == (before[1], after[1])


def test_the_last_comparison_is_kept_in_any_case() -> None:
    kept, content = Comparisons(1), titled("One")
    there = levels_of(content, "l4"), levels_of(content, "l5")
    first = kept.get(*there)
    assert kept.get(*there) is first
    kept.get(*reversed(there))
    assert kept.get(*there) is not first
