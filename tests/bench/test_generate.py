"""Generated ladders are right, repeatable, and as large as their shape says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import canonical
from app.rubric.entities import walk
from app.rubric.rules import check
from bench.generate import ENTITIES_3000, SMALL, Shape, generate, slug_of, with_statements

small_numbers = st.integers(1, 3)
shapes = st.builds(
    Shape,
    levels=small_numbers,
    competencies=small_numbers,
    facets=small_numbers,
    statements=st.integers(0, 3),
)


@given(st.integers(0, 999_999), shapes)
def test_a_generated_ladder_has_no_finding(number: int, shape: Shape) -> None:
    assert check(generate(number, shape)) == ()


@given(st.integers(0, 999_999), shapes)
def test_the_same_number_and_shape_give_the_same_ladder(number: int, shape: Shape) -> None:
    assert canonical(generate(number, shape)) == canonical(generate(number, shape))


def test_two_numbers_give_two_texts() -> None:
    assert generate(1).levels[0].summary != generate(2).levels[0].summary


@pytest.mark.parametrize("shape", [SMALL, ENTITIES_3000, with_statements(1000)])
def test_a_ladder_has_the_statements_of_its_shape(shape: Shape) -> None:
    found = sum(len(asked.statements) for asked in generate(0, shape).expectations)
    assert found == shape.all_statements


def test_the_shapes_are_as_large_as_they_say() -> None:
    sizes = {shape: len(list(walk(generate(0, shape)))) for shape in (SMALL, ENTITIES_3000)}
    assert sizes == {SMALL: 19, ENTITIES_3000: 3098}
    assert with_statements(20_000).all_statements == 20_000


def test_slugs_are_in_the_order_of_numbers() -> None:
    numbers = [0, 9, 10, 999, 10_000]
    assert sorted(map(slug_of, numbers)) == [slug_of(number) for number in numbers]
