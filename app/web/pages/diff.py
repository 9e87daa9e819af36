"""The page of changes from one release to another, and what they mean for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import ConfigDict, field_validator
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.api.views.diff_filters import filter_of
from app.api.views.diff_sides import Sides, SidesQuery, sides_of
from app.rubric.diff import Change
from app.rubric.owners import relation
from app.rubric.releases import Impact
from app.rubric.text import Slug
from app.rubric.views.effective_text import level_name
from app.serving.releases.loaded_releases import DRAFT
from app.web.layout.change_texts import FieldView, field_views
from app.web.layout.frame import frame_of_ladder
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.rendering import display_name, sentence, show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import EMPTY_IS_UNSET
from app.web.navigation.urls import PageUrls, comes_in_parts

router = page_router()

_MOST: Final = 100
"""The most changes on the page. The JSON has them all."""
_MOST_NAMED: Final = 12
"""The most levels that a heading names one by one."""
_MOST_LEVELS: Final = 100
"""The most affected levels that are listed."""
_ACTIONS: Final = {
    "added": "New",
    "removed": "Removed",
    "renamed": "Renamed",
    "moved": "Moved",
    "changed": "Changed",
}
_KINDS: Final = {"faq": "question", "page": "text", "proficiency": "description of a step"}


class PageSidesQuery(SidesQuery):
    """The two releases to compare, as a form sends them, and the part of the changes to show."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    level: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    """Show only what concerns this level."""
    track: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    """Show only what concerns this track."""
    competency: Annotated[Slug | None, EMPTY_IS_UNSET] = None
    """Show only what belongs to this competency."""
    impact: Annotated[Impact | None, EMPTY_IS_UNSET] = None
    """Show only changes of this class."""

    @field_validator("from_", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("to", mode="before")
    @classmethod
    def _empty_is_latest(cls, value: object) -> object:
        return value or "latest"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, in the words of a page."""

    change: Change
    what: str
    """The kind of change and of entity: `New: question`."""
    impact: str
    place: tuple[str, ...]
    """Titles of the competency and the facet that the entity belongs to."""
    name: str
    """The name of the entity; empty for an expectation, which its place names."""
    was: str | None
    """The former name, if it has another one now."""
    url: str | None
    """URL of the page that shows the entity, now or before."""
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes that concern the same levels."""

    heading: str
    levels: tuple[tuple[str, str | None], ...]
    """The names of the levels and their URLs."""
    changes: tuple[ChangeView, ...]


@router.get("/ladders/{ladder}/diff")
def show_changes(
    request: Request, serving: ServingDep, ladder: str, query: Annotated[PageSidesQuery, Query()]
) -> HTMLResponse:
    """Show the changes between two releases."""
    sides = sides_of(request, serving, ladder, query)
    sides.answer.across = True
    named = {"level": query.level, "track": query.track, "competency": query.competency}
    keep = filter_of(
        sides, impact=query.impact, level=query.level, track=query.track, competency=query.competency
    )
    changes = [change for change in sides.diff.changes if keep(change)]
    before, after = sides.before.label, sides.after.label
    filters = {name: value for name, value in (named | {"impact": query.impact}).items() if value is not None}
    frame = frame_of_ladder(
        serving,
        sides.answer,
        ladder,
        f"{before} to {after}",
        f"What changed in {sides.after.ladder.title} from {before} to {after}, and what it means for people.",
        with_query("/diff", {**sides.pinned, **filters}),
    )
    return show(
        "diff.html",
        frame=frame,
        urls=PageUrls(sides.root, ladder),
        language=sides.after.ladder.language,
        before=before,
        after=after,
        versions=_versions(sides),
        diff=sides.diff,
        counts=Counter(change.impact for change in changes),
        meanings=IMPACT_WORDS,
        filters=filters,
        about=_about(sides, filters),
        levels=_levels(sides, (one.level for one in sides.diff.levels[:_MOST_LEVELS])),
        more_levels=max(0, len(sides.diff.levels) - _MOST_LEVELS),
        sections=tuple(_sections(sides, changes[:_MOST])),
        more=max(0, len(changes) - _MOST),
    )


def _versions(sides: Sides) -> list[str]:
    """Return the releases to choose from, newest first; also the draft if it is one of the two."""
    drafts = [DRAFT] if DRAFT in sides.pinned.values() else []
    return drafts + [
        str(release.version) for release in reversed(sides.answer.catalog.releases[sides.ladder])
    ]


def _about(sides: Sides, filters: Mapping[str, str]) -> str:
    """Return the titles of the level, the track and the competency that the page is limited to."""
    found = []
    for kind in ("level", "track", "competency"):
        if kind in filters:
            sought = (side.index.find(kind, filters[kind]) for side in (sides.after, sides.before))
            node = next((node for node in sought if node is not None), None)
            found.append(filters[kind] if node is None else display_name(node))
    return " · ".join(found)


def _levels(sides: Sides, slugs: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """Return the names of levels and their URLs. A removed level has no URL."""
    found: list[tuple[str, str | None]] = []
    urls = PageUrls(sides.root, f"{sides.after.slug}@{sides.after.label}")
    for slug in slugs:
        level = sides.after.index.levels.get(slug)
        gone = sides.before.index.levels.get(slug)
        if level is not None:
            found.append((level.code or level.title, urls.level(slug)))
        else:
            found.append(((gone.code or gone.title) if gone else slug, None))
    return tuple(found)


def _sections(sides: Sides, changes: Sequence[Change]) -> Iterator[Section]:
    """Group changes by the levels that they concern: single levels first, then several, then none."""
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault(change.levels, []).append(change)
    order = {one.level: place for place, one in enumerate(sides.diff.levels)}
    everyone = frozenset(sides.after.index.levels)

    def rank(levels: tuple[str, ...]) -> tuple[bool, int, int]:
        return not levels, len(levels), min((order.get(level, 0) for level in levels), default=0)

    for levels in sorted(groups, key=rank):
        weights = {impact: place for place, impact in enumerate(IMPACT_WORDS)}
        views = [_view(sides, change) for change in groups[levels]]
        views.sort(key=lambda view: (view.place, weights[view.change.impact]))
        names = _levels(sides, levels if len(levels) <= _MOST_NAMED else (levels[0], levels[-1]))
        if len(levels) == 1:
            level = sides.after.index.levels.get(levels[0]) or sides.before.index.levels[levels[0]]
            heading = level_name(level)
        elif not levels:
            heading = "Everything else"
        elif everyone <= frozenset(levels):
            heading = "All levels"
        elif len(levels) > _MOST_NAMED:
            heading = f"{len(levels):,} levels, from {names[0][0]} to {names[-1][0]}"
        else:
            heading = sentence(name for name, _ in names)
        yield Section(heading, names, tuple(views))


def _view(sides: Sides, change: Change) -> ChangeView:
    removed = "removed" in change.actions
    loaded = sides.before if removed else sides.after
    index = loaded.index
    node = index.find_target(change.target)
    urls = PageUrls(sides.root, f"{loaded.slug}@{loaded.label}", comes_in_parts(loaded.ladder))
    action = " and ".join(_ACTIONS[name] if not place else name for place, name in enumerate(change.actions))
    on = None if node is None else relation(node)
    competency = index.competencies.get(on.competency or "") if on else None
    facet = index.facets.get(on.facet or "") if on else None
    place = tuple(one.title for one in (competency, facet) if one is not None)
    name = "" if change.kind == "expectation" and place else change.title or change.target.partition(":")[2]
    before = sides.before.index.find_target(change.was or "")
    was = None if before is None or "renamed" not in change.actions else display_name(before)
    if was == name and change.was is not None:
        was = change.was.partition(":")[2]
    return ChangeView(
        change,
        f"{action}: {_KINDS.get(change.kind, change.kind)}",
        IMPACT_WORDS[change.impact][0],
        place[:-1] if place and place[-1] == name else place,
        name,
        was,
        None if node is None else urls.of(node),
        tuple(field_views(change, sides.before.index, sides.after.index)),
    )
