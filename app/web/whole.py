"""The whole ladder on one page: to print, to keep, to read on a journey."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.rubric.effective import Effectives
from app.rubric.entities import Node
from app.rubric.ladder import Level, Track
from app.web.cells import cells_of
from app.web.frame import frame_of
from app.web.ladder import CUMULATIVE
from app.web.level import Block, blocks_of
from app.web.reading import Reading, ReadingDep
from app.web.rendering import show

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


@router.get("/ladders/{ladder}/print")
def show_whole(reading: ReadingDep) -> HTMLResponse:
    """Show everything that the ladder says."""
    index = reading.index
    small = len(index.nodes) <= _MOST_ENTITIES
    competencies = ((node, _facets(reading, node)) for node in index.of_kind("competency"))
    return show(
        "whole.html",
        frame=frame_of(reading, "The whole ladder", api="/document"),
        reading=reading,
        ladder=reading.ladder,
        cumulative=CUMULATIVE[reading.ladder.cumulative],
        small=small,
        parts=tuple(_parts(reading)) if small else (),
        competencies=tuple(competencies) if small else (),
    )


def _parts(reading: Reading) -> Iterator[Part]:
    index, effectives = reading.index, Effectives(reading.index)
    for node in index.of_kind("track"):
        levels = sorted(index.levels_of.get(node.address, ()), key=lambda level: index.ranks[level.slug])
        sheets = (_sheet(reading, effectives, level) for level in levels)
        yield Part(node, index.tracks[node.address], tuple(sheets))


def _sheet(reading: Reading, effectives: Effectives, level: Level) -> Sheet:
    node = reading.get("level", level.slug)
    blocks = blocks_of(cells_of(reading, effectives, level))
    return Sheet(node, level, tuple(block for block in blocks if block.speaks))


def _facets(reading: Reading, competency: Node) -> tuple[Node, ...]:
    facets = reading.index.facets_of.get(competency.address, ())
    return tuple(reading.get("facet", facet.slug) for facet in facets)
