"""The radar chart of a level: how much it expects in each competency, optionally with a second level.

A radar needs three axes to be one, and with very many nobody can read it: then bars say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Final

from app.pictures.bars import draw_bars
from app.pictures.chart_values import Measure, Measuring
from app.pictures.comparison import Compared, describe, draw_legend
from app.pictures.palette import Theme
from app.pictures.svg import LABEL, MARGIN, SMALL, Anchor, Canvas, Paint, Style, num
from app.rubric.index import Index
from app.rubric.ladder import Level

WIDE: Final = 800.0
FEWEST: Final = 3
MOST: Final = 24
_R: Final = 180.0
_AWAY: Final = 16.0
"""The distance from the end of an axis to its label."""
_ROOMY: Final = 12
"""The most axes for which a name may take two lines."""
_NARROW: Final = 60.0
"""The least distance from the centre line at which a label above or below the chart begins."""
_PARTS: Final = 4
"""The number of rings if the scales have different numbers of steps."""
_MOST_RINGS: Final = 10


def draw_radar(
    index: Index,
    level: Level,
    beside: Level | None = None,
    measure: Measure | None = None,
    theme: Theme = "auto",
) -> str:
    """Return the SVG of a level's radar chart, with another level over it."""
    measuring = Measuring(index, measure)
    marks, others = ([], []) if measuring.empty else measuring.marks(level, beside)
    compared = [Compared(level, marks)]
    if beside is not None:
        compared.append(Compared(beside, others, second=True))
    title = " and ".join(one.name for one in compared)
    names = [competency.title for competency in index.competencies.values()]
    canvas = Canvas(WIDE, theme)
    y = canvas.heading(title, (index.ladder.title, f"{measuring.caption}."))
    if measuring.empty:
        canvas.high = canvas.write(measuring.empty, MARGIN, y + 20, LABEL, WIDE - 2 * MARGIN, 3) + 12
        told = measuring.empty
    else:
        y = draw_legend(canvas, compared, y + 6) if beside is not None else y
        if FEWEST <= len(names) <= MOST:
            canvas.high = _Radar(canvas, names, compared, measuring.rings).draw(y)
        else:
            canvas.high = draw_bars(canvas, names, compared, y)
        told = f"{measuring.caption}. {describe(names, compared)}"
    return canvas.render(f"radar-{level.slug}", f"{title}: {index.ladder.title}", told)


@dataclass(frozen=True)
class _Label:
    """The position of the label of an axis."""

    place: int
    y: float
    right: bool


@dataclass(frozen=True)
class _Radar:
    canvas: Canvas
    names: Sequence[str]
    compared: Sequence[Compared]
    rings: int | None

    @property
    def _lines(self) -> int:
        """The most lines of a name."""
        return 2 if len(self.names) <= _ROOMY else 1

    @property
    def _high(self) -> float:
        """Height of a label: the name, and below it the amount."""
        return self._lines * LABEL.leading + SMALL.leading + 4

    @property
    def _x(self) -> float:
        return self.canvas.wide / 2

    def draw(self, y: float) -> float:
        """Draw rings, areas and labels below y. Return the height of the picture."""
        labels = self._labels()
        top = min((label.y for label in labels), default=0.0)
        bottom = max((label.y for label in labels), default=0.0) + self._high
        middle = y + 14 - min(top, -_R - 8)
        self._draw_rings(middle)
        for one in self.compared:
            self._draw_area(one, middle)
        for label in labels:
            self._draw_label(label, middle)
        self._draw_scale(middle)
        lowest = max(self._at(place, _R)[1] for place in range(len(self.names)))
        return middle + max(bottom, lowest + 8) + 16

    def _angle(self, place: int) -> float:
        return 2 * pi * place / len(self.names)

    def _at(self, place: int, radius: float) -> tuple[float, float]:
        """Return a point on an axis, relative to the centre of the chart."""
        angle = self._angle(place)
        return radius * sin(angle), -radius * cos(angle)

    def _draw_rings(self, middle: float) -> None:
        parts = self.rings if self.rings is not None and 2 <= self.rings <= _MOST_RINGS else _PARTS  # noqa: PLR2004
        for ring in range(parts, 0, -1):
            points = [self._at(place, _R * ring / parts) for place in range(len(self.names))]
            self.canvas.path(self._closed(points, middle), Paint("card" if ring == parts else None, "line"))
        for place in range(len(self.names)):
            x, y = self._at(place, _R)
            self.canvas.line(self._x, middle, self._x + x, middle + y, Paint(None, "line"))

    def _draw_scale(self, middle: float) -> None:
        """Number the rings beside the first axis if they are steps."""
        if self.rings is None or not 2 <= self.rings <= _MOST_RINGS:  # noqa: PLR2004
            return
        for ring in range(1, self.rings + 1):
            y = middle - _R * ring / self.rings
            self.canvas.write(str(ring), self._x - 6, y + 11, Style(10, 400, "quiet", "end"), 20)

    def _draw_area(self, one: Compared, middle: float) -> None:
        points = [self._at(place, _R * mark.share) for place, mark in enumerate(one.marks)]
        self.canvas.path(self._closed(points, middle), one.area)
        for (x, y), mark, name in zip(points, one.marks, self.names, strict=True):
            if mark.share > 0:
                one.point(self.canvas, self._x + x, middle + y, f"{one.name}, {name}: {mark.label}")

    def _closed(self, points: Sequence[tuple[float, float]], middle: float) -> str:
        joined = "L".join(f"{num(self._x + x)} {num(middle + y)}" for x, y in points)
        return f"M{joined}Z"

    # Labels: one above, one below if there is an axis, the others in two columns without overlap

    def _labels(self) -> list[_Label]:
        count, labels = len(self.names), list[_Label]()
        for right in (True, False):
            places = [
                place for place in range(1, count) if 2 * place != count and (2 * place < count) == right
            ]
            wished = sorted((self._at(place, _R + _AWAY)[1] - self._high / 2, place) for place in places)
            labels += [_Label(place, y, right) for y, place in self._spread(wished)]
        highest = min(label.y for label in labels)
        lowest = max(label.y for label in labels) + self._high
        labels.append(_Label(0, min(-_R - _AWAY / 2, highest) - self._high, right=True))
        if count % 2 == 0:
            labels.append(_Label(count // 2, max(_R + _AWAY / 2, lowest), right=True))
        return labels

    def _spread(self, wished: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
        """Move labels apart, outward from the centre, each as little as possible."""
        half = len(wished) // 2
        below: list[tuple[float, int]] = []
        for y, place in wished[half:]:
            below.append((max(y, below[-1][0] + self._high) if below else y, place))
        above: list[tuple[float, int]] = []
        floor = below[0][0] if below else _R
        for y, place in reversed(wished[:half]):
            floor = min(y, floor - self._high)
            above.append((floor, place))
        return above[::-1] + below

    def _draw_label(self, label: _Label, middle: float) -> None:
        if 2 * label.place in {0, len(self.names)}:
            anchor: Anchor = "middle"
            x, room = self._x, 2 * (self._x - MARGIN - _R)
        else:
            away = self._beside(label.y)
            anchor = "start" if label.right else "end"
            room = self._x - MARGIN - away
            x = self._x + (away if label.right else -away)
            self._lead(label, x, middle)
        y = middle + label.y + LABEL.size
        name = Style(LABEL.size, LABEL.weight, LABEL.paint, anchor)
        amount = Style(SMALL.size, SMALL.weight, SMALL.paint, anchor)
        fitted = name.fit(self.names[label.place], room, self._lines)
        y += (self._lines - len(fitted.lines)) * name.leading / 2
        y = self.canvas.set(fitted, x, y, name, room)
        amounts = " / ".join(one.marks[label.place].label for one in self.compared)
        self.canvas.write(amounts, x, y - 1, amount, room)

    def _lead(self, label: _Label, x: float, middle: float) -> None:
        """Draw a line from the end of an axis to a label that had to move."""
        end_x, end_y = self._at(label.place, _R + 3)
        y = label.y + self._high / 2
        if abs(y - self._at(label.place, _R + _AWAY)[1]) > self._high / 3:
            towards = x - 4 if label.right else x + 4
            self.canvas.line(self._x + end_x, middle + end_y, towards, middle + y, Paint(None, "line"))

    def _beside(self, y: float) -> float:
        """Return the distance from the centre line at which a label at that height begins, outside the ring."""
        nearest = max(0.0, y, -(y + self._high))
        inside = (_R + _AWAY) ** 2 - nearest**2
        return max(_NARROW, sqrt(inside)) if inside > 0 else _NARROW
