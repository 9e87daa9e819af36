"""Bodies of the levels that can follow a level."""

from collections.abc import Collection
from typing import Any

from app.api.reading.bodies import Body, ItemLinks, ListBody, ListLinks, Path, narrowed
from app.api.reading.json_values import json_object
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellBody, CellLinks, cell_links, cell_titles
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.parts import Statement
from app.rubric.text import Line, Number, Slug
from app.rubric.views.effective import How
from app.rubric.views.gap import CellGap, Change, Part
from app.rubric.views.next_level import NextLevel
from app.rubric.views.next_level_text import step_name
from app.rubric.views.progression import How as Way
from app.rubric.views.progression import RankStep


class GapPart(Body):
    """What one expectation says that the other level does not."""

    expectation: str
    """Slug of the expectation."""
    level: Slug
    """Slug of the level that says it."""
    how: How
    """How it came to be in force: said by the level itself (`own`), by a track that its own extends (`extended`), or
    by a rung below (`cumulated`)."""
    summary: str | None = None
    """Its summary, where the other level has no such."""
    statements: tuple[Statement, ...] = ()
    """Those of its statements that the other level does not have, without those of kind `growth`."""
    links: ItemLinks


class GapCell(CellBody):
    """A competency as a whole, or a facet, in which the two levels differ."""

    change: Change
    """In which way: not asked here (`new`), a higher step or required instead of optional (`raised`), further text
    (`more`), something further and something else less (`other`), only less (`less`), not asked there (`dropped`)."""
    applicability_here: Applicability | None = None
    """Whether it is asked at the level one is on; left out where nothing is said."""
    applicability: Applicability | None = None
    """Whether it is asked there; left out where nothing is said."""
    step_here: Slug | None = None
    """The step asked for at the level one is on."""
    step_here_title: Line | None = None
    """What that step is called here."""
    step: Slug | None = None
    """The step asked for there."""
    step_title: Line | None = None
    """What that step is called here."""
    rise: int | None = None
    """Steps from the one to the other, negative where it is lower; left out where one of them is not named."""
    added: tuple[GapPart, ...] = ()
    """What has to be added, by the expectation that says it, the nearest first."""
    dropped: tuple[GapPart, ...] = ()
    """What is asked here and not there."""
    growth: tuple[Statement, ...] = ()
    """What the level one is on marks as growth here: what to practise."""
    links: CellLinks


class GapCounts(Body):
    """How many cells differ in which way, and how much is to be added."""

    new: int
    """Cells that are asked there and not here."""
    raised: int
    """Cells with a higher step, or required instead of optional."""
    more: int
    """Cells with further text."""
    other: int
    """Cells that ask something further, and something else less."""
    less: int
    """Cells that ask less."""
    dropped: int
    """Cells that are asked here and not there."""
    statements: int
    """Statements to be added."""
    steps: int
    """Steps to be climbed in all cells together."""


class Mention(Body):
    """A question or a piece of advice about the next level."""

    slug: Slug
    """Slug of the question or tip."""
    title: Line
    """The question, or the advice in a few words."""
    links: ItemLinks


class NextItemLinks(ItemLinks):
    """Where the next level lives, and what it asks."""

    effective: Path
    """All that is in force at it."""
    next: Path
    """What can follow it."""
    compare: Path
    """The level one is on beside it, text by text."""


class NextItem(Body):
    """A possible next level, and what has to be added for it."""

    level: Slug
    """Slug of the next level."""
    code: Line | None = None
    """What people call it."""
    title: Line
    """Its title."""
    track: Slug
    """Slug of its track."""
    track_title: Line | None = None
    """Title of its track."""
    effective_rank: Number
    """Its rank: the one written, or else its place in its track from 1."""
    how: Way
    """The next rung of the same track, or of a track that goes on where this one ends (`promotion`); a rung of
    another track (`switch`)."""
    rank: RankStep
    """Whether it is as high (`equal`), or the next one up (`next`)."""
    counts: GapCounts
    """How far it is."""
    points_here: Number | None = None
    """Points of the steps asked at the level one is on; left out where the ladder counts none."""
    points: Number | None = None
    """Points of the steps asked there."""
    cells: tuple[GapCell, ...] = ()
    """Where the two levels differ, in the order of competencies, each followed by its facets."""
    faqs: tuple[Mention, ...] = ()
    """Questions about it; `expand=faqs` gives them whole."""
    tips: tuple[Mention, ...] = ()
    """Advice about it; `expand=tips` gives it whole."""
    links: NextItemLinks


class NextLinks(ListLinks):
    """Where the view lives, in which forms, and where it goes on."""

    level: Path
    """The level one is on."""
    effective: Path
    """All that is in force at it."""
    markdown: Path
    """The whole view for people, in Markdown."""
    csv: Path
    """The whole view as a table."""


class NextList(ListBody):
    """What can follow a level: promotion first, then other tracks."""

    level: Slug
    """Slug of the level one is on."""
    track: Slug
    """Slug of its track."""
    effective_rank: Number
    """Its rank."""
    items: tuple[NextItem, ...]
    """The possible next levels on this page."""
    note: str | None = None
    """Why there is none, in a sentence; left out where there is one."""
    links: NextLinks


class NextBodies:
    """Possible next levels as a list holds them."""

    def __init__(self, index: Index, urls: Urls, fields: Collection[str]) -> None:
        """Take the release and the fields to keep; no fields means all of them."""
        self.index, self.urls, self.home, self.fields = index, urls, urls.pinned, frozenset(fields)

    def item(self, here: Level, one: NextLevel) -> dict[str, Any]:
        """A possible next level, seen from the one somebody is on."""
        level, track = one.move.level, self.index.tracks.get(one.move.level.track)
        home = f"{self.home}/levels/{level.slug}"
        values: dict[str, Any] = {
            "level": level.slug,
            "code": level.code,
            "title": level.title,
            "track": level.track,
            "track_title": None if track is None else track.title,
            "effective_rank": self.index.ranks[level.slug],
            "how": one.move.how,
            "rank": one.move.rank,
            "counts": {**one.gap.counts, "statements": one.gap.statements, "steps": one.gap.steps},
            "points_here": one.points_here,
            "points": one.points,
            "faqs": [_mention(self.urls, node) for node in one.faqs],
            "tips": [_mention(self.urls, node) for node in one.tips],
        }
        if not self.fields or "cells" in self.fields:  # most of the work
            values["cells"] = [self._cell(cell) for cell in one.gap.cells]
        links = {
            "self_": home,
            "effective": f"{home}/effective",
            "next": f"{home}/next",
            "compare": f"{self.home}/compare?from={here.slug}&to={level.slug}",
        }
        kept = narrowed(NextItem, values, self.fields)
        return json_object(NextItem, {**kept, "links": json_object(NextItemLinks, links)})

    def _cell(self, cell: CellGap) -> dict[str, Any]:
        place = cell.competency, cell.facet
        values: dict[str, Any] = {
            **cell_titles(self.index, place),
            "change": cell.change,
            "applicability_here": cell.applicability_here,
            "applicability": cell.applicability,
            "step_here": cell.step_here,
            "step_here_title": step_name(self.index, *place, cell.step_here),
            "step": cell.step,
            "step_title": step_name(self.index, *place, cell.step),
            "rise": cell.rise,
            "added": [self._part(part) for part in cell.added],
            "dropped": [self._part(part) for part in cell.dropped],
            "growth": cell.growth,
            "links": cell_links(self.home, place),
        }
        return json_object(GapCell, values)

    def _part(self, part: Part) -> dict[str, Any]:
        address = part.held.address
        values = {
            "expectation": address,
            "level": part.held.expectation.level,
            "how": part.held.how,
            "summary": part.summary,
            "statements": part.statements,
            "links": {"self": f"{self.home}/expectations/{address}"},
        }
        return json_object(GapPart, values)


def _mention(urls: Urls, node: Node) -> dict[str, Any]:
    title = getattr(node.entity, "question", None) or getattr(node.entity, "title", "")
    return json_object(Mention, {"slug": node.address, "title": title, "links": {"self": urls.of(node)}})
