"""The page of a ladder: its tracks with their levels, its competencies and texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Competency, Level, Track
from app.rubric.statement_kinds import kinds_used
from app.rubric.text import folded
from app.serving.route_table import RouteFacts
from app.web.layout.draft_notice import is_signed_in
from app.web.layout.frame import frame_of
from app.web.layout.level_head import rungs_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()

_SHOWN: Final = {
    "tracks": "levels",
    "levels": "levels",
    "expectations": "levels",
    "examples": "levels",
    "competencies": "competencies",
    "facets": "competencies",
    "pages": "pages",
}
"""The collections that this page shows, and the section of each."""

_MOST_FACETS: Final = 150
"""The most facets that are listed by name. Above that, the page shows their number only."""
_MOST_SUMMARIES: Final = 150
"""The most levels and competencies that are shown with their summaries. Above that, the page shows names only."""
_MOST_LEVELS: Final = 120
"""The most levels that are listed. Of each track the highest are shown; the matrix has them all."""
_MOST_TRACKS: Final = 120
"""The most tracks that are listed."""
CUMULATIVE: Final = {
    "yes": N_("Each level includes the levels below it."),
    "no": N_("Each level lists everything it expects."),
    "unsaid": N_("Not stated whether levels build on each other."),
}


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track and its levels, highest first, as far as they are listed."""

    node: Node
    track: Track
    parent: Track | None
    levels: tuple[Level, ...]
    more: int
    """The number of further levels."""


@dataclass(frozen=True, slots=True)
class CompetencyView:
    """A competency and its facets."""

    node: Node
    competency: Competency
    facets: tuple[Node, ...]


@router.get("/ladders/{ladder}")
@declare(RouteFacts(carries=frozenset(), shows=_SHOWN))
def show_ladder(reading: ReadingDep) -> HTMLResponse:
    """Show the contents of a ladder."""
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
        more_tracks=max(0, len(reading.index.tracks) - _MOST_TRACKS),
        groups=tuple(_groups(reading)),
        has_glossary=bool(index.of_kind("scale") or index.once(kinds_used)),
        with_summaries=len(reading.ladder.levels) + len(reading.ladder.competencies) <= _MOST_SUMMARIES,
        with_facets=len(reading.ladder.facets) <= _MOST_FACETS,
        pages=index.of_kind("page"),
        may_copy=is_signed_in(reading.answer) and reading.answer.caller.may("write"),
        releases=reading.line[:-4:-1],
    )


def _tracks(reading: Reading) -> Iterator[TrackView]:
    index = reading.index
    tracks = index.of_kind("track")[:_MOST_TRACKS]
    few = len(index.levels) <= _MOST_LEVELS
    most = len(index.levels) if few else max(1, _MOST_LEVELS // max(1, len(tracks)))
    for node in tracks:
        track, rungs = index.tracks[node.address], rungs_of(index, node.address)[::-1]
        parent = index.tracks.get(track.extends or "")
        yield TrackView(node, track, parent, rungs[:most], len(rungs[most:]))


def _groups(reading: Reading) -> Iterator[tuple[str | None, tuple[CompetencyView, ...]]]:
    """Yield the competencies by category, in the order in which the categories first occur.

    Names that look the same are one category, which has the first of them.
    """
    found: dict[str, list[CompetencyView]] = {}
    for node in reading.index.of_kind("competency"):
        one = reading.index.competencies[node.address]
        view = CompetencyView(node, one, facets_of(reading.index, one.slug))
        found.setdefault(folded(one.category or ""), []).append(view)
    yield from ((views[0].competency.category, tuple(views)) for views in found.values())


def facets_of(index: Index, competency: str) -> tuple[Node, ...]:
    """Return the facets of a competency, in order."""
    facets = (index.find("facet", one.slug) for one in index.facets_of.get(competency, ()))
    return tuple(node for node in facets if node is not None)
