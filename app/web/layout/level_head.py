"""The top of the pages of one level: a stepper through the levels, and tabs for what there is to read about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.views.progression import Move
from app.web.navigation.page_reader import Reading
from app.web.translation.messages import N_

_MOST_STEPS: Final = 30
"""The most levels in the stepper. In a longer ladder it shows the levels around this one, on its own track."""
_AROUND: Final = 6
"""The number of levels before and after this one in the stepper of a long ladder."""


@dataclass(frozen=True, slots=True)
class StepperTrack:
    """The levels of a track in the stepper, lowest first."""

    title: str
    levels: tuple[Level, ...]
    is_cut: bool
    """True if the track has more levels."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to another page about the level."""

    words: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LevelHead:
    """The stepper and the tabs of a level."""

    level: Level
    tracks: tuple[StepperTrack, ...]
    tabs: tuple[Tab, ...]


def level_head(reading: Reading, level: Level, moves: Sequence[Move], current: str = "") -> LevelHead:
    """Return the top of a page about a level. `current` is the path of the page below the level's own page."""
    return LevelHead(level, tuple(_tracks(reading, level)), tuple(_tabs(reading, level, moves, current)))


def rungs_of(index: Index, track: str) -> tuple[Level, ...]:
    """Return the levels of a track, lowest first."""
    return tuple(sorted(index.levels_of.get(track, ()), key=lambda level: index.ranks[level.slug]))


def _tracks(reading: Reading, level: Level) -> Iterator[StepperTrack]:
    index = reading.index
    short = len(index.ladder.levels) <= _MOST_STEPS
    for track in index.ladder.tracks:
        levels = rungs_of(index, track.slug)
        if short and levels:
            yield StepperTrack(track.title, levels, is_cut=False)
        elif track.slug == level.track:
            place = levels.index(level)
            around = levels[max(0, place - _AROUND) : place + _AROUND + 1]
            yield StepperTrack(track.title, around, is_cut=len(around) < len(levels))


def _tabs(reading: Reading, level: Level, moves: Sequence[Move], current: str) -> Iterator[Tab]:
    home = reading.urls.level(level.slug)
    yield Tab(N_("Expectations"), home, not current)
    if moves:
        above = moves[0].level
        words = N_("What %(level)s adds", level=above.code or above.title)
        yield Tab(words, reading.urls.below("/compare", {"from": level.slug, "to": above.slug}), False)
    yield Tab(N_("Check yourself"), f"{home}/check", current == "/check")
    if reading.line:
        yield Tab(N_("Changes"), f"{home}/history", current == "/history")
