"""Charts as SVG, written by hand: lines over logarithmic axes, one panel a chart. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

Points = tuple[tuple[float, float], ...]
"""Pairs of x and y, x ascending, all above zero."""

_WIDTH: Final = 380
_HEIGHT: Final = 300
_LEFT: Final = 62
_RIGHT: Final = 26
_TOP: Final = 40
_BOTTOM: Final = 78
_COLUMNS: Final = 2
_COLOURS: Final = ("#1f6f8b", "#c8553d", "#6a8d3a", "#7a5c99")
_GREY: Final = "#666666"
_STYLE: Final = "font-family='system-ui, sans-serif' font-size='11'"


@dataclass(frozen=True, slots=True)
class Chart:
    """One panel."""

    title: str
    x: str
    y: str
    lines: Mapping[str, Points]
    """By name; at least one, each with at least one point."""
    proportional: bool = False
    """Whether a dashed line shows what growth in proportion would be, from the first point of each line."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """A logarithmic axis: whole decades, and where they lie on the sheet."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> "_Axis":
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def draw(charts: Sequence[Chart]) -> str:
    """All panels on one sheet, two in a row."""
    rows = math.ceil(len(charts) / _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' {_STYLE}>",
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>",
    ]
    for place, chart in enumerate(charts):
        row, column = divmod(place, _COLUMNS)
        parts.append(f"<g transform='translate({column * _WIDTH} {row * _HEIGHT})'>")
        parts += _panel(chart)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(chart: Chart) -> Iterator[str]:
    points = [point for line in chart.lines.values() for point in line]
    across = _Axis.over([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    up = _Axis.over([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    yield _text(_LEFT, 22, chart.title, weight="bold")
    for tick in across.ticks:
        yield _rule(across.at(tick), up.start, across.at(tick), up.end)
        yield _text(across.at(tick), up.start + 15, _number(tick), anchor="middle", fill=_GREY)
    for tick in up.ticks:
        yield _rule(across.start, up.at(tick), across.end, up.at(tick))
        yield _text(across.start - 6, up.at(tick) + 4, _number(tick), anchor="end", fill=_GREY)
    yield _text((across.start + across.end) / 2, up.start + 31, chart.x, anchor="middle", fill=_GREY)
    yield _text(_LEFT, 35, chart.y, fill=_GREY)
    for place, (name, line) in enumerate(chart.lines.items()):
        yield from _line(line, across, up, _COLOURS[place % len(_COLOURS)], proportional=chart.proportional)
        yield from _legend(name, place, up.start + 47)


def _line(line: Points, across: _Axis, up: _Axis, colour: str, *, proportional: bool) -> Iterator[str]:
    placed = [(across.at(x), up.at(y)) for x, y in line]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    yield f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'/>"
    for (x, y), (_, value) in zip(placed, line, strict=True):
        yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3' fill='{colour}'><title>{value:.4g}</title></circle>"
    if proportional:
        (first, cost), last = line[0], line[-1][0]
        end = min(cost * last / first, 10.0**up.high)  # the line may leave the panel at its top
        x, y = across.at(first * end / cost), up.at(end)
        dashed = f"stroke='{colour}' stroke-dasharray='3 4'"
        yield f"<line x1='{placed[0][0]:.1f}' y1='{placed[0][1]:.1f}' x2='{x:.1f}' y2='{y:.1f}' {dashed}/>"


def _legend(name: str, place: int, top: float) -> Iterator[str]:
    y = top + 12 * (place // 2)
    x = _LEFT + (place % 2) * 160
    yield f"<rect x='{x}' y='{y - 8:.1f}' width='9' height='9' fill='{_COLOURS[place % len(_COLOURS)]}'/>"
    yield _text(x + 14, y, name)


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='#dddddd'/>"


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#222222", weight: str = "normal"
) -> str:
    style = f"text-anchor='{anchor}' fill='{fill}' font-weight='{weight}'"
    return f"<text x='{x:.1f}' y='{y:.1f}' {style}>{escape(text)}</text>"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
