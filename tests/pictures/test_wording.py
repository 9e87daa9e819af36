"""Fitting of texts: measured, wrapped and shortened without breaking characters apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pictures.fonts import BOLD, ems, width
from app.pictures.text_fitting import clean, fit, rightward

GERMAN = "Leistungsbeurteilungsgesprächsvorbereitung und Donaudampfschifffahrtsgesellschaft"


def test_widths_match_the_font() -> None:
    assert ems("") == 0
    assert ems("i") < ems("m") < ems("mm")
    assert ems("System design", BOLD) > ems("System design")
    assert width("System design", 20) == 20 * ems("System design")


def test_arabic_is_measured_joined() -> None:
    assert ems("ععع") != 3 * ems("ع")


@pytest.mark.parametrize("text", ["設計力", "システム", "한국어"])
def test_east_asian_characters_are_one_em_wide(text: str) -> None:
    assert ems(text) == len(text)


def test_short_text_is_unchanged() -> None:
    fitted = fit("System design", 200, 13)
    assert (fitted.lines, fitted.cut) == (("System design",), False)


def test_long_text_is_wrapped_and_then_shortened() -> None:
    fitted = fit("Independent problem solving in large systems of many teams", 150, 13, lines=2)
    assert fitted.lines == ("Independent problem", "solving in large system…")
    assert fitted.cut
    assert fitted.full == "Independent problem solving in large systems of many teams"


def test_a_long_word_is_broken_with_a_hyphen() -> None:
    fitted = fit(GERMAN, 150, 13, lines=8)
    assert all(width(line, 13) <= 150 for line in fitted.lines)
    assert fitted.lines[0].endswith("-")
    assert not fitted.cut


def test_east_asian_text_is_broken_between_characters_without_a_hyphen() -> None:
    fitted = fit("設計能力評価基準書改訂版", 60, 12, lines=3)
    assert fitted.lines == ("設計能力評", "価基準書改", "訂版")


def test_a_combining_mark_stays_with_its_letter() -> None:
    text = "q\u0301" * 40
    for line in fit(text, 60, 13, lines=3).lines:
        assert unicodedata.category(line[0]) != "Mn"


def test_characters_that_xml_cannot_hold_are_removed() -> None:
    assert clean("a\0b\x07c\ud800d\ufffee\u202ef\n\tg") == "a b c\ufffdd\ufffdef g"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", False), ("שלום", True), ("المستوى L5", True), ("L5 المستوى", False), ("1", False)],
)
def test_the_first_letter_sets_the_direction_of_a_text(text: str, *, expected: bool) -> None:
    assert rightward(text) is expected


@given(st.text(max_size=600), st.floats(30, 400), st.integers(1, 4))
def test_every_line_fits(text: str, room: float, lines: int) -> None:
    fitted = fit(text, room, 13, lines=lines)
    assert len(fitted.lines) <= lines
    for line in fitted.lines:
        assert line
        single = len(line.rstrip("…-")) <= 1
        assert single or width(line, 13) <= room


@given(st.text(max_size=300))
def test_a_text_that_is_not_shortened_is_complete(text: str) -> None:
    fitted = fit(text, 120, 13, lines=3)
    if not fitted.cut:
        said = "".join("".join(fitted.lines).split()).replace("-", "")
        assert said == "".join(fitted.full.split()).replace("-", "")
