"""What bodies say of the competency or facet that they are about."""

from typing import Any

from app.api.reading.bodies import Body, Path
from app.rubric.index import Index
from app.rubric.text import Line, Slug
from app.rubric.views.effective import Place


class CellLinks(Body):
    """Where the places of a cell are."""

    competency: Path
    """The competency."""
    facet: Path | None = None
    """The facet; left out where the cell is of the competency as a whole."""


class CellBody(Body):
    """What every body about a competency as a whole, or about a facet, begins with."""

    competency: Slug
    """Slug of the competency."""
    competency_title: Line
    """Its title."""
    facet: Slug | None = None
    """Slug of the facet; left out where the cell is of the competency as a whole."""
    facet_title: Line | None = None
    """Its title."""


def cell_titles(index: Index, place: Place) -> dict[str, Any]:
    """Slugs and titles of a competency and a facet."""
    competency, facet = place
    values: dict[str, Any] = {
        "competency": competency,
        "competency_title": index.competencies[competency].title,
    }
    if facet is not None:
        values |= {"facet": facet, "facet_title": index.facets[facet].title}
    return values


def cell_links(home: str, place: Place) -> dict[str, str]:
    """Links to a competency and a facet, below the URL of their ladder."""
    competency, facet = place
    links = {"competency": f"{home}/competencies/{competency}"}
    if facet is not None:
        links["facet"] = f"{home}/facets/{facet}"
    return links
