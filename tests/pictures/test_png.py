"""PNG: the same bytes on every machine, in the bundled fonts, of bounded size."""

import struct
import time
from threading import Event, Thread

import pytest

from app.errors import Unavailable
from app.pictures import png
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
    with pytest.raises(ValueError, match="cannot draw"):
        rasterise(sized(10, 10, "<rect"), 1)


def test_a_large_picture_does_not_hold_up_other_threads() -> None:
    texts = "".join(
        f'<text x="{number % 50 * 40}" y="{number // 50 * 20 + 20}">No {number}</text>'
        for number in range(1500)
    )
    pauses, ending = [], Event()

    def tick() -> None:
        last = time.perf_counter()
        while not ending.is_set():
            time.sleep(0.002)
            now = time.perf_counter()
            pauses.append(now - last)
            last = now

    thread = Thread(target=tick)
    thread.start()
    began = time.perf_counter()
    rasterise(sized(2000, 700, texts), 3)
    seconds = time.perf_counter() - began
    ending.set()
    thread.join()
    assert max(pauses) < max(seconds / 3, 0.1)


def test_a_picture_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "MOST_SECONDS", 0.001)
    with pytest.raises(Unavailable, match="takes too long to draw"):
        rasterise(sized(10, 10), 1)
