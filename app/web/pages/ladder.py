"""A ladder: what it is, its tracks with their levels, its competencies, and what else there is to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Competency, Level, Track
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.reader import Reading, ReadingDep

router = APIRouter(include_in_schema=False)

_MOST_FACETS: Final = 150
"""Up to so many facets are named; a ladder with more of them only counts them."""
_MOST_TOLD: Final = 150
"""Up to so many levels and competencies are told in a sentence each; of a ladder with more, only the names."""
CUMULATIVE: Final = {
    "yes": "Each level includes those below it.",
    "no": "Each level says all that it asks.",
    "unsaid": "Its authors do not say whether a level includes those below it.",
}


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track and its levels, the highest first."""

    node: Node
    track: Track
    parent: Track | None
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class CompetencyView:
    """A competency and its facets."""

    node: Node
    competency: Competency
    facets: tuple[Node, ...]


@router.get("/ladders/{ladder}")
def show_ladder(reading: ReadingDep) -> HTMLResponse:
    """Show what a ladder is made of."""
    index = reading.index
    return show(
        "ladder.html",
        frame=frame_of(
            reading,
            section="overview",
            image=f"{reading.urls.api}/map.png" if reading.ladder.levels else None,
        ),
        reading=reading,
        ladder=reading.ladder,
        cumulative=CUMULATIVE[reading.ladder.cumulative],
        tracks=tuple(_tracks(reading)),
        groups=tuple(_groups(reading)),
        scales=index.of_kind("scale"),
        told=len(reading.ladder.levels) + len(reading.ladder.competencies) <= _MOST_TOLD,
        named=len(reading.ladder.facets) <= _MOST_FACETS,
        pages=index.of_kind("page"),
        releases=reading.line[:-4:-1],
    )


def _tracks(reading: Reading) -> Iterator[TrackView]:
    index = reading.index
    for node in index.of_kind("track"):
        track = index.tracks[node.address]
        yield TrackView(node, track, index.tracks.get(track.extends or ""), rungs_of(index, track.slug)[::-1])


def _groups(reading: Reading) -> Iterator[tuple[str | None, tuple[CompetencyView, ...]]]:
    """Competencies by category, in the order in which the categories first occur."""
    found: dict[str | None, list[CompetencyView]] = {}
    for node in reading.index.of_kind("competency"):
        one = reading.index.competencies[node.address]
        found.setdefault(one.category, []).append(
            CompetencyView(node, one, facets_of(reading.index, one.slug))
        )
    yield from ((category, tuple(views)) for category, views in found.items())


def rungs_of(index: Index, track: str) -> tuple[Level, ...]:
    """The levels of a track, the lowest first."""
    return tuple(sorted(index.levels_of.get(track, ()), key=lambda level: index.ranks[level.slug]))


def facets_of(index: Index, competency: str) -> tuple[Node, ...]:
    """The facets of a competency, in order."""
    facets = (index.find("facet", one.slug) for one in index.facets_of.get(competency, ()))
    return tuple(node for node in facets if node is not None)
