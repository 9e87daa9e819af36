"""PNG: the same bytes on every machine, in the bundled fonts, of bounded size."""

import struct

import pytest

from app.pictures.palette import Theme
from app.pictures.png import MOST_PIXELS, fitting_scale, rasterise
from app.pictures.radar import draw_radar
from app.rubric.index import Index
from tests.seed.bundles import SECOND, ladder_of


def svg(theme: Theme = "light") -> str:
    index = Index.of(ladder_of(SECOND))
    return draw_radar(index, index.levels["l5"], theme=theme)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def sized(wide: int, high: int, inside: str = "") -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">{inside}</svg>'


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_png_has_the_requested_size(scale: int) -> None:
    assert size_of(rasterise(sized(80, 50), scale)) == (80 * scale, 50 * scale)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert rasterise(svg(), 1) == rasterise(svg(), 1)
    assert rasterise(svg(), 1) != rasterise(svg("dark"), 1)


def test_a_picture_that_is_too_large_is_drawn_smaller() -> None:
    assert fitting_scale(sized(6000, 16000), 3) == pytest.approx(0.5)
    wide, high = size_of(rasterise(sized(6000, 16000), 3))
    assert wide * high <= MOST_PIXELS * 1.01


def test_text_is_drawn_in_the_bundled_fonts_on_every_machine() -> None:
    """Latin, Hebrew and Arabic letters are visible."""
    empty = len(rasterise(sized(200, 40), 1))
    for text in ("System", "שלום", "المستوى"):
        written = sized(
            200, 40, f'<text x="5" y="30" font-family="none, sans-serif" font-size="20">{text}</text>'
        )
        assert len(rasterise(written, 1)) > empty + 300, text


def test_a_character_that_no_font_has_is_drawn_as_a_box() -> None:
    written = sized(200, 40, '<text x="5" y="30" font-size="20">\U0001f984</text>')
    assert len(rasterise(written, 1)) > len(rasterise(sized(200, 40), 1)) + 100


def test_an_invalid_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no size"):
        rasterise("<svg/>", 1)
