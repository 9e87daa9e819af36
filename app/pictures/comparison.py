"""The levels in a radar or bar chart: their names, colours and legend, and a description in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.pictures.chart_values import Mark
from app.pictures.svg import MARGIN, STRONG, Canvas, Paint, Style, num
from app.rubric.ladder import Level

DASH: Final = "6 4"
"""The dash pattern of the second level, so that readers need not tell colours apart."""


@dataclass(frozen=True)
class Compared:
    """One level in a chart: blue, solid and round, or orange, dashed and square."""

    level: Level
    marks: list[Mark]
    second: bool = False

    @property
    def name(self) -> str:
        """The name that people use."""
        return level_name(self.level)

    @property
    def paint(self) -> str:
        """Its colour in the palette."""
        return "second" if self.second else "first"

    @property
    def area(self) -> Paint:
        """The paint of its area."""
        dash, opacity = (DASH, 0.1) if self.second else (None, 0.18)
        return Paint(self.paint, self.paint, 2.5, dash, opacity)

    def point(self, canvas: Canvas, x: float, y: float, hint: str = "") -> None:
        """Draw a point of its outline."""
        if self.second:
            canvas.rect((x - 4, y - 4, 8, 8), Paint("paper", self.paint, 2), 0, hint)
        else:
            canvas.circle(x, y, 4, Paint(self.paint, self.paint, 2), hint)


def level_name(level: Level) -> str:
    """Return a level's code and title; only the title if the code is missing or the same."""
    return level.title if level.code in {None, level.title} else f"{level.code} {level.title}"


def draw_legend(canvas: Canvas, compared: Sequence[Compared], y: float) -> float:
    """Draw the legend. Return the y below it."""
    room = (canvas.wide - 2 * MARGIN) / len(compared) - 44
    for place, one in enumerate(compared):
        x = MARGIN + place * (room + 44)
        dash = DASH if one.second else None
        canvas.path(f"M{num(x)} {num(y)}h26", Paint(None, one.paint, 2.5, dash))
        one.point(canvas, x + 13, y)
        canvas.write(one.name, x + 36, y + 4.5, Style(STRONG.size, STRONG.weight, one.paint), room - 12)
    return y + 22


def describe(names: Sequence[str], compared: Sequence[Compared]) -> str:
    """Return the chart in words, for readers who cannot see it."""
    parts = (
        f"{name}: {' against '.join(one.marks[place].label for one in compared)}"
        for place, name in enumerate(names)
    )
    return "; ".join(parts) + "."
