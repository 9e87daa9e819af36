"""What is in force at a level: all that it asks after `extends` and `cumulative`, and where each part comes from."""

from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import Field

from app.api.protocol.problems import OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import ExpectationItem, ListBody, ListLinks, Path, narrowed
from app.api.reading.json_values import json_object
from app.api.reading.queries import PageQuery, field_names, names
from app.api.reading.reader import Reader, ReleaseDep
from app.api.views.cell_bodies import CellBody, CellLinks, cell_links, cell_titles
from app.api.views.text_formats import IN_CSV, IN_FORMS, IN_MARKDOWN, markdown, table
from app.rubric.entities import expectation_slug
from app.rubric.ladder import Applicability, Cumulative, Level
from app.rubric.markdown import escaped
from app.rubric.text import Line, Slug
from app.rubric.views.effective import Effective, EffectiveCell, Held, How, State, effective
from app.rubric.views.effective_text import (
    COLUMNS,
    cell_step_title,
    effective_markdown,
    effective_rows,
    level_name,
)

router = resource_router("effective")

_PATH: Final = "/ladders/{ladder}/levels/{level}/effective"


class HeldItem(ExpectationItem):
    """An expectation that is in force, and how it came to be."""

    how: How
    """The level says it itself (`own`), a track that its own extends says it at equal rank (`extended`), or a rung
    below says it (`cumulated`)."""


class CellItem(CellBody):
    """What the level asks in one competency or facet."""

    state: State
    """Said by the level (`own`), by it in place of what it would inherit (`overridden`), taken over (`inherited`),
    said to ask nothing (`not-in-use`), or never spoken of (`absent`)."""
    applicability: Applicability | None = None
    """Whether it is asked; left out where the cell is absent."""
    step: Slug | None = None
    """The highest step asked for."""
    step_title: Line | None = None
    """What that step is called here."""
    expectations: tuple[HeldItem, ...] = ()
    """All that is in force, the nearest first; of a cell that is not in use, the expectation that says so."""
    hidden: tuple[str, ...] = ()
    """Slugs of the expectations that would be inherited through `extends`, and are not because something nearer
    speaks."""
    links: CellLinks


class EffectiveLinks(ListLinks):
    """Where the view lives, in which forms, and where it goes on."""

    level: Path
    """The level, as its author wrote it."""
    markdown: Path
    """The whole view for people, in Markdown."""
    csv: Path
    """The whole view as a table."""


class EffectiveList(ListBody):
    """What is in force at a level, a page of its cells at a time."""

    level: Slug
    """Slug of the level."""
    track: Slug
    """Slug of its track."""
    cumulative: Cumulative
    """Whether the ladder says that a level includes those below it; only `yes` makes it so."""
    items: tuple[CellItem, ...]
    """The cells on this page: each competency as a whole, then its facets."""
    links: EffectiveLinks


class EffectiveQuery(PageQuery):
    """Which cells are wanted."""

    competency: Annotated[Slug | None, Field(description="Only cells of this competency and its facets.")] = (
        None
    )
    state: Annotated[State | None, Field(description="Only cells in this state.")] = None

    def filters(self) -> dict[str, str]:
        """The filters that were given, by name."""
        pairs = (("competency", self.competency), ("state", self.state))
        return {name: value for name, value in pairs if value is not None}


@router.get(_PATH, response_model=EffectiveList, responses=IN_FORMS | documented(OF_ENTITY))
def read_effective(release: ReleaseDep, level: str, query: Annotated[EffectiveQuery, Query()]) -> Response:
    """Read all that is in force at a level: its own expectations, and those it takes over, with where they come from.

    A level takes over what a track that its own `extends` says at equal rank, and, in a `cumulative` ladder, what the
    rungs below ask.
    """
    found = _effective(release, level)
    competency = release.slug("competency", "competency", query.competency)
    fields = names("fields", query.fields, field_names(CellItem))
    kept = [
        cell
        for cell in found.cells
        if competency in {None, cell.competency} and query.state in {None, cell.state}
    ]
    identity = cursor.list_identity(f"{release.version}{release.below}", query.filters(), None)
    chosen, links = release.cut(kept, identity, query)
    values = {
        "level": found.level.slug,
        "track": found.level.track,
        "cumulative": release.index.ladder.cumulative,
        "items": [_cell_item(release, cell, fields) for cell in chosen],
    }
    return release.view_response(EffectiveList, values, links | _forms(release, found.level))


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(OF_ENTITY), response_class=Response)
def read_effective_as_markdown(release: ReleaseDep, level: str) -> Response:
    """Read all that is in force at a level in Markdown, for people."""
    found = _effective(release, level, ".md")
    heading = f"# {escaped(level_name(found.level))}\n\n{release.name}\n\n"
    return markdown(heading + effective_markdown(release.index, found))


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(OF_ENTITY), response_class=Response)
def read_effective_as_table(release: ReleaseDep, level: str) -> Response:
    """Read all that is in force at a level as a table, a row for each expectation."""
    found = _effective(release, level, ".csv")
    return table(COLUMNS, effective_rows(release.index, found))


def _effective(release: Reader, level: str, extension: str = "") -> Effective:
    """What is in force at the level that the path names. Raises as `Reader.get`."""
    entity = release.get("level", level, f"/effective{extension}").entity
    assert isinstance(entity, Level)  # noqa: S101 - found by this kind
    return effective(release.index, entity)


def _forms(release: Reader, level: Level) -> dict[str, str]:
    home = f"{release.urls.pinned}/levels/{level.slug}"
    whole = f"{home}/effective"
    return {"level": home, "markdown": f"{whole}.md", "csv": f"{whole}.csv"}


def _cell_item(release: Reader, cell: EffectiveCell, fields: tuple[str, ...]) -> dict[str, Any]:
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
        values["expectations"] = [_held_item(release, held) for held in cell.held]
    links = cell_links(release.urls.pinned, place)
    return json_object(CellItem, {**narrowed(CellItem, values, fields), "links": links})


def _held_item(release: Reader, held: Held) -> dict[str, Any]:
    address = held.address
    node = release.index.find("expectation", address)
    assert node is not None  # noqa: S101 - it was read from this index
    return {
        **{name: value for name, value in vars(held.expectation).items() if value is not None},
        "uuid": node.uuid,
        "slug": address,
        "links": {"self": f"{release.urls.pinned}/expectations/{address}"},
        "how": held.how,
    }
