"""The legend of a heat map. It explains only the shades and signs that occur."""

from collections.abc import Sequence

from app.pictures.chart_values import UNMEASURED, Mark
from app.pictures.palette import SHADES
from app.pictures.svg import MARGIN, SMALL, Canvas, Paint


def draw_key(canvas: Canvas, y: float, rows: Sequence[Sequence[Mark]], *, numbered: bool) -> float:
    """Draw the legend below the rows. Return the y below it."""
    x = MARGIN
    canvas.write("less", x, y + 10, SMALL, 30)
    x += SMALL.width("less") + 8
    for shade in range(SHADES):
        canvas.rect((x, y, 22, 13), Paint(f"heat{shade}", "line"))
        x += 22
    canvas.write("more expected", x + 8, y + 10, SMALL, 100)
    y += 30
    notes = (
        _numbered(rows)
        if numbered
        else ["There are too many cells for numbers. Choose one track or category."]
    )
    return canvas.write(" · ".join(notes), MARGIN, y, SMALL, canvas.wide - 2 * MARGIN, 3) if notes else y - 10


def _numbered(rows: Sequence[Sequence[Mark]]) -> list[str]:
    marks = [mark for row in rows for mark in row]
    asked = [mark for mark in marks if mark.state in {"required", "optional"}]
    signs = (
        (any(mark.inherited for mark in asked), "plain number: inherited from another level"),
        (any(mark.state == "optional" for mark in asked), "(in brackets): optional"),
        (any(mark.number == UNMEASURED for mark in asked), f"{UNMEASURED} expected, without a step"),
        (any(mark.state == "not-in-use" for mark in marks), "line: not in use"),
        (any(mark.state == "absent" for mark in marks), "empty: no expectation"),
    )
    return [words for occurs, words in signs if occurs]
