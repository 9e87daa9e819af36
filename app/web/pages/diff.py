"""The page of changes from one release to another, and what they mean for people."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import ConfigDict, field_validator
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.api.views.diff_filters import filter_of
from app.api.views.diff_sides import Sides, SidesQuery, sides_of
from app.rubric.releases import Impact
from app.rubric.text import Slug
from app.serving.releases.loaded_releases import DRAFT
from app.serving.serving import Serving
from app.web.layout.change_sections import change_sections, level_links
from app.web.layout.frame import Frame, frame_of_ladder
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.rendering import display_name, show
from app.web.navigation.page_router import page_router
from app.web.navigation.query_values import EMPTY_IS_UNSET
from app.web.navigation.urls import PageUrls
from app.web.translation.messages import N_

router = page_router()

_MOST: Final = 100
"""The most changes on the page. The JSON has them all."""
_MOST_LEVELS: Final = 100
"""The most affected levels that are listed."""


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
    return show(
        "diff.html",
        frame=_frame(serving, sides, ladder, with_query("/diff", {**sides.pinned, **filters})),
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
        levels=level_links(sides, (one.level for one in sides.diff.levels[:_MOST_LEVELS])),
        more_levels=max(0, len(sides.diff.levels) - _MOST_LEVELS),
        sections=tuple(change_sections(sides, changes[:_MOST])),
        more=max(0, len(changes) - _MOST),
    )


def _frame(serving: Serving, sides: Sides, ladder: str, path: str) -> Frame:
    before, after = sides.before.label, sides.after.label
    title = N_("%(first)s to %(second)s", first=before, second=after)
    description = N_(
        "What changed in %(ladder)s from %(before)s to %(after)s, and what it means for people.",
        ladder=sides.after.ladder.title,
        before=before,
        after=after,
    )
    return frame_of_ladder(serving, sides.answer, ladder, title, description, path)


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
