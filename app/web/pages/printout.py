"""The page of a whole ladder, for printing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Level, Track
from app.rubric.text import Slug, Value
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

_MOST_BYTES: Final = 60_000
"""The most JSON on a page of a part, if it has more than one level, competency or text. The page is hardly longer."""
_MOST_BYTES_WHOLE: Final = 120_000
"""The most JSON of a ladder that is printed on one page."""
_TEXTS: Final = ("faq", "tip", "page")


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
    number: Annotated[int, Field(ge=1)] = 1
    """The page of a part that is too long for one page, from 1. After the last one, the last one is shown."""

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
    pages = _pages(reading, query)
    number = min(query.number, len(pages))
    chosen = pages[number - 1]
    small = not query.whole or sum(_weight(reading, node) for node in chosen) <= _MOST_BYTES_WHOLE
    shown = chosen if small else ()
    return show(
        "whole.html",
        frame=frame_of(reading, N_("The whole ladder"), api="/document"),
        reading=reading,
        ladder=reading.ladder,
        cumulative=CUMULATIVE[reading.ladder.cumulative],
        query=query,
        part_links=tuple(_part_links(reading)),
        page_links=tuple(_page_links(reading, query, len(pages))),
        number=number,
        small=small,
        tracks=tuple(_tracks(reading, query, shown)) if small else (),
        competencies=tuple(
            (node, facets_of(index, node.address)) for node in shown if node.kind == "competency"
        ),
        has_scales=small and query.has_competencies and number == 1 and bool(reading.ladder.scales),
        texts={kind: [node for node in shown if node.kind == kind] for kind in _TEXTS},
    )


def _units(reading: Reading, query: PrintQuery) -> Iterator[Node]:
    """Yield what is printed, in order: levels, competencies and texts. Each is on one page."""
    index = reading.index
    for track in index.tracks:
        if query.whole or query.track == track:
            yield from (reading.get("level", level.slug) for level in rungs_of(index, track))
    if query.has_competencies:
        yield from index.of_kind("competency")
    if query.has_texts:
        yield from (node for kind in _TEXTS for node in index.of_kind(kind))


def _pages(reading: Reading, query: PrintQuery) -> Sequence[Sequence[Node]]:
    """Return what is printed, cut into pages. The whole ladder is one page."""
    pages: list[list[Node]] = [[]]
    held = 0
    for node in _units(reading, query):
        weight = 0 if query.whole else _weight(reading, node)
        if pages[-1] and held + weight > _MOST_BYTES:
            pages.append([])
            held = 0
        pages[-1].append(node)
        held += weight
    return pages


def _weight(reading: Reading, node: Node) -> int:
    """Return the bytes of JSON of a level with its expectations, a competency with its facets, or a text."""
    index, slug = reading.index, node.address
    parts: Sequence[Value] = ()
    if node.kind == "level":
        parts = index.expectations_of_level.get(slug, ())
    elif node.kind == "competency":
        parts = index.facets_of.get(slug, ())
    return sum(len(one.model_dump_json(exclude_defaults=True).encode()) for one in (node.entity, *parts))


def _part_links(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield links to the whole and to each part: words and URL."""
    yield N_("Everything"), reading.urls.below("/print")
    for track in reading.ladder.tracks:
        yield track.title, reading.urls.below("/print", {"track": track.slug})
    if reading.ladder.competencies:
        yield N_("Competencies"), reading.urls.below("/print", {"part": "competencies"})
    if reading.ladder.faqs or reading.ladder.tips or reading.ladder.pages:
        yield N_("Questions and texts"), reading.urls.below("/print", {"part": "texts"})


def _page_links(reading: Reading, query: PrintQuery, total: int) -> Iterator[tuple[int, str]]:
    """Yield the number and URL of each page of a part; none if it has only one."""
    about = {
        name: value for name, value in (("track", query.track), ("part", query.part)) if value is not None
    }
    for number in range(1, total + 1) if total > 1 else ():
        yield number, reading.urls.below("/print", {**about, "number": str(number)})


def _tracks(reading: Reading, query: PrintQuery, shown: Sequence[Node]) -> Iterator[PrintedTrack]:
    """Yield the tracks with those of their levels that are shown."""
    index, effectives = reading.index, reading.index.once(Demands)
    chosen = {node.address: node for node in shown if node.kind == "level"}
    for node in index.of_kind("track"):
        if query.whole or node.address == query.track:
            levels = [level for level in rungs_of(index, node.address) if level.slug in chosen]
            printed = (_level(reading, effectives, chosen[level.slug], level) for level in levels)
            yield PrintedTrack(node, index.tracks[node.address], tuple(printed))


def _level(reading: Reading, effectives: Demands, node: Node, level: Level) -> PrintedLevel:
    blocks = blocks_of(cells_of(reading, effectives, level))
    return PrintedLevel(node, level, tuple(block for block in blocks if block.has_own_text))
