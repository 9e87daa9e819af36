"""The diff of two releases of a ladder, or of a release and the draft."""

from typing import Annotated, Final

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ListItemLinks, Path, construct, filled, linked
from app.api.reading.paging import page_of
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.api.reading.urls import with_query
from app.api.views.diff_filters import change_filter, filter_of
from app.api.views.diff_sides import Sides, SidesQuery, relate, sides_of
from app.api.views.text_formats import IN_MARKDOWN, TEXTUAL, markdown
from app.rubric.diff import Change, ChangeCounts, LevelChange
from app.rubric.diff.changes import Action
from app.rubric.diff.release_notes import release_notes
from app.rubric.entities import Kind
from app.rubric.releases import Bump, Impact
from app.rubric.text import Slug
from app.serving.releases.loaded_releases import Loaded
from app.serving.route_table import RouteFacts

router = resource_router("diff")

_SUBJECTS: Final = ("level", "track", "competency")
_FILTERS: Final = ("kind", "action", "impact", *_SUBJECTS)


class SideLinks(Body):
    """Links of one side of a diff."""

    self_: Annotated[Path, Field(alias="self")]
    """The ladder in this release, or the draft."""
    release: Path
    """Metadata of this release; for the draft, the list of releases."""


class DiffSide(Body):
    """One side of a diff."""

    release: str
    """Number of the release, or `draft`."""
    content_sha256: str
    """SHA-256 of the canonical JSON of the content, in hexadecimal."""
    links: SideLinks


class ChangeLinks(Body):
    """Links to the entity on both sides. An entity without its own URL is linked at its owner, with a fragment."""

    before: Path | None = None
    """The entity before the change; left out if it was added."""
    after: Path | None = None
    """The entity after the change; left out if it was removed."""


class ChangeItem(Change):
    """The change of one entity."""

    links: ChangeLinks


class DiffLinks(ListItemLinks):
    """Links: this page, its other formats, the next page."""

    pinned: Path
    """The same diff of exactly these two releases. It never changes unless one of them is the draft."""
    markdown: Path
    """The diff in Markdown, of the same level, track and competency."""


class DiffList(Body):
    """One page of the changes between two releases."""

    ladder: Slug
    """Slug of the ladder."""
    from_: Annotated[DiffSide, Field(alias="from")]
    """The old side."""
    to: DiffSide
    """The new side."""
    least_bump: Bump | None = None
    """The minimum step of the version number: `major`, `minor` or `patch`; left out if nothing changed."""
    counts: ChangeCounts
    """Number of changes on all pages, without filters."""
    levels: tuple[LevelChange, ...]
    """Every level whose demands or description differ, with what that means; removed levels come last."""
    tracks: tuple[Slug, ...]
    """Slugs of the affected tracks, in order; removed tracks come last."""
    items: tuple[ChangeItem, ...]
    """The changes on this page, by kind and address."""
    links: DiffLinks


class SubjectQuery(SidesQuery):
    """Query parameters that name two releases, and the level, track and competency to show."""

    level: Annotated[Slug | None, Field(description="Only changes that affect this level.")] = None
    track: Annotated[Slug | None, Field(description="Only changes that affect this track.")] = None
    competency: Annotated[
        Slug | None,
        Field(description="Only changes in this competency: of itself, its facets and expectations."),
    ] = None


class DiffQuery(PageQuery, SubjectQuery):
    """Query parameters of a diff."""

    kind: Annotated[Kind | None, Field(description="Only changes of entities of this kind.")] = None
    action: Annotated[Action | None, Field(description="Only changes with this action.")] = None
    impact: Annotated[Impact | None, Field(description="Only changes with this impact.")] = None

    def filters(self) -> dict[str, str]:
        """Return the filters of the request, by name."""
        pairs = ((name, getattr(self, name)) for name in _FILTERS)
        return {name: value for name, value in pairs if value is not None}


@router.get("/ladders/{ladder}/diff", responses=documented(IN_RELEASE))
@declare(RouteFacts(formats=TEXTUAL))
def list_changes(
    request: Request, serving: ServingDep, ladder: NoRelease, query: Annotated[DiffQuery, Query()]
) -> DiffList:
    """List changes between releases.

    Compares two releases of a ladder, or a release and the draft. There is one item per entity that was added,
    removed, renamed, moved or changed, with every changed property before and after. `impact` says what the change
    means for people at the affected levels: it asks more, asks something else, asks less, clarifies or is editorial.
    """
    sides = sides_of(request, serving, ladder, query)
    found = sides.diff
    keep = filter_of(
        sides, query.kind, query.action, query.impact, query.level, query.track, query.competency
    )
    fields = requested_fields(ChangeItem, query.fields)
    kept = [change for change in found.changes if keep(change)]
    chosen, following = page_of(kept, cursor.list_identity(sides.identity, query.filters(), None), query)
    asked = query.model_dump(exclude_unset=True, by_alias=True)
    links = sides.links(asked, _subjects(query))
    if following is not None:
        links["next"] = with_query(sides.path, {**asked, **sides.pinned, "cursor": following})
        sides.answer.links.append(("next", links["next"]))
    relate(sides, asked)
    values = {
        "ladder": ladder,
        "from_": _side(sides, sides.before),
        "to": _side(sides, sides.after),
        **{name: getattr(found, name) for name in ("least_bump", "counts", "levels", "tracks")},
        "items": tuple(_item(sides, change, fields) for change in chosen),
        "links": linked(DiffList, links),
    }
    return construct(DiffList, values)


@router.get(
    "/ladders/{ladder}/diff.md",
    responses=IN_MARKDOWN | documented(IN_RELEASE),
    response_class=Response,
)
def read_diff_as_markdown(
    request: Request, serving: ServingDep, ladder: NoRelease, query: Annotated[SubjectQuery, Query()]
) -> Response:
    """Read the changes between releases, in Markdown.

    A release that is published without notes gets this text, unfiltered, as its notes. With a filter, the numbers,
    levels and tracks are those of the changes shown; the minimum step is that of the whole diff.
    """
    sides = sides_of(request, serving, ladder, query)
    wanted = change_filter(sides, query.level, query.track, query.competency)
    relate(sides, query.model_dump(exclude_unset=True, by_alias=True), ".md")
    heading = f"# {ladder}: {sides.before.label} to {sides.after.label}\n\n"
    filters = ", ".join(f"{name} `{slug}`" for name, slug in _subjects(query).items())
    heading += f"Only changes of {filters}.\n\n" if filters else ""
    return markdown(heading + release_notes(wanted.part_of(sides.diff) if filters else sides.diff))


def _subjects(query: SubjectQuery) -> dict[str, str]:
    """Return the level, track and competency of the request, by parameter."""
    return {name: slug for name in _SUBJECTS if (slug := getattr(query, name)) is not None}


def _side(sides: Sides, loaded: Loaded) -> DiffSide:
    """Return one side as the body shows it."""
    urls = sides.urls(loaded)
    links = {"self_": urls.pinned, "release": urls.about_release}
    values = {"release": loaded.label, "content_sha256": loaded.content_sha256}
    return construct(DiffSide, {**values, "links": linked(DiffSide, links)})


def _item(sides: Sides, change: Change, fields: tuple[str, ...]) -> ChangeItem:
    values = select_fields(ChangeItem, filled(change.in_words()), fields)
    links: dict[str, str] = {}
    for name, loaded, target in (
        ("before", sides.before, change.target_before),
        ("after", sides.after, change.target_after),
    ):
        node = None if target is None else loaded.index.find_target(target)
        if node is not None:
            links[name] = sides.urls(loaded).of(node)
    return construct(ChangeItem, {**values, "links": linked(ChangeItem, links)})
