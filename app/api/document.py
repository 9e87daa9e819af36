"""The document: a whole release in one body."""

from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import BaseModel

from app.api.bodies import (
    CompetencyEntry,
    ExpectationEntry,
    FacetEntry,
    FaqEntry,
    InRelease,
    LevelEntry,
    PageEntry,
    ResourceLinks,
    ScaleEntry,
    TipEntry,
    TrackEntry,
    Uuid,
    construct,
)
from app.api.entries import plain_item
from app.api.failures import IN_RELEASE, documented
from app.api.queries import FieldsQuery, field_names, names
from app.api.reading import ReleaseDep
from app.api.routing import resource_router
from app.rubric.entities import COLLECTIONS
from app.rubric.index import Index
from app.rubric.ladder import Ladder

router = resource_router("document")

_ENTRIES: Final[dict[str, type[BaseModel]]] = {
    "tracks": TrackEntry,
    "levels": LevelEntry,
    "scales": ScaleEntry,
    "competencies": CompetencyEntry,
    "facets": FacetEntry,
    "expectations": ExpectationEntry,
    "faqs": FaqEntry,
    "tips": TipEntry,
    "pages": PageEntry,
}


class Document(Ladder, InRelease):
    """A whole ladder: every entity with its UUID, in document order."""

    uuid: Uuid
    links: ResourceLinks
    tracks: tuple[TrackEntry, ...] = ()
    """Paths through the ladder, in order."""
    levels: tuple[LevelEntry, ...] = ()
    """Rungs, in order; those of one track from the lowest up."""
    scales: tuple[ScaleEntry, ...] = ()
    """Proficiency scales, in order."""
    competencies: tuple[CompetencyEntry, ...] = ()
    """What is looked at, in order."""
    facets: tuple[FacetEntry, ...] = ()
    """Parts of competencies, in order."""
    expectations: tuple[ExpectationEntry, ...] = ()
    """What levels ask, in order."""
    faqs: tuple[FaqEntry, ...] = ()
    """Questions and answers, in order."""
    tips: tuple[TipEntry, ...] = ()
    """Advice, in order."""
    pages: tuple[PageEntry, ...] = ()
    """Longer texts, in order."""


@router.get("/ladders/{ladder}/document", responses=documented(IN_RELEASE))
def read_document(release: ReleaseDep, query: Annotated[FieldsQuery, Query()]) -> Document:
    """Read everything a release holds, in one body. `fields` chooses among its lists."""
    kept = names("fields", query.fields, field_names(Document))
    index, ladder = release.index, release.loaded.ladder
    values: dict[str, Any] = {"uuid": index.nodes[0].uuid}
    for name, field in Ladder.model_fields.items():
        if kept and name not in kept and not field.is_required():
            continue
        values[name] = _entries(index, name) if name in COLLECTIONS else getattr(ladder, name)
    return release.body(Document, values, release.links(query.model_dump(exclude_unset=True)))


def _entries(index: Index, collection: str) -> tuple[Any, ...]:
    entry = _ENTRIES[collection]
    return tuple(construct(entry, plain_item(index, node)) for node in index.of_kind(COLLECTIONS[collection]))
