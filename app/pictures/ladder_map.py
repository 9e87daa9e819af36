"""The map of a ladder: a column for each track, its levels by rank from the bottom up, and forks between tracks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from app.pictures.fonts import BOLD
from app.pictures.palette import Theme
from app.pictures.svg import LABEL, MARGIN, SMALL, STRONG, Canvas, Paint, Style, num
from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Level

MOST: Final = 400
"""The most levels in one picture. A larger request is refused with the advice to choose one track."""
_ACROSS: Final = 6
"""The most tracks in a row."""
_WIDE: Final = 168.0
_GUTTER: Final = 34.0
_RANK: Final = 46.0
"""Room on the left for the ranks."""
_HIGH: Final = 46.0
_LOW: Final = 26.0
"""Height of a level if there are many."""
_MANY: Final = 30
_BETWEEN: Final = 16.0
_DASH: Final = "5 4"
_LEAST_WIDE: Final = 640.0


@dataclass(frozen=True, slots=True)
class _Position:
    """The position of a level's box."""

    x: float
    y: float


def levels_of(index: Index, track: str | None) -> tuple[Level, ...]:
    """Return the levels on a map of one track or of all tracks."""
    return tuple(level for level in index.levels.values() if track in {None, level.track})


def draw_map(index: Index, track: str | None = None, theme: Theme = "auto") -> str:
    """Return the SVG of a ladder's map, or of one track. There must be at most MOST levels."""
    drawn = _Map(index, track)
    canvas = Canvas(max(_LEAST_WIDE, drawn.wide), theme)
    title = f"{index.ladder.title}: tracks and levels"
    y = canvas.heading(title, ("Higher levels have a higher rank.",))
    if not drawn.tracks:
        empty = "This ladder has no tracks or levels yet."
        canvas.high = canvas.write(empty, MARGIN, y + 20, LABEL, canvas.wide - 2 * MARGIN, 3) + 12
        return canvas.render("map", title, empty)
    for band in drawn.bands:
        y = drawn.draw_band(canvas, band, y + 8)
    canvas.high = drawn.draw_key(canvas, y + 14) + 6
    return canvas.render("map", title, drawn.describe())


@dataclass(frozen=True)
class _Map:
    index: Index
    track: str | None

    @cached_property
    def tracks(self) -> tuple[str, ...]:
        """Slugs of the tracks on the map, including those that only levels name."""
        known = dict.fromkeys((*self.index.tracks, *self.index.levels_of))
        return tuple(slug for slug in known if self.track in {None, slug})

    @property
    def bands(self) -> Iterator[tuple[str, ...]]:
        """The tracks row by row."""
        for start in range(0, len(self.tracks), _ACROSS):
            yield self.tracks[start : start + _ACROSS]

    @property
    def wide(self) -> float:
        """Width of the picture."""
        columns = min(_ACROSS, len(self.tracks))
        return 2 * MARGIN + _RANK + columns * (_WIDE + _GUTTER) - _GUTTER

    @cached_property
    def _high(self) -> float:
        longest = max((len(levels) for levels in self.index.levels_of.values()), default=0)
        return _LOW if longest > _MANY else _HIGH

    def draw_band(self, canvas: Canvas, band: Sequence[str], y: float) -> float:
        """Draw tracks side by side below y. Return the y below them."""
        y = (
            max(self._draw_head(canvas, slug, self._column(column), y) for column, slug in enumerate(band))
            + 6
        )
        rows = self._rows(band, y)
        places: dict[str, _Position] = {}
        for column, slug in enumerate(band):
            for level, low in self._stacked(slug, rows):
                places[level.slug] = _Position(self._column(column), low)
        self._draw_ranks(canvas, rows, y)
        self._draw_ways(canvas, band, places)
        for slug in band:
            for level in self.index.levels_of.get(slug, ()):
                self._draw_level(canvas, level, places[level.slug])
        bottom = max((place.y + self._high for place in places.values()), default=y + 20)
        return bottom + _BETWEEN

    def _column(self, column: int) -> float:
        return MARGIN + _RANK + column * (_WIDE + _GUTTER)

    def _draw_head(self, canvas: Canvas, slug: str, x: float, y: float) -> float:
        track = self.index.tracks.get(slug)
        y = canvas.write(slug if track is None else track.title, x, y + 16, STRONG, _WIDE, 2) - 2
        if track is not None and track.extends is not None:
            y = canvas.write(f"extends {self._title(track.extends)}", x, y, SMALL, _WIDE)
        if track is not None and track.group is not None:
            y = canvas.write(track.group, x, y, SMALL, _WIDE)
        return y

    def _title(self, slug: str) -> str:
        track = self.index.tracks.get(slug)
        return slug if track is None else track.title

    # Rows: one for each rank, highest on top, as high as its fullest cell

    def _rows(self, band: Sequence[str], y: float) -> Mapping[float, float]:
        """Return the top of the row of each rank."""
        fullest: dict[float, int] = defaultdict(int)
        for slug in band:
            for rank, levels in self._by_rank(slug).items():
                fullest[rank] = max(fullest[rank], len(levels))
        tops: dict[float, float] = {}
        for rank in sorted(fullest, reverse=True):
            tops[rank] = y
            y += fullest[rank] * (self._high + _BETWEEN)
        return tops

    def _by_rank(self, slug: str) -> Mapping[float, list[Level]]:
        found: dict[float, list[Level]] = defaultdict(list)
        for level in self.index.levels_of.get(slug, ()):
            found[self.index.ranks[level.slug]].append(level)
        return found

    def _stacked(self, slug: str, rows: Mapping[float, float]) -> Iterator[tuple[Level, float]]:
        for rank, levels in self._by_rank(slug).items():
            for place, level in enumerate(levels):
                yield level, rows[rank] + place * (self._high + _BETWEEN)

    def _draw_ranks(self, canvas: Canvas, rows: Mapping[float, float], y: float) -> None:
        if rows:
            canvas.write("rank", MARGIN, y - 6, SMALL, _RANK - 8)
        for rank, top in rows.items():
            middle = top + self._high / 2
            canvas.line(
                MARGIN + _RANK - 8, middle, canvas.wide - MARGIN, middle, Paint(None, "line", 1, "1 5")
            )
            canvas.write(f"{rank:g}", MARGIN, middle + 4, SMALL, _RANK - 12)

    # Lines: from level to level, and from the level of another track at which a track forks off

    def _draw_ways(self, canvas: Canvas, band: Sequence[str], places: Mapping[str, _Position]) -> None:
        for slug in band:
            for lower, upper in pairwise(self._own(slug)):
                self._draw_step(canvas, places[lower.slug], places[upper.slug])
            parent, child = self._forks.get(slug, ("", ""))
            if parent in places:
                self._draw_fork(canvas, places[parent], places[child])

    def _own(self, slug: str) -> list[Level]:
        """Return the levels of a track, lowest first."""
        return sorted(self.index.levels_of.get(slug, ()), key=lambda level: self.index.ranks[level.slug])

    @cached_property
    def _forks(self) -> Mapping[str, tuple[str, str]]:
        """By track that begins above a level of another, that level and its own first one."""
        inheritance, found = Inheritance(self.index), dict[str, tuple[str, str]]()
        for slug in self.tracks:
            own = self._own(slug)
            below = inheritance.below(own[0].slug) if own else ()
            if below and self.track is None:
                found[slug] = below[0].slug, own[0].slug
        return found

    def _draw_step(self, canvas: Canvas, lower: _Position, upper: _Position) -> None:
        if upper.y < lower.y:
            x = lower.x + _WIDE / 2
            canvas.line(x, lower.y, x, upper.y + self._high, Paint(None, "quiet", 1.5))

    def _draw_fork(self, canvas: Canvas, parent: _Position, child: _Position) -> None:
        """Draw a line from the parent's level, through the gutter, to the first level of the track that forks off."""
        rightward = child.x > parent.x
        start_x = parent.x + (_WIDE if rightward else 0)
        start_y, end_x, end_y = parent.y + self._high / 2, child.x + _WIDE / 2, child.y + self._high
        canvas.path(
            f"M{num(start_x)} {num(start_y)}C{num(end_x)} {num(start_y)} {num(end_x)} {num(start_y)} "
            f"{num(end_x)} {num(end_y)}",
            Paint(None, "second", 2, _DASH),
        )

    def _draw_level(self, canvas: Canvas, level: Level, place: _Position) -> None:
        canvas.rect((place.x, place.y, _WIDE, self._high), Paint("card", "first"), 6)
        x, room = place.x + 10, _WIDE - 20
        code = level.code if level.code not in {None, level.title} else None
        if self._high == _LOW or code is None:
            name = level.title if code is None else f"{code} {level.title}"
            lines = 1 if self._high == _LOW else 2
            fitted = Style(12.5, BOLD if code is None else 400).fit(name, room, lines)
            y = place.y + self._high / 2 + 4.5 - (len(fitted.lines) - 1) * 8.2
            canvas.set(fitted, x, y, Style(12.5, BOLD if code is None else 400), room)
            return
        canvas.write(code, x, place.y + 19, STRONG, room)
        canvas.write(level.title, x, place.y + 36, Style(12, 400, "quiet"), room)

    # In words

    def draw_key(self, canvas: Canvas, y: float) -> float:
        """Draw the legend of the dashed line if there is one."""
        if not self._forks:
            return y - 14
        canvas.path(f"M{num(MARGIN)} {num(y - 4)}h30", Paint(None, "second", 2, _DASH))
        words = "leads from a level of the extended track to the first level of the track that forks off it"
        return canvas.write(words, MARGIN + 38, y, SMALL, canvas.wide - 2 * MARGIN - 38, 2)

    def describe(self) -> str:
        """Return the map in words."""
        lines = []
        for slug in self.tracks:
            track = self.index.tracks.get(slug)
            above = f", extends {self._title(track.extends)}" if track is not None and track.extends else ""
            names = ", ".join(level.code or level.title for level in self._own(slug)) or "no levels"
            lines.append(f"{self._title(slug)}{above}: {names}")
        return "Tracks, with their levels from the lowest up. " + "; ".join(lines) + "."
