"""The levels to choose from in a comparison: of this ladder, its other releases, and other ladders."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.rubric.ladder import Level
from app.rubric.views.effective_text import level_name
from app.web.navigation.page_reader import Reading

_MOST_LADDERS: Final = 100
"""The most other ladders to choose from."""


@dataclass(frozen=True, slots=True)
class LevelOption:
    """A level to choose."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class LevelOptions:
    """The levels of a track to choose from."""

    heading: str
    options: tuple[LevelOption, ...]


def groups_of(reading: Reading, chosen: Mapping[str, str | None]) -> Iterator[LevelOptions]:
    """Yield the levels of this ladder by track, then those of the other ladders that are chosen."""
    for track in reading.ladder.tracks:
        yield LevelOptions(track.title, tuple(_options(reading.index.levels_of.get(track.slug, ()))))
    named = [value.rpartition(":")[0] for value in chosen.values() if value is not None]
    for reference in dict.fromkeys(one for one in named if one):
        other = reading.beside(reference)
        heading = f"{other.ladder.title} {other.label}"
        yield LevelOptions(heading, tuple(_options(other.ladder.levels, f"{reference}:")))


def _options(levels: Iterable[Level], prefix: str = "") -> Iterator[LevelOption]:
    for level in levels:
        yield LevelOption(f"{prefix}{level.slug}", level_name(level))


def others_of(reading: Reading) -> Iterator[LevelOption]:
    """Yield the other releases of this ladder, and other ladders, whose levels can be shown too.

    Choosing one adds its levels to the choice.
    """
    slug, catalog = reading.loaded.slug, reading.catalog
    for release in reversed(reading.line):
        if str(release.version) != reading.loaded.label:
            name = f"{release.ladder}@{release.version}"
            yield LevelOption(f"{name}:", f"{reading.ladder.title} {release.version}")
    others = (other for other in catalog.in_force if other != catalog.name(slug))
    for other in islice(others, _MOST_LADDERS):
        yield LevelOption(f"{other}:", catalog.shown(other).title)
