"""Diffs and comparisons kept in memory: each worked out once, bounded by what they hold, named by the contents."""

from dataclasses import dataclass, replace
from functools import cached_property

import pytest

from app.rubric.canonical import canonical, content_sha256
from app.rubric.compare import Side
from app.rubric.effective import Effectives
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from app.serving import diffs
from app.serving.diffs import Comparisons, Diffs
from tests.rubric.drafts import draft


@dataclass(frozen=True)
class Content:
    """A ladder as it is loaded."""

    ladder: Ladder
    label: str = "1.0.0"
    since: Version | None = None

    @cached_property
    def index(self) -> Index:
        return Index.of(self.ladder)

    @cached_property
    def content_sha256(self) -> str:
        return content_sha256(canonical(self.ladder))


def titled(title: str) -> Content:
    return Content(draft({"/title": title}))


def test_a_diff_is_computed_once_for_two_contents_whatever_they_are_called() -> None:
    kept, one, other = Diffs(), titled("One"), titled("Other")
    found = kept.get(one, other)
    assert [change.target for change in found.changes] == ["ladder:acme"]
    assert kept.get(replace(one, label="draft"), replace(other, label="2.0.0")) is found


def test_either_way_round_is_a_diff_of_its_own() -> None:
    kept, one, other = Diffs(), titled("One"), titled("Other")
    there, back = kept.get(one, other), kept.get(other, one)
    assert [there.changes[0].fields[0].before, back.changes[0].fields[0].before] == ["One", "Other"]


def test_the_one_asked_for_least_recently_goes_when_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffs, "_MOST_CHANGES", 4)  # two diffs of one change each
    kept, base = Diffs(), draft()
    first, second = (kept.get(Content(base), titled(title)) for title in ("A", "B"))
    assert kept.get(Content(base), titled("A")) is first
    kept.get(Content(base), titled("C"))
    assert kept.get(Content(base), titled("A")) is first
    assert kept.get(Content(base), titled("B")) is not second


def levels_of(content: Content, level: str) -> tuple[Content, Side]:
    return content, Side(content.index.once(Effectives), content.index.levels[level])


def test_a_comparison_is_worked_out_once_for_two_levels_of_two_contents() -> None:
    kept, one, other = Comparisons(), titled("One"), titled("Other")
    found = kept.get(levels_of(one, "l4"), levels_of(other, "l5"))
    again = levels_of(replace(one, label="draft"), "l4"), levels_of(replace(other, label="2.0.0"), "l5")
    assert kept.get(*again) is found
    assert found.cells[0].texts is kept.get(*again).cells[0].texts


@pytest.mark.parametrize(
    ("contents", "levels"),
    [("BA", "l5 l4"), ("AB", "l5 l4"), ("AB", "l4 l4"), ("AA", "l4 l5"), ("BB", "l4 l5")],
)
def test_another_level_or_content_is_another_comparison(contents: str, levels: str) -> None:
    kept, known = Comparisons(), {title: titled(title) for title in "AB"}
    first = kept.get(levels_of(known["A"], "l4"), levels_of(known["B"], "l5"))
    before, after = (
        levels_of(known[title], level) for title, level in zip(contents, levels.split(), strict=True)
    )
    found = kept.get(before, after)
    assert found is not first
    assert (found.before, found.after) == (before[1], after[1])


def test_comparisons_are_bounded_by_their_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffs, "_MOST_TEXTS", 1)
    kept, content = Comparisons(), titled("One")
    there = levels_of(content, "l4"), levels_of(content, "l5")
    first = kept.get(*there)
    assert kept.get(*there) is first
    kept.get(*reversed(there))
    assert kept.get(*there) is not first
