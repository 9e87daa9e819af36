"""Bodies of the levels that can follow a level."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from app.api.reading.bodies import Body, ItemLinks, ListLinks, Path
from app.api.reading.entity_bodies import ListBody
from app.api.reading.json_values import json_object
from app.api.reading.sparse_fields import select_fields
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import (
    CellBody,
    LineItem,
    cell_titles,
    line_items,
)
from app.rubric.entities import Node, short_title
from app.rubric.index import Index
from app.rubric.ladder import Applicability, Level
from app.rubric.text import Line, Number, Slug
from app.rubric.views.description import Described, DescriptionChange
from app.rubric.views.gap import CellGap, Change
from app.rubric.views.holdings import Entry, Origin
from app.rubric.views.line_text import entry_address
from app.rubric.views.next_level import NextLevel
from app.rubric.views.next_level_text import step_name
from app.rubric.views.progression import How as Way
from app.rubric.views.progression import RankStep


class GapPart(Body):
    """The part of one expectation, or of the description of a step, that the other level does not have."""

    expectation: str | None = None
    """Slug of the expectation; left out for the description of a step."""
    level: Slug | None = None
    """Slug of the level that has the expectation."""
    origin: Origin
    """The origin of the line: the level itself (`own`), an extended track (`extended`), a level below (`cumulated`),
    or the description of the expected step (`step`)."""
    step: Slug | None = None
    """The described step."""
    summary: str | None = None
    """The summary; left out if the other level has it too."""
    statements: tuple[LineItem, ...] = ()
    """Statements that the other level does not have."""


class GapCell(CellBody):
    """A competency or facet in which the two levels differ."""

    change: Change
    """`new`: only the next level expects it. `raised`: a higher step, or required instead of optional. `more`: added
    text. `other`: something is added and something else removed. `less`: something is removed. `dropped`: only the
    current level expects it."""
    applicability_here: Applicability | None = None
    """Applicability at the current level; left out if nothing is stated."""
    applicability: Applicability | None = None
    """Applicability at the next level; left out if nothing is stated."""
    step_here: Slug | None = None
    """The step that the current level expects."""
    step_here_title: Line | None = None
    """Title of that step in this competency or facet."""
    step: Slug | None = None
    """The step that the next level expects."""
    step_title: Line | None = None
    """Title of that step in this competency or facet."""
    rise: int | None = None
    """Steps from the current level to the next, negative if the next expects a lower step; left out if a step is
    missing."""
    added: tuple[GapPart, ...] = ()
    """The lines that the next level asks in addition, by source, the nearest first. Only with `expand=lines`."""
    dropped: tuple[GapPart, ...] = ()
    """The lines that only the current level asks, by source. Only with `expand=lines`."""
    unasked: tuple[GapPart, ...] = ()
    """Lines that only the next level has and that nobody is asked to meet: `optional` ones, a `sign`, what points
    further `ahead`, and what is `unwanted`. Only with `expand=lines`."""
    ahead: tuple[LineItem, ...] = ()
    """Statements of the current level that point beyond it: what to practise. Only with `expand=lines`."""


class GapCounts(Body):
    """Number of differences between two levels."""

    new_count: int
    """Cells that only the next level expects."""
    raised_count: int
    """Cells with a higher step, or required instead of optional."""
    more_count: int
    """Cells with added text."""
    other_count: int
    """Cells in which something is added and something else removed."""
    less_count: int
    """Cells in which something is removed."""
    dropped_count: int
    """Cells that only the current level expects."""
    statement_count: int
    """Added statements."""
    step_count: int
    """Steps to climb, summed over all cells."""


class Guidance(Body):
    """A question or tip about the next level."""

    slug: Slug
    """Slug of the question or tip."""
    title: Line
    """The question, or the title of the tip."""
    links: ItemLinks


class DescriptionItem(Body):
    """One property of the two levels themselves, or one line of an attribute list."""

    field: str
    """`summary`, `scope`, `attributes`, `years_from`, `years_to` or `points` (the lowest threshold that leads to the
    level)."""
    title: Line | None = None
    """Title of the attribute list; left out for other properties."""
    change: DescriptionChange
    """`new`: only the second level has it. `changed`: both have it, and it differs. `same`: both have it. `dropped`:
    only the first level has it."""
    before: str | Number | None = None
    """The value of the first level."""
    after: str | Number | None = None
    """The value of the second level."""


def description_items(described: Iterable[Described]) -> list[dict[str, Any]]:
    """Return what two levels say of themselves (see `DescriptionItem`)."""
    return [json_object(DescriptionItem, asdict(one)) for one in described]


class NextItemLinks(ItemLinks):
    """Links of a next level."""

    effective: Path
    """The effective expectations of the level."""
    next: Path
    """The levels that can follow it."""
    compare: Path
    """The comparison of the current level with it, text by text."""


class NextItem(Body):
    """A possible next level, and how it differs from the current one."""

    level: Slug
    """Slug of the next level."""
    code: Line | None = None
    """Code of the level, such as `L5`."""
    title: Line
    """Title of the level."""
    track: Slug
    """Slug of its track."""
    track_title: Line | None = None
    """Title of its track."""
    effective_rank: Number
    """The rank of the level. If the author set none, its position in the track, starting at 1."""
    how: Way
    """`promotion`: the next level of the same track, or of a track that continues it. `switch`: a level of another
    track."""
    rank_step: RankStep
    """`equal`: the same rank. `next`: the next rank up."""
    counts: GapCounts
    """Number of differences."""
    points_here: Number | None = None
    """Points that the current level asks for: of the lowest threshold that leads to it, else of its steps. Left out
    if the ladder has no points."""
    points: Number | None = None
    """Points that the next level asks for."""
    level_properties: tuple[DescriptionItem, ...] = ()
    """The differences between the levels' own descriptions. Only with `expand=lines`, or if named in `fields`."""
    cells: tuple[GapCell, ...] = ()
    """Cells in which the levels differ, in the order of competencies, each followed by its facets."""
    faqs: tuple[Guidance, ...] = ()
    """Questions about the level; `expand=faqs` includes them in full."""
    tips: tuple[Guidance, ...] = ()
    """Tips about the level; `expand=tips` includes them in full."""
    links: NextItemLinks


class NextLinks(ListLinks):
    """Links: this page, its other formats, the next page."""

    level: Path
    """The current level."""
    effective: Path
    """The effective expectations of the current level."""
    markdown: Path
    """The whole view in Markdown."""
    csv: Path
    """The whole view in CSV."""


class NextList(ListBody):
    """One page of the levels that can follow a level: promotions first, then other tracks."""

    level: Slug
    """Slug of the current level."""
    track: Slug
    """Slug of its track."""
    effective_rank: Number
    """Rank of the current level."""
    items: tuple[NextItem, ...]
    """The possible next levels on this page."""
    note: str | None = None
    """Why there is no next level, in a sentence; left out if there is one."""
    links: NextLinks


class NextItems:
    """Next levels of one release as the API shows them."""

    def __init__(self, index: Index, urls: Urls, fields: Collection[str], *, with_lines: bool) -> None:
        """Take the release and the fields to keep; no fields means all of them. `with_lines`: cells have texts."""
        self.with_lines = with_lines
        self.index, self.urls, self.home, self.fields = index, urls, urls.pinned, frozenset(fields)

    def item(self, current: Level, one: NextLevel) -> dict[str, Any]:
        """Return a possible next level as seen from the current one."""
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
            "rank_step": one.move.rank,
            "counts": {
                **{f"{change}_count": number for change, number in one.gap.counts.items()},
                "statement_count": one.gap.statements,
                "step_count": one.gap.steps,
            },
            "points_here": one.points_here,
            "points": one.points,
            "faqs": [_guidance(self.urls, node) for node in one.faqs],
            "tips": [_guidance(self.urls, node) for node in one.tips],
        }
        if self.with_lines or "level_properties" in self.fields:
            values["level_properties"] = description_items(one.described)
        if not self.fields or "cells" in self.fields:  # most of the work
            values["cells"] = [self._cell(cell) for cell in one.gap.cells]
        links = {
            "self_": home,
            "effective": f"{home}/effective",
            "next": f"{home}/next",
            "compare": f"{self.home}/compare?from={current.slug}&to={level.slug}",
        }
        kept = select_fields(NextItem, values, self.fields)
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
        }
        if self.with_lines:
            values |= {
                "added": [_part(entry) for entry in cell.added],
                "dropped": [_part(entry) for entry in cell.dropped],
                "unasked": [_part(entry) for entry in cell.unasked],
                "ahead": line_items(cell.ahead),
            }
        return json_object(GapCell, values)


def _part(entry: Entry) -> dict[str, Any]:
    """Return one source of a difference (see `GapPart`)."""
    address = entry_address(entry)
    values = {
        "expectation": address,
        "level": getattr(entry.source, "level", None),
        "origin": entry.origin,
        "step": entry.step if address is None else None,
        "summary": entry.summary,
        "statements": line_items(entry.lines),
    }
    return json_object(GapPart, values)


def _guidance(urls: Urls, node: Node) -> dict[str, Any]:
    title = short_title(node.entity) or node.address
    return json_object(Guidance, {"slug": node.address, "title": title, "links": {"self": urls.of(node)}})
