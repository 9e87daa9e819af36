"""Bar charts in place of a radar chart that would have too few or too many axes."""

from collections.abc import Sequence
from typing import Final

from app.pictures.comparison import DASH, Compared
from app.pictures.svg import LABEL, MARGIN, SMALL, Canvas, Paint, Style

MOST: Final = 200
"""The most competencies in one picture. It states the number of the others."""
_NAME: Final = 270.0
_BAR: Final = 300.0
_GAP: Final = 14.0
_THICK: Final = 14.0


def draw_bars(canvas: Canvas, names: Sequence[str], compared: Sequence[Compared], y: float) -> float:
    """Draw a row for each competency. Return the height of the picture."""
    step = 8 + (_THICK + 3) * len(compared)
    x = MARGIN + _NAME + _GAP
    for place, name in enumerate(names[:MOST]):
        middle = y + step / 2
        canvas.write(name, MARGIN, middle + 4.5, LABEL, _NAME)
        for lane, one in enumerate(compared):
            _draw_bar(canvas, one, place, (x, y + 4 + lane * (_THICK + 3)))
        y += step
    if len(names) > MOST:
        canvas.write(f"… and {len(names) - MOST} more competencies", MARGIN, y + 16, SMALL, _NAME + _BAR)
        y += 22
    return y + 16


def _draw_bar(canvas: Canvas, one: Compared, place: int, corner: tuple[float, float]) -> None:
    x, y = corner
    mark = one.marks[place]
    canvas.rect((x, y, _BAR, _THICK), Paint("card", "line"), 3)
    if mark.share > 0:
        dash, opacity = (DASH, 0.35) if one.second else (None, 1.0)
        long = max(2.0, mark.share * (_BAR - 2))
        canvas.rect((x + 1, y + 1, long, _THICK - 2), Paint(one.paint, one.paint, 1, dash, opacity), 2)
    style = Style(SMALL.size, SMALL.weight, one.paint if mark.share > 0 else "quiet")
    right = x + _BAR + _GAP
    canvas.write(mark.label, right, y + _THICK - 3, style, canvas.wide - MARGIN - right)
