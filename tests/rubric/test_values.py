"""The value: text stays as written, numbers have one form, nothing can be changed once made."""

import math
from typing import get_args

import pytest
from hypothesis import given
from pydantic import ValidationError

from app.field_descriptions import descriptions
from app.rubric.entities import Entity
from app.rubric.ladder import Expectation, Ladder, Level, Page, Threshold
from app.rubric.parts import Link, Source
from app.rubric.shape import properties
from app.rubric.text import Value
from tests.scalars import lines, numbers, texts
from tests.strategies import ladders


def _parts(value: Value) -> list[Value]:
    found = [value]
    for name in type(value).model_fields:
        held = getattr(value, name)
        for item in held if isinstance(held, tuple) else (held,):
            if isinstance(item, Value):
                found += _parts(item)
    return found


def _reasons(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return {one["type"] for one in error.value.errors()}


@given(texts, lines)
def test_text_is_kept_as_written_but_for_line_ends(text: str, line: str) -> None:
    page = Page(slug="p", title=line, text=text)
    assert page.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert page.title == line.replace("\r\n", "\n").replace("\r", "\n")
    assert Page.model_validate_json(page.model_dump_json()) == page


def test_spaces_of_all_sorts_are_kept() -> None:
    text = "  two  spaces, no\u00a0break, zero\u200bwidth, e\u0301 \ufeff\t\n\n"
    assert Page(slug="p", title="T", text=text).text == text


def test_old_line_ends_become_lf() -> None:
    assert Page(slug="p", title="T", text="a\r\nb\rc\n\r\nd\r\r\n").text == "a\nb\nc\n\nd\n\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a\0b", "text_nul"), ("\ud800", "text_surrogate"), ("a\udfffb", "text_surrogate")],
)
def test_nul_and_lone_surrogates_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValidationError) as error:
        Page(slug="p", title="T", text=text)
    assert _reasons(error) == {reason}


def test_a_line_is_not_empty() -> None:
    with pytest.raises(ValidationError) as error:
        Page(slug="p", title="", text="")
    assert _reasons(error) == {"string_too_short"}


def test_lone_surrogates_are_refused_in_a_line_too() -> None:
    with pytest.raises(ValidationError):
        Page(slug="p", title="a\ud800", text="")


@pytest.mark.parametrize(
    "slug", ["", "L5", "a--b", "-a", "a-", "a_b", "a b", "é", "a\n", "٣", "a" * 101, "a/b", "a%2fb"]
)
def test_a_slug_is_kebab(slug: str) -> None:
    with pytest.raises(ValidationError):
        Page(slug=slug, title="T", text="")


@pytest.mark.parametrize("slug", ["a", "0", "l5", "system-design", "a" * 100])
def test_a_slug_may_be_any_kebab_name(slug: str) -> None:
    assert Page(slug=slug, title="T", text="").slug == slug


@given(numbers)
def test_a_number_keeps_its_value_and_has_one_form(number: float) -> None:
    held = Threshold(points_from=number).points_from
    assert held == number
    assert isinstance(held, int) == float(number).is_integer()
    assert math.copysign(1, held) == math.copysign(1, number) or held == 0


@pytest.mark.parametrize("number", [2**53, -(2**53), 2.0**53, 1e20, 1e308, math.inf, math.nan, True, "1"])
def test_a_number_beyond_exact_integers_is_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        Threshold.model_validate({"points_from": number})


@pytest.mark.parametrize("day", [0, 86400, "86400", "2026-02-30", "2026-1-2", "2026-01-02T00:00:00"])
def test_a_day_is_written_as_a_day(day: object) -> None:
    with pytest.raises(ValidationError):
        Source.model_validate({"title": "T", "retrieved": day})


def test_unknown_properties_are_refused() -> None:
    with pytest.raises(ValidationError) as error:
        Link.model_validate({"title": "T", "url": "u", "titel": "T"})
    assert _reasons(error) == {"extra_forbidden"}


@given(ladders(max_size=2))
def test_nothing_in_a_ladder_can_be_changed(ladder: Ladder) -> None:
    for part in _parts(ladder):
        for name in type(part).model_fields:
            assert not isinstance(getattr(part, name), list | dict | set)
            with pytest.raises(ValidationError):
                setattr(part, name, None)
    assert hash(ladder) == hash(Ladder.model_validate(ladder.model_dump()))


def test_every_entity_ends_with_the_same_lists() -> None:
    last = ("references", "sources", "alignments", "external_ids")
    for entity in get_args(Entity):
        names = tuple(properties(entity))
        assert names[-4:] == last
        assert ("formerly" in names) == (entity is not Expectation)


def test_every_property_is_described() -> None:
    for owner in {type(part) for part in _parts(_one_of_each())} | set(get_args(Entity)):
        assert descriptions(owner).keys() == owner.model_fields.keys(), owner


def _one_of_each() -> Ladder:
    level = Level(slug="l5", track="ic", title="T", references=(Link(title="T", url="u"),))
    return Ladder(slug="a", title="A", levels=(level,), sources=(Source(title="S"),))
