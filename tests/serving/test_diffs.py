"""Diffs kept in memory: each computed once, bounded by what they hold, named by the two contents."""

from dataclasses import dataclass, replace
from functools import cached_property

import pytest

from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from app.serving import diffs
from app.serving.diffs import Diffs
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
