"""The page of a level: its expectations in every competency, and the levels that can follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

from fastapi import Query
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Competency, Level
from app.rubric.parts import Statement
from app.rubric.text import Slug
from app.rubric.views.demands import Demands
from app.rubric.views.effective_text import level_name
from app.rubric.views.holdings import Place
from app.rubric.views.progression import moves
from app.serving.route_table import RouteFacts
from app.web.layout.cells import CellView, ExpectationView, cells_of
from app.web.layout.frame import frame_of
from app.web.layout.level_head import level_head
from app.web.layout.rendering import kind_label, show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import MOST_CELLS
from app.web.translation.messages import N_

router = page_router()

_MOST_SPOKES: Final = 24
"""The most competencies in the radar chart of a level."""


@dataclass(frozen=True, slots=True)
class LowerLevel:
    """A lower level whose expectations also apply in a competency."""

    slug: str
    name: str
    expectations: tuple[tuple[Node, ExpectationView], ...]
    """Each with its competency or facet."""


@dataclass(frozen=True, slots=True)
class CompetencyBlock:
    """The expectations in one competency and its facets."""

    place: Node
    whole: CellView
    facets: tuple[CellView, ...]

    @property
    def has_text(self) -> bool:
        """True if there is any expectation."""
        return any(cell.state != "absent" for cell in (self.whole, *self.facets))

    @property
    def lower(self) -> tuple["LowerLevel", ...]:
        """The expectations of lower levels that also apply where this one has its own, lowest level first."""
        found: dict[str, list[tuple[Node, ExpectationView]]] = {}
        levels: dict[str, Level] = {}
        for cell in (self.whole, *self.facets):
            for one in cell.below if cell.here is not None else ():
                levels[one.level.slug] = one.level
                found.setdefault(one.level.slug, []).append((cell.place, one))
        named = (
            LowerLevel(slug, levels[slug].code or levels[slug].title, tuple(ones))
            for slug, ones in found.items()
        )
        return tuple(named)[::-1]

    @property
    def deeper(self) -> bool:
        """True if expectations of further lower levels are left out."""
        return any(cell.deeper for cell in (self.whole, *self.facets) if cell.here is not None)

    @property
    def has_own_text(self) -> bool:
        """True if the level itself, or a track that its track extends, has one."""
        return any(cell.here is not None for cell in (self.whole, *self.facets))


class LevelQuery(PageQuery):
    """The part of a level to show, if it is too long for one page."""

    competency: Slug | None = None
    """A competency in that part. It has no effect in a ladder that fits on one page."""


@dataclass(frozen=True, slots=True)
class LevelPart:
    """One part of a level's page. Each part has whole competencies; most levels have one part."""

    places: tuple[Place, ...]
    """The cells of this part."""
    before: str | None = None
    """A competency of the previous part."""
    after: str | None = None
    """A competency of the next part."""
    number: int = 1
    """The number of this part, from 1."""
    of: int = 1


@router.get("/ladders/{ladder}/levels/{level}")
@declare(RouteFacts(kind="level", carries=frozenset({"competency"})))
def show_level(reading: ReadingDep, level: str, query: Annotated[LevelQuery, Query()]) -> HTMLResponse:
    """Show the expectations of a level."""
    node = reading.get("level", level)
    entity = reading.index.levels[node.address]
    effectives = reading.index.once(Demands)
    part = part_of(reading, effectives, query.competency)
    blocks = tuple(blocks_of(cells_of(reading, effectives, entity, part.places)))
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
        part=part,
        picture=None if picture is None else reading.urls.pictures(reading.answer) + picture,
        reading=reading,
        head=level_head(reading, entity, following := moves(effectives.inheritance, entity)),
        facts=tuple(_facts(entity)),
        labelled=_a_label(reading, blocks),
        node=node,
        level=entity,
        track=track,
        rank=reading.index.ranks[node.address],
        replaced=_replaced(reading, entity, blocks),
        blocks=[block for block in blocks if block.has_text],
        empty_competencies=[block.place for block in blocks if not block.has_text],
        examples=reading.inside(node, "example"),
        moves=following,
        below=next(iter(effectives.inheritance.below(entity.slug)), None),
    )


def part_of(reading: Reading, effectives: Demands, competency: str | None) -> LevelPart:
    """Return the part that contains a competency; the first one without a competency.

    Raises InvalidParameter if the release has no such competency.
    """
    competency = reading.slug("competency", "competency", competency)
    if not reading.urls.parted:
        return LevelPart(effectives.places)
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
    return LevelPart(tuple(parts[here]), before, after, here + 1, len(parts))


def _facts(level: Level) -> Iterator[str]:
    """Yield the names of what a level says about itself besides its summary."""
    if level.scope:
        yield N_("Scope")
    yield from (attribute.title for attribute in level.attributes)
    if level.years_from is not None or level.years_to is not None:
        yield N_("Usual experience")
    if level.other_titles:
        yield N_("Also called")


def _a_label(reading: Reading, blocks: Sequence[CompetencyBlock]) -> str:
    """Return a label of a statement on the page, such as `Growth (beyond this level)`; empty if none has one."""
    for block in blocks:
        for cell in (block.whole, *block.facets):
            for statement in () if cell.here is None else reading.inside(cell.here.node, "statement"):
                assert isinstance(statement.entity, Statement)  # noqa: S101 - of that kind
                if label := kind_label(statement.entity, reading.index):
                    return label
    return ""


def _replaced(reading: Reading, level: Level, blocks: Sequence[CompetencyBlock]) -> Node | None:
    """Return the extended track if the level replaces any of its text on this page."""
    cells = (cell for block in blocks for cell in (block.whole, *block.facets))
    track = reading.index.tracks.get(level.track)
    if track is None or track.extends is None or all(cell.state != "overridden" for cell in cells):
        return None
    return reading.index.find("track", track.extends)


def blocks_of(cells: Iterator[CellView]) -> Iterator[CompetencyBlock]:
    """Group cells by competency. Each competency comes before its facets."""
    whole: CellView | None = None
    facets: list[CellView] = []
    for cell in cells:
        if cell.place.kind == "competency":
            if whole is not None:
                yield CompetencyBlock(whole.place, whole, tuple(facets))
            whole, facets = cell, []
        else:
            facets.append(cell)
    if whole is not None:
        yield CompetencyBlock(whole.place, whole, tuple(facets))


def _picture(
    level: Level, blocks: Sequence[CompetencyBlock], competencies: Sequence[Competency]
) -> str | None:
    """Return the path of the radar chart below the ladder, without extension; None if it would not be readable."""
    if not any(block.has_text for block in blocks) or len(competencies) > _MOST_SPOKES:
        return None
    return f"/levels/{level.slug}/radar"
