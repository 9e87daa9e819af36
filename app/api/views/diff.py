"""The diff of two releases of a ladder, or of a release and the draft: what changed, and what it means for people."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ListItemLinks, Path, construct, linked, narrowed
from app.api.reading.paging import cut
from app.api.reading.queries import PageQuery, field_names, names, wrong_value
from app.api.reading.reader import ServingDep
from app.api.reading.urls import with_query
from app.api.views.diff_sides import Sides, SidesQuery, relate, sides_of
from app.api.views.text_formats import IN_MARKDOWN, IN_TEXT, markdown
from app.rubric.diff import Change, ChangeCounts
from app.rubric.diff.changes import Action
from app.rubric.diff.release_notes import release_notes
from app.rubric.entities import Kind
from app.rubric.releases import Bump, Impact
from app.rubric.text import Slug
from app.serving.releases.catalog import did_you_mean
from app.serving.releases.loaded import Loaded

router = resource_router("diff")

_FILTERS: Final = ("kind", "action", "impact", "level", "track")


class SideLinks(Body):
    """Where one side of a diff lives."""

    self_: Annotated[Path, Field(alias="self")]
    """The ladder in this release, or the draft."""
    release: Path
    """What is known about this release; for the draft, the releases of its ladder."""


class DiffSide(Body):
    """One of the two that are compared."""

    release: str
    """Number of the release, or `draft`."""
    content_sha256: str
    """SHA-256 of its canonical JSON, in hexadecimal."""
    links: SideLinks


class ChangeLinks(Body):
    """Where the entity is on both sides. What has no URL of its own is at its owner's, with a fragment."""

    before: Path | None = None
    """The entity as it was; left out where it was not there."""
    after: Path | None = None
    """The entity as it is; left out where it is gone."""


class ChangeItem(Change):
    """One entity that is not as it was, and where it is."""

    links: ChangeLinks


class DiffLinks(ListItemLinks):
    """Where the diff lives and where it goes on."""

    pinned: Path
    """The same of these two releases; never changes, unless one of them is the draft."""
    markdown: Path
    """The same for people, in Markdown."""


class DiffList(Body):
    """What differs between two releases, a page of the changes at a time."""

    ladder: Slug
    """Slug of the ladder."""
    from_: Annotated[DiffSide, Field(alias="from")]
    """What was."""
    to: DiffSide
    """What is."""
    least_bump: Bump | None = None
    """The least bump of the release number that is honest; left out where nothing changed."""
    counts: ChangeCounts
    """How many changes there are on all pages, whatever the filters say."""
    levels: tuple[Slug, ...]
    """Slugs of all levels touched, in order; those that are gone come last."""
    tracks: tuple[Slug, ...]
    """Slugs of all tracks touched, in order; those that are gone come last."""
    items: tuple[ChangeItem, ...]
    """The changes on this page, by kind and address."""
    links: DiffLinks


class DiffQuery(PageQuery, SidesQuery):
    """Which two are compared, and which changes are wanted."""

    kind: Annotated[Kind | None, Field(description="Only changes of entities of this kind.")] = None
    action: Annotated[Action | None, Field(description="Only changes of this sort.")] = None
    impact: Annotated[Impact | None, Field(description="Only changes that mean this for people.")] = None
    level: Annotated[Slug | None, Field(description="Only changes that touch this level.")] = None
    track: Annotated[Slug | None, Field(description="Only changes that touch this track.")] = None

    def filters(self) -> dict[str, str]:
        """The filters that were given, by name."""
        pairs = ((name, getattr(self, name)) for name in _FILTERS)
        return {name: value for name, value in pairs if value is not None}


@router.get("/ladders/{ladder}/diff", responses=IN_TEXT | documented(IN_RELEASE))
def list_changes(
    request: Request, serving: ServingDep, ladder: str, query: Annotated[DiffQuery, Query()]
) -> DiffList:
    """List what differs between two releases of a ladder, or a release and its draft, and what it means for people.

    One item for each entity that was added, removed, renamed, moved or changed, with every property before and
    after. `impact` says whether it asks more, asks something else, asks less, clarifies or is editorial.
    """
    sides = sides_of(request, serving, ladder, query)
    found = sides.diff
    keep = _kept(sides, query)
    fields = names("fields", query.fields, field_names(ChangeItem))
    kept = [change for change in found.changes if keep(change)]
    chosen, following = cut(kept, cursor.list_identity(sides.identity, query.filters(), None), query)
    asked = query.model_dump(exclude_unset=True, by_alias=True)
    links = sides.links(asked)
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
    request: Request, serving: ServingDep, ladder: str, query: Annotated[SidesQuery, Query()]
) -> Response:
    """Read what differs between two releases of a ladder, or a release and its draft, in Markdown for people.

    Release notes are made of the same text where the publisher writes none.
    """
    sides = sides_of(request, serving, ladder, query)
    relate(sides, query.model_dump(exclude_unset=True, by_alias=True), ".md")
    heading = f"# {ladder}: {sides.before.label} to {sides.after.label}\n\n"
    return markdown(heading + release_notes(sides.diff))


def _side(sides: Sides, loaded: Loaded) -> DiffSide:
    """One side as the body shows it."""
    urls = sides.urls(loaded)
    links = {"self_": urls.pinned, "release": urls.about_release}
    values = {"release": loaded.label, "content_sha256": loaded.content_sha256}
    return construct(DiffSide, {**values, "links": linked(DiffSide, links)})


def _kept(sides: Sides, query: DiffQuery) -> Callable[[Change], bool]:
    """What the filters let through. Raises InvalidParameter for a level or track that neither side has."""
    _known(sides, "level", query.level)
    _known(sides, "track", query.track)

    def keep(change: Change) -> bool:
        return (
            query.kind in {None, change.kind}
            and query.impact in {None, change.impact}
            and (query.action is None or query.action in change.actions)
            and (query.level is None or query.level in change.levels)
            and (query.track is None or query.track in change.tracks)
        )

    return keep


def _known(sides: Sides, kind: str, slug: str | None) -> None:
    indexes = sides.before.index, sides.after.index
    if slug is None or any(index.find(kind, slug) is not None for index in indexes):
        return
    meant = did_you_mean(slug, (node.address for index in indexes for node in index.of_kind(kind)))
    raise wrong_value(kind, f"Neither release has a {kind} {slug[:80]!r}.{meant}")


def _item(sides: Sides, change: Change, fields: tuple[str, ...]) -> ChangeItem:
    values = narrowed(ChangeItem, dict(change), fields)
    links: dict[str, str] = {}
    for name, loaded, target, gone in (
        ("before", sides.before, change.was or change.target, "added"),
        ("after", sides.after, change.target, "removed"),
    ):
        node = None if gone in change.actions else loaded.index.find_target(target)
        if node is not None:
            links[name] = sides.urls(loaded).of(node)
    return construct(ChangeItem, {**values, "links": linked(ChangeItem, links)})
