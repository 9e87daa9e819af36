"""A level: what is asked of somebody at it, in every competency, and where to go from there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.rubric.effective import Effectives
from app.rubric.entities import Node
from app.rubric.ladder import Level
from app.rubric.progression import moves
from app.web.cells import CellView, cells_of
from app.web.frame import frame_of
from app.web.reading import ReadingDep
from app.web.rendering import show

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


@router.get("/ladders/{ladder}/levels/{level}")
def show_level(reading: ReadingDep, level: str) -> HTMLResponse:
    """Show what is expected at a level."""
    node = reading.get("level", level)
    entity = reading.index.levels[node.address]
    effectives = Effectives(reading.index)
    blocks = tuple(blocks_of(cells_of(reading, effectives, entity)))
    picture = _picture(entity, blocks)
    name = f"{entity.code} {entity.title}" if entity.code else entity.title
    track = reading.index.find("track", entity.track)
    return show(
        "level.html",
        frame=frame_of(
            reading,
            name,
            description=entity.summary or entity.scope,
            api=f"/levels/{node.address}/effective",
            image=None if picture is None else f"{reading.urls.api}{picture}.png",
        ),
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


def _picture(level: Level, blocks: Sequence[Block]) -> str | None:
    """Where below its ladder the picture of what the level asks is, without its extension.

    None where it would show little, or too much.
    """
    if not any(block.said for block in blocks) or len(blocks) > _MOST_SPOKES:
        return None
    return f"/levels/{level.slug}/radar"
