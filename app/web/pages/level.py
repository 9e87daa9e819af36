"""A level: what is asked of somebody at it, in every competency, and where to go from there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from app.api.reading.reader import known
from app.rubric.entities import Node
from app.rubric.ladder import Competency, Level
from app.rubric.text import Slug
from app.rubric.views.effective import Effectives, Place
from app.rubric.views.effective_text import level_name
from app.rubric.views.progression import moves
from app.web.layout.cells import CellView, cells_of
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep
from app.web.navigation.urls import MOST_CELLS

router = APIRouter(include_in_schema=False)

_MOST_SPOKES: Final = 24
"""Up to so many competencies are drawn beside a level."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is asked in one competency, and in its facets."""

    place: Node
    whole: CellView
    facets: tuple[CellView, ...]

    @property
    def said(self) -> bool:
        """Whether anything is said here."""
        return any(cell.state != "absent" for cell in (self.whole, *self.facets))

    @property
    def speaks(self) -> bool:
        """Whether the level says something here itself, or its track does for it."""
        return any(cell.here is not None for cell in (self.whole, *self.facets))


class LevelQuery(BaseModel):
    """Which part of a level is shown, where there is too much for one page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    competency: Slug | None = None
    """One in that part. In a ladder that is not large it changes nothing."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A level in parts, each of whole competencies; one part where all fit on one page."""

    places: tuple[Place, ...]
    """The cells of the part that is shown."""
    before: str | None = None
    """A competency of the part before."""
    after: str | None = None
    number: int = 1
    """Which part it is, from 1."""
    of: int = 1


@router.get("/ladders/{ladder}/levels/{level}")
def show_level(reading: ReadingDep, level: str, query: Annotated[LevelQuery, Query()]) -> HTMLResponse:
    """Show what is expected at a level."""
    node = reading.get("level", level)
    entity = reading.index.levels[node.address]
    effectives = reading.index.once(Effectives)
    parts = _parts(reading, effectives, query.competency)
    blocks = tuple(blocks_of(cells_of(reading, effectives, entity, parts.places)))
    picture = _picture(entity, blocks, reading.ladder.competencies)
    track = reading.index.find("track", entity.track)
    return show(
        "level.html",
        frame=frame_of(
            reading,
            level_name(entity),
            description=entity.summary or entity.scope,
            api=f"/levels/{node.address}/effective",
            image=None if picture is None else f"{reading.urls.api}{picture}.png",
        ),
        parts=parts,
        picture=None if picture is None else reading.urls.pictures(reading.answer) + picture,
        reading=reading,
        node=node,
        level=entity,
        track=track,
        rank=reading.index.ranks[node.address],
        blocks=[block for block in blocks if block.said],
        silent=[block.place for block in blocks if not block.said],
        examples=reading.inside(node, "example"),
        moves=moves(effectives.inheritance, entity),
        below=next(iter(effectives.inheritance.below(entity.slug)), None),
    )


def _parts(reading: Reading, effectives: Effectives, competency: str | None) -> Parts:
    """The part that a competency is in, the first without one.

    Raises InvalidParameter for a competency that the release does not have.
    """
    known(reading.index, "competency", competency)
    if not reading.urls.parted:
        return Parts(effectives.places)
    parts: list[list[Place]] = []
    for _, found in groupby(effectives.places, key=lambda place: place[0]):
        cells = list(found)
        if parts and len(parts[-1]) + len(cells) <= MOST_CELLS:
            parts[-1] += cells
        else:
            parts.append(cells)
    here = next((place for place, part in enumerate(parts) if (competency, None) in part), 0)
    before = parts[here - 1][0][0] if here else None
    after = parts[here + 1][0][0] if here + 1 < len(parts) else None
    return Parts(tuple(parts[here]), before, after, here + 1, len(parts))


def blocks_of(cells: Iterator[CellView]) -> Iterator[Block]:
    """Cells by competency: each comes before its facets."""
    whole: CellView | None = None
    facets: list[CellView] = []
    for cell in cells:
        if cell.place.kind == "competency":
            if whole is not None:
                yield Block(whole.place, whole, tuple(facets))
            whole, facets = cell, []
        else:
            facets.append(cell)
    if whole is not None:
        yield Block(whole.place, whole, tuple(facets))


def _picture(level: Level, blocks: Sequence[Block], competencies: Sequence[Competency]) -> str | None:
    """Where below its ladder the picture of what the level asks is, without its extension.

    None where it would show little, or too much.
    """
    if not any(block.said for block in blocks) or len(competencies) > _MOST_SPOKES:
        return None
    return f"/levels/{level.slug}/radar"
