"""The levels that can follow a level, by promotion or by a change of track, and how they differ from it."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import Query, Response
from pydantic import Field
from pydantic_core import to_json

from app.api.protocol.problems import OF_ENTITY, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.queries import PageQuery, ReadQuery, names, wrong_value
from app.api.reading.reader import Reader, ReleaseDep
from app.api.reading.sparse_fields import requested_fields
from app.api.views.next_level_bodies import NextItem, NextItems, NextList
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, TABULAR, markdown, table
from app.rubric.ladder import Level
from app.rubric.markdown import escaped
from app.rubric.related import RELATED
from app.rubric.suggest import did_you_mean
from app.rubric.text import Slug, folded
from app.rubric.views.effective_text import level_name
from app.rubric.views.next_level import Onward
from app.rubric.views.next_level_text import COLUMNS, next_markdown, next_rows
from app.rubric.views.progression import How
from app.serving.route_table import Link, RouteFacts

router = resource_router("progression")

_PATH: Final = "/ladders/{ladder}/levels/{level}/next"
_MOST_BYTES: Final = 38_000
"""Most bytes of the items on one page, if there are several."""
_LINES: Final = "lines"
"""The additions of `expand` to the cells: the texts in which the levels differ."""


class NextQuery(PageQuery, ReadQuery):
    """Query parameters of the next levels."""

    how: Annotated[How | None, Field(description="Only next levels of this kind.")] = None
    track: Annotated[Slug | None, Field(description="Only levels of this track.")] = None
    group: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Only levels of tracks in this group. Case and spacing do not matter.",
        ),
    ] = None
    competency: Annotated[
        Slug | None,
        Field(description="Only cells of this competency and its facets. `counts` then counts only these."),
    ] = None

    def filters(self) -> dict[str, str]:
        """Return the filters of the request, by name."""
        pairs = ((name, getattr(self, name)) for name in ("how", "track", "group", "competency"))
        return {name: value for name, value in pairs if value is not None}


@router.get(_PATH, response_model=NextList, responses=documented(OF_ENTITY))
@declare(
    RouteFacts(
        kind="level",
        expands=(_LINES,),
        formats=TABULAR,
        link=Link("next_levels", "The levels that can follow it."),
    )
)
def read_next(release: ReleaseDep, level: str, query: Annotated[NextQuery, Query()]) -> Response:
    """List next levels.

    The next level of the track comes first, then levels of other tracks at equal or next rank, forks included. Each
    item lists, cell by cell, how what that level expects differs. `expand=lines` adds the texts: what is `added`,
    `dropped`, `unasked` and `ahead`, and `level_properties`, what the levels say of themselves.
    `expand=expectations` includes the expectations of the levels in full. At the top of a track, and on a track whose
    levels have no order, `note` says why there is no next level. Items with many cells make a page shorter than
    `limit`.
    """
    onward = _onward(release, level)
    track = release.slug("track", "track", query.track)
    competency = release.slug("competency", "competency", query.competency)
    fields = requested_fields(NextItem, query.fields)
    kept = [
        move
        for move in onward.in_group(_group(release, query.group))
        if track in {None, move.level.track} and query.how in {None, move.how}
    ]
    identity = cursor.list_identity(f"{release.version}{release.below}", query.filters(), None)
    expand = names("expand", query.expand, (*RELATED["level"], _LINES))
    bodies = NextItems(release.index, release.urls, fields, with_lines=_LINES in expand)
    start = cursor.read_position(query.cursor, identity)
    candidates = kept[start : start + query.limit]
    items = _fitting(bodies.item(onward.level, onward.told(move, competency)) for move in candidates)
    chosen, links = release.page_of(kept, identity, query, len(items))
    values: dict[str, Any] = {
        "level": onward.level.slug,
        "track": onward.level.track,
        "effective_rank": release.index.ranks[onward.level.slug],
        "items": items,
    }
    values["note"] = onward.note
    nodes = [release.get("level", move.level.slug) for move in chosen]
    collections = [name for name in expand if name != _LINES]
    values |= release.expanded("level", nodes, ",".join(collections) or None)
    return release.view_response(NextList, values, links | _forms(release, onward.level))


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(OF_ENTITY), response_class=Response)
def read_next_as_markdown(release: ReleaseDep, level: str) -> Response:
    """List next levels, in Markdown."""
    onward = _onward(release, level, ".md")
    heading = f"# Next after {escaped(level_name(onward.level))}\n\n{release.name}\n\n"
    return markdown(
        heading + next_markdown(release.index, [onward.told(move) for move in onward.moves], onward.note)
    )


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(OF_ENTITY), response_class=Response)
def read_next_as_table(release: ReleaseDep, level: str) -> Response:
    """List next levels, in CSV.

    The table has one row per line that is added, dropped, not asked, or to be practised.
    """
    onward = _onward(release, level, ".csv")
    return table(COLUMNS, next_rows(release.index, [onward.told(move) for move in onward.moves]))


def _onward(release: Reader, level: str, extension: str = "") -> Onward:
    """Return the levels that can follow the level in the path. Raises the same errors as `Reader.get`."""
    entity = release.get("level", level, f"/next{extension}").entity
    assert isinstance(entity, Level)  # noqa: S101 - found by this kind
    return Onward(release.index, entity)


def _fitting(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first items that fit on one page together; always one, if there is one."""
    fitting: list[dict[str, Any]] = []
    size = 0
    for item in items:
        size += len(to_json(item, by_alias=True, exclude_none=True))
        if fitting and size > _MOST_BYTES:
            break
        fitting.append(item)
    return fitting


def _group(release: Reader, group: str | None) -> str | None:
    """Return the group of tracks in the query. Raises InvalidParameter for one that the release does not have."""
    known = {one.group for one in release.index.tracks.values() if one.group is not None}
    if group is not None and folded(group) not in map(folded, known):
        suggestion = did_you_mean(group, known)
        raise wrong_value("group", f"This release has no group of tracks {group[:80]!r}.{suggestion}")
    return group


def _forms(release: Reader, level: Level) -> dict[str, str]:
    home = f"{release.urls.pinned}/levels/{level.slug}"
    whole = f"{home}/next"
    return {
        "level": home,
        "effective": f"{home}/effective",
        "markdown": f"{whole}.md",
        "csv": f"{whole}.csv",
    }
