"""The effective expectations of a level: its own and those it inherits, each with its origin."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from app.api.protocol.problems import OF_ENTITY, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ItemLinks, ListLinks, Path, filled
from app.api.reading.entity_bodies import ListBody
from app.api.reading.json_values import json_object
from app.api.reading.queries import PageQuery
from app.api.reading.reader import Reader, ReleaseDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.api.views.cell_bodies import (
    CellBody,
    CellLinks,
    StatementLine,
    cell_links,
    cell_titles,
    statement_lines,
)
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, TABULAR, markdown, table
from app.rubric.entities import expectation_slug
from app.rubric.ladder import Applicability, Cumulative, Extending, Level
from app.rubric.markdown import escaped
from app.rubric.parts import Alignments, Examples, ExternalIds, Links, Sources
from app.rubric.steps import step_title
from app.rubric.text import Line, Slug, Text
from app.rubric.views.demands import Demand, Demands, LevelDemands
from app.rubric.views.effective_text import (
    COLUMNS,
    cell_step_title,
    effective_markdown,
    effective_rows,
    level_name,
)
from app.rubric.views.holdings import Entry, Origin, State
from app.rubric.views.line_text import entry_address
from app.serving.route_table import Link, RouteFacts

router = resource_router("effective")

_PATH: Final = "/ladders/{ladder}/levels/{level}/effective"
_OF_ENTRY: Final = frozenset({"summary", "statements", "examples"})
"""Fields of an expectation or step that an entry has in a part or form of its own."""


class EntryItem(Body):
    """One source of what the level expects: an expectation, or the description of the expected step.

    A text that several sources have is listed once: where it counts most, else in the nearest source.
    """

    origin: Origin
    """`own`: the level has it. `extended`: the level inherits it at equal rank, from a track that its track extends.
    `cumulated`: it comes from a level below. `step`: it describes the expected step."""
    slug: str | None = None
    """Slug of the expectation; left out for a step."""
    uuid: UUID | None = None
    """UUID of the expectation; left out for a step."""
    level: Slug | None = None
    """Slug of the level that has the expectation; left out for a step."""
    competency: Slug
    """Slug of the competency."""
    facet: Slug | None = None
    """Slug of the facet; left out for the competency as a whole."""
    applicability: Applicability | None = None
    """`required`, `optional` or `not-in-use`, as the expectation states it; left out for a step."""
    extending: Extending | None = None
    """`replaces` or `adds`: the relation of the expectation to the inherited one, if it states that."""
    step: Slug | None = None
    """The step that the expectation names, or the step that is described."""
    title: Line | None = None
    """Title of the described step in this competency or facet; left out for an expectation."""
    summary: Text | None = None
    """The summary; left out if a nearer source has the same text."""
    statements: tuple[StatementLine, ...] = ()
    """The statements that no other source has more strongly, or nearer."""
    examples: Examples = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()
    links: ItemLinks


class CellItem(CellBody):
    """The expectations of the level in one competency or facet."""

    state: State
    """The origin of the expectations. `own`: from the level alone. `added`: from the level, which adds to inherited
    ones. `overridden`: from the level, which replaces inherited ones. `inherited`: from other levels only.
    `not-in-use`: the level states that nothing is expected. `absent`: nothing is stated."""
    applicability: Applicability | None = None
    """`required`, `optional` or `not-in-use`; left out if the cell is absent."""
    step: Slug | None = None
    """The highest expected step."""
    step_title: Line | None = None
    """Title of that step in this competency or facet."""
    expectations: tuple[EntryItem, ...] = ()
    """The expectations of the level, by source, in this order: own, extended, cumulated (the nearest first), and the
    text of the step. In a `not-in-use` cell, the expectation that states it."""
    hidden: tuple[str, ...] = ()
    """Slugs of expectations that are not inherited from an extended track, because a nearer one replaces them."""
    links: CellLinks


class EffectiveLinks(ListLinks):
    """Links: this page, its other formats, the next page."""

    level: Path
    """The level as its author wrote it."""
    markdown: Path
    """The whole view in Markdown."""
    csv: Path
    """The whole view in CSV."""


class EffectiveList(ListBody):
    """One page of the effective expectations of a level."""

    level: Slug
    """Slug of the level."""
    track: Slug
    """Slug of its track."""
    cumulative: Cumulative
    """`yes` if a level includes the levels below it, as stated by the ladder; otherwise `no` or `unsaid`."""
    items: tuple[CellItem, ...]
    """The cells on this page: each competency as a whole, then its facets."""
    links: EffectiveLinks


class EffectiveQuery(PageQuery):
    """Query parameters of the effective expectations."""

    competency: Annotated[Slug | None, Field(description="Only cells of this competency and its facets.")] = (
        None
    )
    state: Annotated[State | None, Field(description="Only cells in this state.")] = None

    def filters(self) -> dict[str, str]:
        """Return the filters of the request, by name."""
        pairs = (("competency", self.competency), ("state", self.state))
        return {name: value for name, value in pairs if value is not None}


@router.get(_PATH, response_model=EffectiveList, responses=documented(OF_ENTITY))
@declare(RouteFacts(formats=TABULAR, link=Link("effective", "All that is in force at it.")))
def read_effective(release: ReleaseDep, level: str, query: Annotated[EffectiveQuery, Query()]) -> Response:
    """Read effective expectations.

    The effective expectations of a level are its own and those it inherits, each with its origin. A level inherits
    from the level of equal rank in a track that its own track `extends` and, in a `cumulative` ladder, from the
    levels below it.
    """
    found = _effective(release, level)
    competency = release.slug("competency", "competency", query.competency)
    fields = requested_fields(CellItem, query.fields)
    kept = [
        cell
        for cell in found.cells
        if competency in {None, cell.competency} and query.state in {None, cell.state}
    ]
    identity = cursor.list_identity(f"{release.version}{release.below}", query.filters(), None)
    chosen, links = release.page_of(kept, identity, query)
    values = {
        "level": found.level.slug,
        "track": found.level.track,
        "cumulative": release.index.ladder.cumulative,
        "items": [_cell_item(release, cell, fields) for cell in chosen],
    }
    return release.view_response(EffectiveList, values, links | _forms(release, found.level))


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(OF_ENTITY), response_class=Response)
def read_effective_as_markdown(release: ReleaseDep, level: str) -> Response:
    """Read effective expectations, in Markdown."""
    found = _effective(release, level, ".md")
    heading = f"# {escaped(level_name(found.level))}\n\n{release.name}\n\n"
    return markdown(heading + effective_markdown(release.index, found))


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(OF_ENTITY), response_class=Response)
def read_effective_as_table(release: ReleaseDep, level: str) -> Response:
    """Read effective expectations, in CSV.

    The table has one row per summary, statement and example.
    """
    found = _effective(release, level, ".csv")
    return table(COLUMNS, effective_rows(release.index, found))


def _effective(release: Reader, level: str, extension: str = "") -> LevelDemands:
    """Return the effective expectations of the level in the path. Raises the same errors as `Reader.get`."""
    entity = release.get("level", level, f"/effective{extension}").entity
    assert isinstance(entity, Level)  # noqa: S101 - found by this kind
    return release.index.once(Demands).of(entity)


def _forms(release: Reader, level: Level) -> dict[str, str]:
    home = f"{release.urls.pinned}/levels/{level.slug}"
    whole = f"{home}/effective"
    return {"level": home, "markdown": f"{whole}.md", "csv": f"{whole}.csv"}


def _cell_item(release: Reader, cell: Demand, fields: tuple[str, ...]) -> dict[str, Any]:
    place = cell.competency, cell.facet
    values: dict[str, Any] = {
        **cell_titles(release.index, place),
        "state": cell.state,
        "applicability": cell.applicability,
        "step": cell.step,
        "step_title": cell_step_title(release.index, cell),
        "hidden": [expectation_slug(hidden) for hidden in cell.hidden],
    }
    if not fields or "expectations" in fields:
        values["expectations"] = [_entry_item(release, cell, entry) for entry in cell.entries]
    links = cell_links(release.urls.pinned, place)
    return json_object(CellItem, {**select_fields(CellItem, values, fields), "links": links})


def _entry_item(release: Reader, cell: Demand, entry: Entry) -> dict[str, Any]:
    """Return one source of a cell (see `EntryItem`)."""
    values: dict[str, Any] = {
        **filled(entry.source, _OF_ENTRY),
        "origin": entry.origin,
        "competency": cell.competency,
        "facet": cell.facet,
        "summary": entry.summary,
        "statements": statement_lines(entry.lines),
        "examples": [filled(one) for one in entry.examples],
        "step": entry.step,
    }
    address = entry_address(entry)
    if address is None:
        place = cell_links(release.urls.pinned, cell.place)
        values |= {"title": step_title(release.index, *cell.place, entry.step or "")}
        values |= {"slug": None, "links": {"self": place.get("facet") or place["competency"]}}
        return json_object(EntryItem, values)
    if cell.state == "not-in-use":
        values |= {"summary": entry.source.summary}
    node = release.index.find("expectation", address)
    assert node is not None  # noqa: S101 - it was read from this index
    values |= {"uuid": node.uuid, "slug": address}
    values |= {"links": {"self": f"{release.urls.pinned}/expectations/{address}"}}
    return json_object(EntryItem, values)
