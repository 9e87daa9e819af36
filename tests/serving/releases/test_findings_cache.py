"""The cache of findings: computed once for each content, and bounded by size."""

from dataclasses import replace

from app.rubric.rules import check
from app.serving.releases.findings_cache import Checks
from tests.rubric.drafts import draft
from tests.serving.releases.test_comparison_cache import Content, titled


def lost(title: str) -> Content:
    """A ladder with one finding."""
    return Content(draft({"/title": title, "/levels/0/track": "none"}))


def test_findings_are_those_of_a_check_and_are_looked_for_once_in_a_content() -> None:
    kept, one = Checks(1_000_000), lost("One")
    found = kept.get(one)
    assert found == check(one.ladder)
    assert found
    assert kept.get(replace(one, label="draft")) is found
    assert kept.get(titled("One")) == ()


def test_the_least_recently_used_entry_is_evicted_first() -> None:
    kept = Checks(2 * 600 * (1 + len(check(lost("A").ladder))))
    first, second = kept.get(lost("A")), kept.get(lost("B"))
    assert kept.get(lost("A")) is first
    kept.get(lost("C"))
    assert kept.get(lost("A")) is first
    assert kept.get(lost("B")) is not second
