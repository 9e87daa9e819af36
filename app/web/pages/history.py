"""The pages of what changed at one level, or in one competency, from release to release."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.diff import ChangeFilter, Diff
from app.rubric.diff.changes import weightiest
from app.rubric.entities import Node
from app.rubric.releases import Impact, Release
from app.rubric.views.demands import Demands
from app.rubric.views.effective_text import level_name
from app.rubric.views.progression import moves
from app.serving.releases.loaded_releases import Loaded
from app.serving.route_table import RouteFacts
from app.web.layout.frame import frame_of
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.level_head import level_head
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import PageQuery
from app.web.navigation.urls import PageUrls, page_path
from app.web.translation.messages import N_

router = page_router()

_MOST_RELEASES: Final = 8
"""The most releases on one page. Each may have to be loaded and compared."""


class HistoryQuery(PageQuery):
    """The releases to show."""

    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """The number of newer releases to leave out."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One release, and what it changed here."""

    release: Release
    words: str
    count: int
    """The number of changes."""
    url: str | None
    """The changes; None for the first release."""


@router.get("/ladders/{ladder}/levels/{level}/history")
@declare(RouteFacts(kind="level", carries=frozenset()))
def show_level_history(
    reading: ReadingDep, level: str, query: Annotated[HistoryQuery, Query()]
) -> HTMLResponse:
    """Show what each release changed at a level."""
    node = reading.get("level", level)
    entity = reading.index.levels[node.address]
    demands = reading.index.once(Demands)
    return _page(
        reading,
        node,
        level_name(entity),
        query.skip,
        head=level_head(reading, entity, moves(demands.inheritance, entity), "/history"),
        track=reading.index.find("track", entity.track),
        rank=reading.index.ranks[entity.slug],
    )


@router.get("/ladders/{ladder}/competencies/{competency}/history")
@declare(RouteFacts(kind="competency", carries=frozenset()))
def show_competency_history(
    reading: ReadingDep, competency: str, query: Annotated[HistoryQuery, Query()]
) -> HTMLResponse:
    """Show what each release changed in a competency."""
    node = reading.get("competency", competency)
    title = reading.index.competencies[node.address].title
    return _page(reading, node, title, query.skip, head=None)


def _page(
    reading: Reading,
    node: Node,
    name: str,
    skip: int,
    **values: Any,  # noqa: ANN401 - what the template shows besides
) -> HTMLResponse:
    newest_first = reading.line[::-1]
    entries = tuple(_entries(reading, node, newest_first[skip : skip + _MOST_RELEASES]))
    further = skip + _MOST_RELEASES < len(newest_first)
    entity = page_path(node)
    return show(
        "history.html",
        frame=frame_of(
            reading,
            N_("Changes: %(name)s", name=name),
            description=N_("What changed in %(name)s, release by release.", name=name),
            api=entity,
        ),
        reading=reading,
        node=node,
        name=name,
        entries=entries,
        earlier=reading.urls.below(f"{entity}/history", {"skip": skip + _MOST_RELEASES}) if further else None,
        **values,
    )


def _entries(reading: Reading, node: Node, releases: tuple[Release, ...]) -> Iterator[HistoryEntry]:
    for release in releases:
        if release.base is None:
            yield HistoryEntry(release, N_("First release"), 0, None)
            continue
        before = reading.beside(f"{release.ladder}@{release.base}")
        after = reading.beside(f"{release.ladder}@{release.version}")
        found = _changed(node, before, after, reading.serving.diffs.get(before, after))
        if found is None:
            yield HistoryEntry(release, N_("No changes here"), 0, None)
            continue
        count, impact = found
        query = {"from": str(release.base), "to": str(release.version), node.kind: node.address}
        url = PageUrls(reading.root, release.ladder).below("/diff", query)
        yield HistoryEntry(release, IMPACT_WORDS[impact][0], count, url)


def _changed(node: Node, before: Loaded, after: Loaded, diff: Diff) -> tuple[int, Impact] | None:
    """Return the number of changes of a level or competency, and what they mean; None if there is none."""
    names = {node.address, *getattr(node.entity, "formerly", ())}
    indexes = before.index, after.index
    slugs = frozenset(name for name in names for index in indexes if index.find(node.kind, name) is not None)
    levels, competencies = (slugs, None) if node.kind == "level" else (None, slugs)
    part = ChangeFilter(*indexes, levels=levels, competencies=competencies).part_of(diff)
    whole = (one.impact for one in part.levels if levels is not None and one.level in levels)
    impact = next(whole, None) or weightiest(change.impact for change in part.changes)
    return (part.counts.total_count, impact) if part.changes else None
