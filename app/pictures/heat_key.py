"""The key of a heat map: what shades and signs mean, as far as they occur."""

from collections.abc import Sequence

from app.pictures.measures import UNMEASURED, Mark
from app.pictures.palette import SHADES
from app.pictures.svg import MARGIN, SMALL, Canvas, Paint


def draw_key(canvas: Canvas, y: float, rows: Sequence[Sequence[Mark]], *, numbered: bool) -> float:
    """Draw the key below the rows; gives where to go on."""
    x = MARGIN
    canvas.write("less", x, y + 10, SMALL, 30)
    x += SMALL.width("less") + 8
    for shade in range(SHADES):
        canvas.rect((x, y, 22, 13), Paint(f"heat{shade}", "line"))
        x += 22
    canvas.write("more asked for", x + 8, y + 10, SMALL, 100)
    y += 30
    said = (
        _numbered(rows)
        if numbered
        else ["There are too many cells for numbers: ask for one track or category."]
    )
    return canvas.write(" · ".join(said), MARGIN, y, SMALL, canvas.wide - 2 * MARGIN, 3) if said else y - 10


def _numbered(rows: Sequence[Sequence[Mark]]) -> list[str]:
    marks = [mark for row in rows for mark in row]
    asked = [mark for mark in marks if mark.state in {"required", "optional"}]
    signs = (
        (any(mark.inherited for mark in asked), "plain number: taken over from another level"),
        (any(mark.state == "optional" for mark in asked), "(in brackets): optional"),
        (any(mark.number == UNMEASURED for mark in asked), f"{UNMEASURED} asked, without a step"),
        (any(mark.state == "not-in-use" for mark in marks), "line: not in use"),
        (any(mark.state == "absent" for mark in marks), "empty: nothing is said"),
    )
    return [said for there, said in signs if there]
