"""Fields shared by bodies about one cell: a competency as a whole, or one facet of it."""

from typing import Any

from app.api.reading.bodies import Body, Path
from app.rubric.index import Index
from app.rubric.text import Line, Slug
from app.rubric.views.effective import Place


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
