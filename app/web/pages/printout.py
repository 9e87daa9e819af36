"""The page of a whole ladder, for printing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Query
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Level, Track
from app.rubric.text import Slug
from app.rubric.views.demands import Demands
from app.serving.route_table import RouteFacts
from app.web.layout.cells import cells_of
from app.web.layout.frame import frame_of
from app.web.layout.level_head import rungs_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.pages.ladder import CUMULATIVE, facets_of
from app.web.pages.level import CompetencyBlock, blocks_of
from app.web.translation.messages import N_

router = page_router()

_MOST_ENTITIES: Final = 5_000
"""The most entities on one page. Rendering more would take seconds."""


@dataclass(frozen=True, slots=True)
class PrintedLevel:
    """A level with its own expectations."""

    node: Node
    level: Level
    blocks: tuple[CompetencyBlock, ...]


@dataclass(frozen=True, slots=True)
class PrintedTrack:
    """A track and its levels, lowest first."""

    node: Node
    track: Track
    levels: tuple[PrintedLevel, ...]


class PrintQuery(PageQuery):
    """The part of the ladder to print. Without a parameter it is the whole ladder."""

    track: Slug | None = None
    """The levels of this track."""
    part: Literal["competencies", "texts"] | None = None
    """Competencies with their facets and scales, or questions, tips and texts."""

    @property
    def whole(self) -> bool:
        """True to print everything."""
        return self.track is None and self.part is None

    @property
    def has_competencies(self) -> bool:
        """True to print competencies and scales."""
        return self.whole or self.part == "competencies"

    @property
    def has_texts(self) -> bool:
        """True to print questions, tips and texts."""
        return self.whole or self.part == "texts"


@router.get("/ladders/{ladder}/print")
@declare(RouteFacts(carries=frozenset({"track", "part"})))
def show_printout(reading: ReadingDep, query: Annotated[PrintQuery, Query()]) -> HTMLResponse:
    """Show the whole content of a ladder, or of a part of it."""
    index = reading.index
    query = query.model_copy(update={"track": reading.slug("track", "track", query.track)})
    size = len(index.nodes) if query.whole else sum(1 for _ in _selected(reading, query))
    small = size <= _MOST_ENTITIES
    competencies = ((node, facets_of(reading.index, node.address)) for node in index.of_kind("competency"))
    return show(
        "whole.html",
        frame=frame_of(reading, N_("The whole ladder"), api="/document"),
        reading=reading,
        ladder=reading.ladder,
        cumulative=CUMULATIVE[reading.ladder.cumulative],
        query=query,
        part_links=tuple(_part_links(reading)),
        small=small,
        tracks=tuple(_tracks(reading, query)) if small else (),
        competencies=tuple(competencies) if small and query.has_competencies else (),
    )


def _selected(reading: Reading, query: PrintQuery) -> Iterator[Node]:
    """Yield the entities of the part to print."""
    for node in reading.index.nodes:
        on = reading.index.relation(node)
        level = None if on.level is None else reading.index.levels.get(on.level)
        if level is not None:
            if level.track == query.track:
                yield node
        elif query.has_competencies if on.competency is not None else query.has_texts:
            yield node


def _part_links(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield links to the whole and to each part: words and URL."""
    yield N_("Everything"), reading.urls.below("/print")
    for track in reading.ladder.tracks:
        yield track.title, reading.urls.below("/print", {"track": track.slug})
    if reading.ladder.competencies:
        yield N_("Competencies"), reading.urls.below("/print", {"part": "competencies"})
    if reading.ladder.faqs or reading.ladder.tips or reading.ladder.pages:
        yield N_("Questions and texts"), reading.urls.below("/print", {"part": "texts"})


def _tracks(reading: Reading, query: PrintQuery) -> Iterator[PrintedTrack]:
    index, effectives = reading.index, reading.index.once(Demands)
    for node in index.of_kind("track"):
        if query.whole or node.address == query.track:
            levels = (_level(reading, effectives, level) for level in rungs_of(index, node.address))
            yield PrintedTrack(node, index.tracks[node.address], tuple(levels))


def _level(reading: Reading, effectives: Demands, level: Level) -> PrintedLevel:
    node = reading.get("level", level.slug)
    blocks = blocks_of(cells_of(reading, effectives, level))
    return PrintedLevel(node, level, tuple(block for block in blocks if block.has_own_text))
