"""Texts as they are matched: two that look the same are the same."""

import unicodedata

import pytest

from app.rubric.text import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qualité", unicodedata.normalize("NFD", "Qualité")),
        ("Qualité", "QUALITÉ"),
        ("System design", " system\u00a0 Design "),
        ("이해관계자", unicodedata.normalize("NFD", "이해관계자")),
        ("Straße", "STRASSE"),
        ("\u1fb3", "\u03b1\u0345"),
    ],
    ids=["composed or not", "case", "spaces", "Korean", "sharp s", "iota below"],
)
def test_texts_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_texts_that_look_different_are_different() -> None:
    assert folded("Qualité") != folded("Qualite")
