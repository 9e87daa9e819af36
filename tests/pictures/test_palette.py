"""Colours: enough contrast in light and dark."""

from itertools import pairwise

import pytest

from app.pictures.palette import PALETTES, SHADES, shade_of


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("paint", ["ink", "quiet", "first", "second"])
def test_text_has_enough_contrast(theme: str, paint: str) -> None:
    assert contrast(PALETTES[theme][paint], PALETTES[theme]["paper"]) >= 4.5
    assert contrast(PALETTES[theme][paint], PALETTES[theme]["card"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_have_enough_contrast_with_their_shade(theme: str) -> None:
    for shade in range(SHADES):
        assert contrast(PALETTES[theme][f"heat{shade}"], PALETTES[theme][f"on{shade}"]) >= 4.5, shade


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_shade_has_more_contrast_than_the_one_before(theme: str) -> None:
    ground = PALETTES[theme]["paper"]
    away = [contrast(PALETTES[theme][f"heat{shade}"], ground) for shade in range(SHADES)]
    assert all(before < after for before, after in pairwise(away))


def test_both_palettes_have_the_same_paints() -> None:
    assert PALETTES["light"].keys() == PALETTES["dark"].keys()


@pytest.mark.parametrize(("share", "shade"), [(0, 0), (0.001, 1), (0.5, 3), (1, 6), (7, 6), (-1, 0)])
def test_only_zero_has_the_palest_shade(share: float, shade: int) -> None:
    assert shade_of(share) == shade
