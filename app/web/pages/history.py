"""The pages of what changed at one level, or in one competency, from release to release."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import Field
from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.diff import Diff
from app.rubric.diff.changes import weightiest
from app.rubric.entities import Node
from app.rubric.owners import relation
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
        lambda before, after, diff: _at_level(node, before, after, diff),
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
    return _page(
        reading,
        node,
        title,
        query.skip,
        lambda before, after, diff: _in(node, before, after, diff),
        head=None,
    )


def _page(
    reading: Reading,
    node: Node,
    name: str,
    skip: int,
    changed: Callable[[Loaded, Loaded, Diff], tuple[int, Impact] | None],
    **values: Any,  # noqa: ANN401 - what the template shows besides
) -> HTMLResponse:
    newest_first = reading.line[::-1]
    entries = tuple(_entries(reading, node, newest_first[skip : skip + _MOST_RELEASES], changed))
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


def _entries(
    reading: Reading,
    node: Node,
    releases: tuple[Release, ...],
    changed: Callable[[Loaded, Loaded, Diff], tuple[int, Impact] | None],
) -> Iterator[HistoryEntry]:
    for release in releases:
        reference = f"{release.ladder}@{release.version}"
        if release.base is None:
            yield HistoryEntry(release, N_("First release"), 0, None)
            continue
        before, after = reading.beside(f"{release.ladder}@{release.base}"), reading.beside(reference)
        found = changed(before, after, reading.serving.diffs.get(before, after))
        if found is None:
            yield HistoryEntry(release, N_("No changes here"), 0, None)
            continue
        count, impact = found
        query = {"from": str(release.base), "to": str(release.version), node.kind: node.address}
        url = PageUrls(reading.root, release.ladder).below("/diff", query)
        yield HistoryEntry(release, IMPACT_WORDS[impact][0], count, url)


def _slugs(node: Node, *sides: Loaded) -> frozenset[str]:
    """Return the slugs that a level or competency has on some sides, by its present and its former ones."""
    names = {node.address, *getattr(node.entity, "formerly", ())}
    return frozenset(name for side in sides for name in names if side.index.find(node.kind, name) is not None)


def _at_level(node: Node, before: Loaded, after: Loaded, diff: Diff) -> tuple[int, Impact] | None:
    slugs = _slugs(node, before, after)
    count = sum(not slugs.isdisjoint(change.levels) for change in diff.changes)
    impact = next((one.impact for one in diff.levels if one.level in slugs), None)
    if impact is None:
        impact = weightiest(one.impact for one in diff.changes if not slugs.isdisjoint(one.levels))
    return (count, impact) if count else None


def _in(node: Node, before: Loaded, after: Loaded, diff: Diff) -> tuple[int, Impact] | None:
    slugs = _slugs(node, before, after)
    impacts = []
    for change in diff.changes:
        side = before if "removed" in change.actions else after
        found = side.index.find_target(change.target)
        if found is not None and relation(found).competency in slugs:
            impacts.append(change.impact)
    return (len(impacts), weightiest(impacts)) if impacts else None
