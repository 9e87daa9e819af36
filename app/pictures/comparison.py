"""One level or two as they are drawn: their names, their colours, the key to them, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.pictures.measures import Mark
from app.pictures.svg import MARGIN, STRONG, Canvas, Paint, Style, num
from app.rubric.ladder import Level

DASH: Final = "6 4"
"""Of the outline of the second level, so that colour alone need not tell."""


@dataclass(frozen=True)
class Compared:
    """One level as it is drawn: blue, solid and round, or orange, dashed and square."""

    level: Level
    marks: list[Mark]
    second: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return level_name(self.level)

    @property
    def paint(self) -> str:
        """Its colour in the palette."""
        return "second" if self.second else "first"

    @property
    def area(self) -> Paint:
        """How its area is painted."""
        dash, opacity = (DASH, 0.1) if self.second else (None, 0.18)
        return Paint(self.paint, self.paint, 2.5, dash, opacity)

    def point(self, canvas: Canvas, x: float, y: float, hint: str = "") -> None:
        """Mark a point of its outline."""
        if self.second:
            canvas.rect((x - 4, y - 4, 8, 8), Paint("paper", self.paint, 2), 0, hint)
        else:
            canvas.circle(x, y, 4, Paint(self.paint, self.paint, 2), hint)


def level_name(level: Level) -> str:
    """A level's code, where it has one that is not its title, and its title."""
    return level.title if level.code in {None, level.title} else f"{level.code} {level.title}"


def draw_legend(canvas: Canvas, compared: Sequence[Compared], y: float) -> float:
    """Say which level is which; gives where to go on."""
    room = (canvas.wide - 2 * MARGIN) / len(compared) - 44
    for place, one in enumerate(compared):
        x = MARGIN + place * (room + 44)
        dash = DASH if one.second else None
        canvas.path(f"M{num(x)} {num(y)}h26", Paint(None, one.paint, 2.5, dash))
        one.point(canvas, x + 13, y)
        canvas.write(one.name, x + 36, y + 4.5, Style(STRONG.size, STRONG.weight, one.paint), room - 12)
    return y + 22


def tell(names: Sequence[str], compared: Sequence[Compared]) -> str:
    """The same in words, for whoever does not see it."""
    parts = (
        f"{name}: {' against '.join(one.marks[place].label for one in compared)}"
        for place, name in enumerate(names)
    )
    return "; ".join(parts) + "."
