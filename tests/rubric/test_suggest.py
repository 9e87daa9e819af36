"""Suggestions: what is near, in which order, and that the work for one is bounded."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.suggest import did_you_mean, nearest, slug_from
from app.rubric.text import SLUG_PATTERN

_COMPETENCIES = ["system-design-mastery", "technical-leadership", "code-quality", "mentoring"]


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("mentorng", _COMPETENCIES, ("mentoring",)),
        ("code-qaulity", _COMPETENCIES, ("code-quality",)),
        ("system-design", _COMPETENCIES, ("system-design-mastery",)),
        ("Code Quality", _COMPETENCIES, ("code-quality",)),
        ("mëntoring", _COMPETENCIES, ("mentoring",)),
        ("l55", ["l5", "l6", "m1"], ("l5",)),
        ("l6", ["l5", "l7", "m1"], ("l5", "l7")),
        ("on", ["mentoring", "competency"], ()),
        ("astronomy", _COMPETENCIES, ()),
        ("", _COMPETENCIES, ()),
        ("l5", [], ()),
    ],
)
def test_near_words_are_suggested_and_far_ones_are_not(
    word: str, candidates: list[str], expected: tuple[str, ...]
) -> None:
    assert nearest(word, candidates) == expected


def test_the_nearest_comes_first_and_no_more_are_given_than_asked_for() -> None:
    levels = ["level-57", "level-555", "level-5", "level-55"]
    assert nearest("level-55", levels, 2) == ("level-55", "level-5")


def test_neighbours_that_changed_places_count_as_one_slip() -> None:
    assert nearest("l5-senoir", ["l5-senior", "l5-senxxr"]) == ("l5-senior", "l5-senxxr")


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=20))
def test_the_answer_does_not_depend_on_the_order_of_the_candidates(word: str, candidates: list[str]) -> None:
    turned = candidates[::-1]
    assert nearest(word, candidates) == nearest(word, turned)
    assert set(nearest(word, candidates)) <= set(candidates)


def test_a_word_longer_than_any_slug_gets_no_suggestion_and_costs_nothing() -> None:
    assert nearest("x" * 10_000, ["x" * 9_999]) == ()


def test_one_word_among_ten_thousand_look_alikes_is_found() -> None:
    candidates = [f"system-design-mastery-{number:05d}" for number in range(10_000)]
    assert nearest("system-design-mastery-0123x4", candidates, 1) == ("system-design-mastery-01234",)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("System Design!", "system-design"),
        ("  --Éclairs & Smörgåsbord--  ", "eclairs-smorgasbord"),
        ("L5.0", "l5-0"),
        ("日本語", None),
        ("", None),
        ("a" * 99 + " bc", "a" * 99),
    ],
)
def test_a_slug_is_made_of_what_a_text_says(text: str, slug: str | None) -> None:
    assert slug_from(text) == slug


@given(st.text(max_size=300))
def test_a_made_slug_is_always_a_slug(text: str) -> None:

    slug = slug_from(text)
    assert slug is None or (re.search(SLUG_PATTERN, slug) and len(slug) <= 100)


def test_a_suggestion_is_a_sentence_with_the_names_in_quotes_or_without() -> None:
    assert did_you_mean("mentorng", _COMPETENCIES) == " Did you mean 'mentoring'?"
    assert (
        did_you_mean("l55", ["l5"], prefix="/levels/", suffix="/next") == " Did you mean '/levels/l5/next'?"
    )
    assert did_you_mean("l6", ["l5", "l7"], quoted=False) == " Did you mean l5 or l7?"
    assert did_you_mean("astronomy", _COMPETENCIES) == ""
