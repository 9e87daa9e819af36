"""The timeline of a ladder: a row for each release, newest on top, with its period in force.

No line says "today", so the picture stays the same as long as nothing happens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from app.pictures.fonts import BOLD
from app.pictures.palette import Theme
from app.pictures.release_periods import Milestone
from app.pictures.svg import LABEL, MARGIN, SMALL, Canvas, Paint, Style, num
from app.rubric.release_line import Period
from app.rubric.releases import Status

WIDE: Final = 900.0
MOST: Final = 60
"""The most releases in one picture, newest first. It states the number of the others."""
_LEFT: Final = 270.0
"""The x where the bars begin."""
_ROW: Final = 40.0
_NUMBER: Final = 90.0
"""The greatest width of a release number."""
_TICK: Final = 96.0
"""The least distance between two marks of the scale."""
_DAY: Final = 86400.0
"""Seconds."""
_OPEN: Final = 0.08
"""The part of the scale after the last date, for releases without an end."""

_SUBTITLE: Final = ("The period when each was in force. A ring marks an earlier date of publication.",)
_STATUS_WORDS: Final[dict[Status, str]] = {
    "in-force": "in force",
    "scheduled": "scheduled",
    "superseded": "replaced",
    "withdrawn": "withdrawn",
}
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000)
"""Months from one mark of the scale to the next."""
_DAYS: Final = (1, 2, 7, 14)
_LAST_YEAR: Final = 9999


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale from moments, in seconds since 1970, to x on the canvas."""

    start: float
    end: float

    def x(self, moment: datetime) -> float:
        share = (moment.timestamp() - self.start) / (self.end - self.start)
        return _LEFT + min(1.0, max(0.0, share)) * (WIDE - MARGIN - _LEFT)

    def days(self, pixels: float) -> float:
        """Return the number of days in a width."""
        return pixels / (WIDE - MARGIN - _LEFT) * (self.end - self.start) / _DAY


def timeline_size(title: str, releases: int) -> tuple[int, int]:
    """Return the width and height of the timeline of a ladder with that many releases, at least one."""
    canvas = Canvas(WIDE, "light")
    y = canvas.heading(f"{title}: releases", _SUBTITLE) + 26 + _ROW * min(releases, MOST) + 18
    return int(WIDE), ceil(y + (SMALL.leading if releases > MOST else 0) + 4)


def draw_timeline(title: str, milestones: Sequence[Milestone], theme: Theme = "auto") -> str:
    """Return the SVG of a ladder's timeline. The newest milestone comes first."""
    canvas, named = Canvas(WIDE, theme), f"{title}: releases"
    y = canvas.heading(named, _SUBTITLE)
    shown = milestones[:MOST]
    if not shown:
        empty = "Nothing is published yet."
        canvas.high = canvas.write(empty, MARGIN, y + 20, LABEL, WIDE - 2 * MARGIN) + 12
        return canvas.render("timeline", named, empty)
    scale = _scale_of(shown)
    top, bottom = y + 26, y + 26 + _ROW * len(shown)
    _draw_ticks(canvas, scale, top, bottom)
    for place, one in enumerate(shown):
        _draw_row(canvas, scale, one, top + place * _ROW)
    y = bottom + 18
    if len(milestones) > MOST:
        y = canvas.write(
            f"… and {len(milestones) - MOST} earlier releases", MARGIN, y, SMALL, WIDE - 2 * MARGIN
        )
    canvas.high = y + 4
    return canvas.render("timeline", named, _describe(milestones))


def _scale_of(shown: Sequence[Milestone]) -> _Scale:
    """Return the scale from shortly before the first moment to shortly after the last, at least a day."""
    moments = [
        moment
        for one in shown
        for moment in (one.published_at, one.effective_from, *(period.end for period in one.periods))
        if moment
    ]
    start, end = min(moments).timestamp(), max(moments).timestamp()
    length = max(end - start, _DAY)
    return _Scale(start - length * _OPEN / 4, start + length * (1 + _OPEN))


def _draw_row(canvas: Canvas, scale: _Scale, one: Milestone, y: float) -> None:
    middle = y + _ROW / 2
    quiet = one.status in {"superseded", "withdrawn"}
    number = Style(14, BOLD, "quiet" if quiet else "ink")
    canvas.write(one.version, MARGIN, middle - 2, number, _NUMBER)
    if one.corrects is not None:
        after = min(_NUMBER, number.width(one.version)) + 8
        canvas.write(f"corrects {one.corrects}", MARGIN + after, middle - 2, SMALL, 150 - after)
    canvas.write(_status(one), MARGIN, middle + 13, SMALL, 150)
    canvas.write(_day(one.effective_from), MARGIN + 156, middle + 4, SMALL, _LEFT - MARGIN - 162)
    _draw_periods(canvas, scale, one, middle)
    start, published = scale.x(one.effective_from), scale.x(one.published_at)
    if start - published > 1:
        canvas.line(published, middle, start, middle, Paint(None, "quiet", 1.5, "2 3"))
    if one.published_at < one.effective_from:
        canvas.circle(
            max(published, _LEFT),
            middle,
            4.5,
            Paint("paper", "quiet", 1.5),
            f"published {_day(one.published_at)}",
        )


def _draw_periods(canvas: Canvas, scale: _Scale, one: Milestone, middle: float) -> None:
    """Draw a bar for each period in force; a short one at its date if the release is never in force."""
    for period in one.periods or (Period(one.effective_from, one.effective_from),):
        start = scale.x(period.start)
        end = scale.x(period.end) if period.end is not None else WIDE - MARGIN - 9
        _draw_bar(canvas, one, (start, middle - 8, max(4.0, end - start), 16))
        if period.end is None:  # no end is known
            canvas.path(f"M{num(end + 2)} {num(middle - 8)}h2l5 8l-5 8h-2z", Paint("first"))


def _draw_bar(canvas: Canvas, one: Milestone, box: tuple[float, float, float, float]) -> None:
    hint = f"{one.version}: {_words(one)}"
    hint += f". {one.notes}" if one.notes else ""
    x, y, w, h = box
    if one.status == "in-force":
        canvas.rect(box, Paint("first", "first", 1.5), 3, hint)
    elif one.status == "scheduled":
        canvas.rect(box, Paint("card", "first", 1.5, "5 4"), 3, hint)
    else:
        canvas.rect(box, Paint("heat2", "quiet" if one.status == "withdrawn" else "heat3", 1), 3, hint)
    if one.status == "withdrawn":
        canvas.line(x, y + h / 2, x + w, y + h / 2, Paint(None, "second", 2))


def _draw_ticks(canvas: Canvas, scale: _Scale, top: float, bottom: float) -> None:
    """Mark the beginnings of years, months or days, as densely as their labels fit."""
    for moment, name in _ticks(scale):
        x = scale.x(moment)
        inside = scale.start <= moment.timestamp() and x <= WIDE - MARGIN - SMALL.width(name) / 2
        if inside:
            canvas.line(x, top - 4, x, bottom, Paint(None, "line"))
            canvas.write(name, x, top - 10, Style(SMALL.size, 400, "quiet", "middle"), _TICK)


def _ticks(scale: _Scale) -> Iterator[tuple[datetime, str]]:
    least = scale.days(_TICK)
    start, end = _moment(scale.start), _moment(scale.end)
    for step in _DAYS:
        if step >= least:
            first = datetime(start.year, start.month, 1, tzinfo=UTC)
            days = range(0, (end - first).days + 1, step)
            yield from ((first + timedelta(days=day), _day(first + timedelta(days=day))) for day in days)
            return
    step = next((step for step in _MONTHS if step * 28 >= least), _MONTHS[-1])
    for month in range(start.year * 12 // step * step, end.year * 12 + end.month, step):
        if month >= 12:  # noqa: PLR2004 - there is no year 0
            moment = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
            yield moment, moment.strftime("%Y-%m") if step < 12 else str(moment.year)  # noqa: PLR2004 - a year


def _moment(seconds: float) -> datetime:
    """Return the moment, or the nearest one that a datetime can hold."""
    first, last = datetime(1, 1, 2, tzinfo=UTC), datetime(_LAST_YEAR, 12, 31, tzinfo=UTC)
    return datetime.fromtimestamp(min(max(seconds, first.timestamp()), last.timestamp()), UTC)


def _status(one: Milestone) -> str:
    return _STATUS_WORDS[one.status] + (", being retired" if one.deprecated else "")


def _words(one: Milestone) -> str:
    """Return the status of a release, and its periods in force."""
    spans = (
        f"from {_day(period.start)}" + ("" if period.end is None else f" to {_day(period.end)}")
        for period in one.periods
    )
    corrects = "" if one.corrects is None else f", corrects {one.corrects}"
    return f"{_status(one)}{corrects}, {' and '.join(spans) or 'never in force'}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def _describe(milestones: Sequence[Milestone]) -> str:
    parts = (f"{one.version} {_words(one)}" for one in milestones)
    return f"{len(milestones)} releases, the newest first: " + "; ".join(parts) + "."
