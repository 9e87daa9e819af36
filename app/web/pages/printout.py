"""The whole ladder on one page: to print, to keep, to read on a journey."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from app.api.reading.reader import known
from app.rubric.entities import Node
from app.rubric.ladder import Level, Track
from app.rubric.text import Slug
from app.rubric.views.effective import Effectives
from app.web.layout.cells import cells_of
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep
from app.web.pages.ladder import CUMULATIVE, facets_of, rungs_of
from app.web.pages.level import Block, blocks_of

router = APIRouter(include_in_schema=False)

_MOST_ENTITIES: Final = 5_000
"""Up to so many entities are put on one page; nobody prints more, and making it would take seconds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A level and what it says itself."""

    node: Node
    level: Level
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A track and its levels, the lowest first."""

    node: Node
    track: Track
    sheets: tuple[Sheet, ...]


class WholeQuery(BaseModel):
    """Which part of the ladder is wanted; all of it where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    track: Slug | None = None
    """The levels of this track."""
    part: Literal["competencies", "texts"] | None = None
    """The competencies with what belongs to them, or questions, tips and pages."""

    @property
    def whole(self) -> bool:
        """Whether all is wanted."""
        return self.track is None and self.part is None

    @property
    def has_competencies(self) -> bool:
        """Whether competencies and scales are wanted."""
        return self.whole or self.part == "competencies"

    @property
    def has_texts(self) -> bool:
        """Whether questions, tips and pages are wanted."""
        return self.whole or self.part == "texts"


@router.get("/ladders/{ladder}/print")
def show_whole(reading: ReadingDep, query: Annotated[WholeQuery, Query()]) -> HTMLResponse:
    """Show everything that the ladder says, or all that a part of it says."""
    index = reading.index
    known(reading.index, "track", query.track)
    wanted = len(index.nodes) if query.whole else sum(1 for _ in _wanted(reading, query))
    small = wanted <= _MOST_ENTITIES
    competencies = ((node, facets_of(reading.index, node.address)) for node in index.of_kind("competency"))
    return show(
        "whole.html",
        frame=frame_of(reading, "The whole ladder", api="/document"),
        reading=reading,
        ladder=reading.ladder,
        cumulative=CUMULATIVE[reading.ladder.cumulative],
        query=query,
        ways=tuple(_ways(reading)),
        small=small,
        parts=tuple(_parts(reading, query)) if small else (),
        competencies=tuple(competencies) if small and query.has_competencies else (),
    )


def _wanted(reading: Reading, query: WholeQuery) -> Iterator[Node]:
    """The entities of the part that is wanted."""
    for node in reading.index.nodes:
        on = reading.index.relation(node)
        level = None if on.level is None else reading.index.levels.get(on.level)
        if level is not None:
            if level.track == query.track:
                yield node
        elif query.has_competencies if on.competency is not None else query.has_texts:
            yield node


def _ways(reading: Reading) -> Iterator[tuple[str, str]]:
    """Everything, and each part by itself."""
    yield "everything", reading.urls.below("/print")
    for track in reading.ladder.tracks:
        yield track.title, reading.urls.below("/print", {"track": track.slug})
    if reading.ladder.competencies:
        yield "competencies", reading.urls.below("/print", {"part": "competencies"})
    if reading.ladder.faqs or reading.ladder.tips or reading.ladder.pages:
        yield "questions and texts", reading.urls.below("/print", {"part": "texts"})


def _parts(reading: Reading, query: WholeQuery) -> Iterator[Part]:
    index, effectives = reading.index, reading.index.once(Effectives)
    for node in index.of_kind("track"):
        if query.whole or node.address == query.track:
            sheets = (_sheet(reading, effectives, level) for level in rungs_of(index, node.address))
            yield Part(node, index.tracks[node.address], tuple(sheets))


def _sheet(reading: Reading, effectives: Effectives, level: Level) -> Sheet:
    node = reading.get("level", level.slug)
    blocks = blocks_of(cells_of(reading, effectives, level))
    return Sheet(node, level, tuple(block for block in blocks if block.speaks))
