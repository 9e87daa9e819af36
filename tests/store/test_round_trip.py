"""A ladder and its hash are unchanged after writing and reading, on both engines."""

import pytest
from hypothesis import given
from sqlalchemy import Engine

from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.parts import Source
from app.rubric.releases import FIRST
from app.store.engine import reading
from app.store.inserting import NewRelease
from app.store.loading import load_content
from app.store.releases import publish
from tests.store.samples import DAY_1, full, release, small, undone
from tests.strategies import framework_ladders, ladders

FRAMEWORKS = framework_ladders()
ODD_TEXTS = (
    "",
    " ",
    "  two  spaces, and some at the end  ",
    "a\u00a0no-break, a\u200bzero-width and a\u2028separator",
    "\ufeffmark\u202eturned\u202c",
    "line\nline\n\n",
    "\t\x01\x1f\x7f\x85",
    "e\u0301 is not \u00e9",
    "😀 \U0010ffff \uffff",
    "'; DROP TABLE level; -- %s %(x)s :name ? \\ \"",
    "x" * 200_000,
)
NUMBERS = (0, 1, -2.5, 0.1, 5e-324, 1e-300, 2**52 + 0.5, 2**53 - 1, -(2**53) + 1, 3.0)


def _read_back(engine: Engine, ladder: Ladder) -> Ladder:
    with undone(engine) as connection:
        made = publish(connection, NewRelease.of(ladder, FIRST, DAY_1))
        assert made.content_sha256 == content_sha256(canonical(ladder))
        return load_content(connection, made)


@given(ladder=ladders())
def test_any_ladder_comes_back_as_it_was_published(engine: Engine, ladder: Ladder) -> None:
    found = _read_back(engine, ladder)
    assert found == ladder
    assert canonical(found) == canonical(ladder)


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_shape_of_every_public_framework_comes_back(engine: Engine, name: str) -> None:
    assert _read_back(engine, FRAMEWORKS[name]) == FRAMEWORKS[name]


def test_a_ladder_that_uses_every_table_comes_back(engine: Engine) -> None:
    made = release(engine, full())
    with reading(engine) as connection:
        assert load_content(connection, made) == full()


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_comes_back_to_the_letter(engine: Engine, text: str) -> None:
    ladder = Ladder(slug="odd", title=text or "x", summary=text, sources=(Source(title="x", note=text),))
    assert _read_back(engine, ladder) == ladder


def test_an_empty_text_stays_apart_from_none(engine: Engine) -> None:
    ladder = Ladder(slug="odd", title="x", summary="", attribution=None)
    found = _read_back(engine, ladder)
    assert (found.summary, found.attribution) == ("", None)


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_numbers_come_back_exactly(engine: Engine, number: float) -> None:
    plain = small()
    ladder = Ladder.model_validate(
        plain.model_dump() | {"levels": [plain.levels[0].model_dump() | {"rank": number}]}
    )
    found = _read_back(engine, ladder)
    assert (found.levels[0].rank, type(found.levels[0].rank)) == (number, type(ladder.levels[0].rank))
