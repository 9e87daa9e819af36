"""The heat map of the matrix: a column for each level, a row for each competency, shaded by how much is expected.

With many cells there is no room for numbers: then each cell is a small square of its shade, and all squares of one
shade are one path, so that 200 levels by 200 competencies are still a picture of some hundred kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from app.pictures.chart_values import Mark, Measure, Measuring
from app.pictures.comparison import level_name
from app.pictures.fonts import BOLD
from app.pictures.heat_map_legend import draw_key
from app.pictures.palette import Theme, shade_of
from app.pictures.svg import LABEL, MARGIN, SMALL, STRONG, Canvas, Paint, Style, num
from app.rubric.index import Index
from app.rubric.ladder import Competency, Level
from app.rubric.text import folded

MOST_ROWS: Final = 300
MOST_COLUMNS: Final = 300
"""The most rows and columns. A larger request is refused with the advice to choose a track or category."""
_NUMBERED: Final = 1600
"""The most cells that are drawn with numbers."""
_MOST_NUMBERED_COLUMNS: Final = 40
_NAME: Final = 230.0
_LEAST_WIDE: Final = 520.0
_UPRIGHT: Final = 62.0
"""The least width of columns with horizontal headings."""
_EMPTY: Final = "There are no levels or competencies to show."
_TINY: Final = Style(9.5)


@dataclass(frozen=True, slots=True)
class Slice:
    """The levels and competencies to show."""

    levels: tuple[Level, ...]
    competencies: tuple[Competency, ...]

    @property
    def fits(self) -> bool:
        """True if there are few enough to draw."""
        return len(self.levels) <= MOST_COLUMNS and len(self.competencies) <= MOST_ROWS


def slice_of(index: Index, track: str | None = None, category: str | None = None) -> Slice:
    """Return the levels by track and the competencies by category, of one or of all."""
    order = {slug: place for place, slug in enumerate(index.tracks)}
    levels = [level for level in index.levels.values() if track in {None, level.track}]
    levels.sort(key=lambda level: (order.get(level.track, len(order)), index.ranks[level.slug]))
    kept = [
        one for one in index.competencies.values() if category is None or _category(one) == folded(category)
    ]
    groups = {_category(one): place for place, one in reversed(list(enumerate(kept)))}
    kept.sort(key=lambda one: groups[_category(one)])
    return Slice(tuple(levels), tuple(kept))


def _category(competency: Competency) -> str:
    """Return the category of a competency as it is compared; names that look the same are one category."""
    return folded(competency.category or "")


def draw_heat(index: Index, shown: Slice, measure: Measure | None = None, theme: Theme = "auto") -> str:
    """Return the SVG of a heat map. `shown` must fit."""
    measuring = Measuring(index, measure)
    empty = measuring.empty or ("" if shown.levels and shown.competencies else _EMPTY)
    rows = [] if empty else measuring.grid(shown.levels, shown.competencies)
    drawn = _Heat(index, shown, rows)
    canvas = Canvas(max(_LEAST_WIDE, drawn.wide), theme)
    title = f"{index.ladder.title}: levels and competencies"
    y = canvas.heading(title, (f"{measuring.caption}.",))
    if empty:
        canvas.high = canvas.write(empty, MARGIN, y + 20, LABEL, canvas.wide - 2 * MARGIN, 3) + 12
        return canvas.render("matrix", title, empty)
    y = drawn.draw(canvas, y + 6)
    canvas.high = draw_key(canvas, y + 12, rows, numbered=drawn.numbered) + 8
    return canvas.render("matrix", title, f"{measuring.caption}. {drawn.describe()}")


@dataclass(frozen=True)
class _Heat:
    index: Index
    shown: Slice
    rows: Sequence[Sequence[Mark]]

    @property
    def numbered(self) -> bool:
        """True if there is room for numbers."""
        cells = len(self.shown.levels) * len(self.shown.competencies)
        return cells <= _NUMBERED and len(self.shown.levels) <= _MOST_NUMBERED_COLUMNS

    @cached_property
    def column(self) -> float:
        """Width of a column."""
        if not self.numbered:
            return 12.0
        return min(104.0, max(40.0, 860.0 / max(1, len(self.shown.levels))))

    @property
    def wide(self) -> float:
        """Width of the picture."""
        return 2 * MARGIN + _NAME + self.column * len(self.shown.levels)

    @property
    def _left(self) -> float:
        return MARGIN + _NAME

    def draw(self, canvas: Canvas, y: float) -> float:
        """Draw headings and rows. Return the y below them."""
        y = self._draw_tracks(canvas, y)
        y = self._draw_heads(canvas, y)
        if self.numbered:
            return self._draw_numbered(canvas, y)
        return self._draw_small(canvas, y)

    def describe(self) -> str:
        """Return the heat map in words."""
        sizes = f"{len(self.shown.levels)} levels and {len(self.shown.competencies)} competencies"
        if not self.numbered:
            return f"{sizes}, each cell a square. Its shade shows how much is expected."
        rows = (
            f"{one.title}: "
            + ", ".join(
                f"{level.code or level.title} {mark.label}"
                for level, mark in zip(self.shown.levels, marks, strict=True)
            )
            for one, marks in zip(self.shown.competencies, self.rows, strict=True)
        )
        return f"{sizes}. {'; '.join(rows)}."

    def _draw_tracks(self, canvas: Canvas, y: float) -> float:
        """Write the name of each track above its levels."""
        if len(self.index.tracks) < 2:  # noqa: PLR2004 - a single track needs no name
            return y
        x = self._left
        for slug, group in groupby(self.shown.levels, key=lambda level: level.track):
            wide = self.column * len(list(group))
            track = self.index.tracks.get(slug)
            canvas.line(x + 1, y + 20, x + wide - 3, y + 20, Paint(None, "quiet"))
            style = STRONG if wide > _UPRIGHT else SMALL
            canvas.write(slug if track is None else track.title, x + 2, y + 14, style, wide - 6)
            x += wide
        return y + 26

    def _draw_heads(self, canvas: Canvas, y: float) -> float:
        if self.column >= _UPRIGHT:
            return max(
                self._draw_head(canvas, place, level, y) for place, level in enumerate(self.shown.levels)
            )
        style = _TINY if not self.numbered else Style(12)
        high = 120.0
        for place, level in enumerate(self.shown.levels):
            middle = self._left + (place + 0.5) * self.column - 1.5
            canvas.turned(level_name(level), middle + style.size * 0.36, y + high, style, high - 4)
        return y + high + 6

    def _draw_head(self, canvas: Canvas, place: int, level: Level, y: float) -> float:
        middle, room = self._left + (place + 0.5) * self.column - 1.5, self.column - 8
        if level.code is not None and level.code != level.title:
            y = canvas.write(level.code, middle, y + 14, Style(13, BOLD, "ink", "middle"), room)
            return canvas.write(level.title, middle, y - 2, Style(11, 400, "quiet", "middle"), room, 3) - 2
        return canvas.write(level.title, middle, y + 14, Style(12, BOLD, "ink", "middle"), room, 3) - 2

    def _draw_numbered(self, canvas: Canvas, y: float) -> float:
        several = len({_category(one) for one in self.shown.competencies}) > 1
        before: str | None = None
        for one, marks in zip(self.shown.competencies, self.rows, strict=True):
            if several and _category(one) != before:
                y = (
                    canvas.write(one.category or "Other", MARGIN, y + 18, STRONG, canvas.wide - 2 * MARGIN)
                    - 8
                )
                before = _category(one)
            fitted = LABEL.fit(one.title, _NAME - 12, 2)
            high = 30.0 if len(fitted.lines) == 1 else 38.0
            first = y + high / 2 + 3 - (len(fitted.lines) - 1) * LABEL.leading / 2
            canvas.set(fitted, MARGIN, first, LABEL, _NAME - 12)
            for place, mark in enumerate(marks):
                hint = f"{level_name(self.shown.levels[place])}, {one.title}: {mark.label}"
                box = (self._left + place * self.column, y, self.column - 3, high - 3)
                draw_cell(canvas, box, mark, hint)
            y += high
        return y

    def _draw_small(self, canvas: Canvas, y: float) -> float:
        """Draw all cells of a shade as one path. Neighbours in a row are one piece of it."""
        pieces: dict[str, list[str]] = {}
        for place, (one, marks) in enumerate(zip(self.shown.competencies, self.rows, strict=True)):
            top = y + place * self.column
            canvas.write(one.title, MARGIN, top + 9, _TINY, _NAME - 10)
            x = self._left
            for paint, group in groupby(marks, key=small_paint):
                wide = self.column * len(list(group))
                if paint is not None:
                    pieces.setdefault(paint, []).append(
                        f"M{num(x)} {num(top)}h{num(wide - 1)}v11h-{num(wide - 1)}z"
                    )
                x += wide
        for paint, drawn in sorted(pieces.items()):
            canvas.path("".join(drawn), Paint(paint))
        return y + len(self.rows) * self.column


def small_paint(mark: Mark) -> str | None:
    """Return the paint of a square; None if nothing is expected."""
    return f"heat{shade_of(mark.share)}" if mark.state in {"required", "optional"} else None


def draw_cell(canvas: Canvas, box: tuple[float, float, float, float], mark: Mark, hint: str) -> None:
    """Draw one cell with its number: in brackets if it is optional, bold if the level has its own text."""
    x, y, w, h = box
    if mark.state in {"absent", "not-in-use"}:
        canvas.rect(box, Paint(None, "line"), 3, hint)
        if mark.state == "not-in-use":
            canvas.path(f"M{num(x + w / 2 - 6)} {num(y + h / 2)}h12", Paint(None, "quiet", 1.5))
        return
    shade = shade_of(mark.share)
    optional = mark.state == "optional"
    canvas.rect(
        box, Paint(f"heat{shade}", "quiet" if optional else None, 1, "3 3" if optional else None), 3, hint
    )
    number = f"({mark.number})" if optional else mark.number
    style = Style(13, 400 if mark.inherited else BOLD, f"on{shade}", "middle")
    canvas.write(number, x + w / 2, y + h / 2 + 4.6, style, w - 4)
