"""Pictures in a real browser with its own fonts: they follow the colour scheme, and every text fits."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from app.pictures.heat_map import draw_heat, slice_of
from app.pictures.ladder_map import draw_map
from app.pictures.radar import draw_radar
from app.rubric.index import Index
from tests.browser.conftest import Watched, new_context
from tests.pictures.drawn import Drawn
from tests.pictures.shapes import grid

pytestmark = pytest.mark.browser

_BOXES: Final = """() => [...document.querySelectorAll('text')].map(text => {
  const box = text.getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
})"""
_ROOM: Final = 1.3
"""The greatest ratio of the width of a text to the measured one: `SPARE` in `svg.py`, and hinting."""


def radar(index: Index) -> str:
    return draw_radar(index, index.levels["l1"], index.levels["l2"])


def heat(index: Index) -> str:
    return draw_heat(index, slice_of(index))


@pytest.mark.parametrize("draw", [radar, heat, draw_map])
@pytest.mark.parametrize("size", [(3, 9), (3, 20), (12, 4)])
def test_no_text_of_a_picture_is_wider_than_its_space(
    watched: Watched, draw: Callable[[Index], str], size: tuple[int, int]
) -> None:
    svg = draw(Index.of(grid(*size, tracks=3)))
    drawn = Drawn.of(svg)
    watched.page.set_content(f"<body style='margin:0'>{svg}")
    wide, high = drawn.size
    shown: list[Any] = watched.page.evaluate(_BOXES)
    for (left, top, w, h), expected in zip(shown, drawn.boxes, strict=True):
        assert left >= -1, expected
        assert top >= -1, expected
        assert left + w <= wide + 1, expected
        assert top + h <= high + 4, expected
        longer = max(expected.right - expected.left, expected.bottom - expected.top)
        assert max(w, h) <= longer * _ROOM + 12, (expected, w, h)


def test_a_picture_follows_the_colour_scheme_of_the_reader(watched: Watched, base_url: str) -> None:
    url = f"{base_url}/v1/ladders/example-engineering/levels/l5/radar.svg"
    for scheme, colour in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 24, 27)")):
        watched.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
        watched.page.goto(url)
        fill = watched.page.evaluate("getComputedStyle(document.querySelector('rect')).fill")
        assert fill == colour
    watched.assert_clean()


def test_a_picture_can_be_embedded_by_another_origin(browser: Browser, base_url: str) -> None:
    with new_context(browser) as context:  # a page that has shown something of ours is held for a public one
        watched = Watched.new(context)
        for picture in ("levels/l5/radar.svg", "matrix.png", "map.svg", "releases/timeline.png"):
            watched.page.set_content(f'<img src="{base_url}/v1/ladders/example-engineering/{picture}">')
            watched.page.wait_for_function("document.images[0].complete")
            assert watched.page.evaluate("document.images[0].naturalWidth") > 500
        watched.assert_clean()
