"""Fields shared by bodies about one cell: a competency as a whole, or one facet of it."""

from collections.abc import Iterable
from typing import Any

from app.api.reading.bodies import Body, Path, filled
from app.api.reading.json_values import json_object
from app.rubric.index import Index
from app.rubric.ladder import CountsAs
from app.rubric.parts import Alignment, Example, ExternalId, Link, Source
from app.rubric.text import Line, Slug, Text
from app.rubric.views import lines
from app.rubric.views.holdings import Place


class StatementLine(Body):
    """A statement, and what its kind counts as. Empty lists are left out."""

    slug: Slug | None = None
    """Slug of the statement; left out if it has none."""
    kind: Slug | None = None
    """Kind of the statement; left out if the author set none."""
    counts_as: CountsAs
    """`asked`, `optional`, `ahead` (points beyond the level), `sign` (helps to recognise it) or `unwanted` (a
    counter-example)."""
    text: Text
    """The statement."""
    examples: tuple[Example, ...] | None = None
    """Examples of this statement."""
    formerly: tuple[Slug, ...] | None = None
    """Former slugs, oldest first."""
    references: tuple[Link, ...] | None = None
    """Things worth reading or using."""
    sources: tuple[Source, ...] | None = None
    """The sources of the content."""
    alignments: tuple[Alignment, ...] | None = None
    """Matches to other entities and frameworks."""
    external_ids: tuple[ExternalId, ...] | None = None
    """Names in other systems."""


class LineItem(Body):
    """A statement in short: its text, and what its kind counts as."""

    slug: Slug | None = None
    """Slug of the statement; left out if it has none."""
    kind: Slug | None = None
    """Kind of the statement; left out if the author set none."""
    counts_as: CountsAs
    """`asked`, `optional`, `ahead` (points beyond the level), `sign` (helps to recognise it) or `unwanted` (a
    counter-example)."""
    text: Text
    """The statement."""


def line_items(found: Iterable[lines.Line]) -> list[dict[str, Any]]:
    """Return the statements among some lines in short (see `LineItem`)."""
    return [
        json_object(LineItem, {**vars(line.statement), "counts_as": line.counts_as})
        for line in found
        if line.statement is not None
    ]


def statement_lines(found: Iterable[lines.Line]) -> list[dict[str, Any]]:
    """Return the statements among some lines (see `StatementLine`)."""
    return [
        json_object(StatementLine, {**filled(line.statement), "counts_as": line.counts_as})
        for line in found
        if line.statement is not None
    ]


class CellLinks(Body):
    """Links of a cell."""

    competency: Path
    """The competency."""
    facet: Path | None = None
    """The facet; left out if the cell is about the competency as a whole."""


class CellBody(Body):
    """A competency as a whole, or one facet of it."""

    competency: Slug
    """Slug of the competency."""
    competency_title: Line
    """Title of the competency."""
    facet: Slug | None = None
    """Slug of the facet; left out if the cell is about the competency as a whole."""
    facet_title: Line | None = None
    """Title of the facet."""


def cell_titles(index: Index, place: Place) -> dict[str, Any]:
    """Return the slugs and titles of a competency and a facet."""
    competency, facet = place
    values: dict[str, Any] = {
        "competency": competency,
        "competency_title": index.competencies[competency].title,
    }
    if facet is not None:
        values |= {"facet": facet, "facet_title": index.facets[facet].title}
    return values


def cell_links(home: str, place: Place) -> dict[str, str]:
    """Return links to a competency and a facet below the URL of their ladder."""
    competency, facet = place
    links = {"competency": f"{home}/competencies/{competency}"}
    if facet is not None:
        links["facet"] = f"{home}/facets/{facet}"
    return links
