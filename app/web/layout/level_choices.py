"""The levels that can be chosen to be compared: of this ladder, of its other releases, and of other ladders."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.api.ladders.ladders import shown_release
from app.rubric.ladder import Level
from app.rubric.views.effective_text import level_name
from app.web.navigation.reader import Reading

_MOST_LADDERS: Final = 100
"""How many other ladders the chooser offers."""


@dataclass(frozen=True, slots=True)
class Option:
    """A level that can be chosen."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Options:
    """The levels of a track that can be chosen."""

    heading: str
    options: tuple[Option, ...]


def groups_of(reading: Reading, chosen: Mapping[str, str | None], also: str | None) -> Iterator[Options]:
    """The levels to choose from: of this ladder by track, then of the others that are named."""
    for track in reading.ladder.tracks:
        yield Options(track.title, tuple(_options(reading.index.levels_of.get(track.slug, ()))))
    named = [value.rpartition(":")[0] for value in chosen.values() if value is not None]
    for reference in dict.fromkeys(one for one in (also, *named) if one):
        other = reading.beside(reference)
        heading = f"{other.ladder.title} {other.label}"
        yield Options(heading, tuple(_options(other.ladder.levels, f"{reference}:")))


def _options(levels: Iterable[Level], prefix: str = "") -> Iterator[Option]:
    for level in levels:
        yield Option(f"{prefix}{level.slug}", level_name(level))


def others_of(reading: Reading) -> Iterator[Option]:
    """Other releases of this ladder, and other ladders, whose levels can be had too."""
    slug, catalog = reading.ladder.slug, reading.catalog
    for release in reversed(reading.line):
        if str(release.version) != reading.loaded.label:
            yield Option(f"{slug}@{release.version}", f"{reading.ladder.title} {release.version}")
    others = (other for other in catalog.in_force if other != slug)
    for other in islice(others, _MOST_LADDERS):
        yield Option(other, shown_release(catalog, other).title)
