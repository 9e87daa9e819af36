"""The list of ladders, and a single ladder without its entities."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request

from app.api.protocol.problems import COMMON, IN_RELEASE, documented
from app.api.protocol.routing import resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ItemLinks, ListItemLinks, Uuid, construct, linked
from app.api.reading.draft_etags import whole_tag
from app.api.reading.entity_bodies import Counts, Resource
from app.api.reading.paging import page_links
from app.api.reading.queries import PageQuery, ReadQuery
from app.api.reading.reader import Reader, ReleaseDep, ServingDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.rubric.ladder import Category, Cumulative, Group, Licence, StatementKind
from app.rubric.parts import Alignments, ExternalIds, Formerly, Links, Sources
from app.rubric.related import KIND_OF
from app.rubric.releases import Release, latest
from app.rubric.text import Language, Line, Slug, Text
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Catalog

router = resource_router("ladders", kind="ladder")

_ACROSS = "ladders"


class LadderItem(Body):
    """A ladder in the list of all ladders."""

    slug: Slug
    """Name for URLs."""
    title: Line
    """Name for people."""
    summary: Text | None = None
    """A short description of the ladder."""
    language: Language | None = None
    """The language of the content."""
    in_force: str | None = None
    """Number of the release in force; left out if there is none."""
    latest: str | None = None
    """Number of the newest release that is not withdrawn; left out if all are."""
    links: ItemLinks


class LadderList(Body):
    """One page of ladders, sorted by slug."""

    items: tuple[LadderItem, ...]
    """The ladders on this page."""
    links: ListItemLinks


class LadderResource(Resource):
    """A ladder without its parts, with links to its lists."""

    slug: Slug
    """Name for URLs."""
    title: Line
    """Name for people."""
    uuid: Uuid
    summary: Text | None = None
    """A short description of the ladder."""
    organisation: Line | None = None
    """The organisation that the ladder belongs to."""
    language: Language
    """The language of the content."""
    licence: Licence | None = None
    """The licence of the content."""
    attribution: Text | None = None
    """The credit that the licence requires."""
    cumulative: Cumulative
    """`yes` if a level includes the levels below it, `no` if not, `unsaid` if the author does not say."""
    statement_kinds: tuple[StatementKind, ...] = ()
    """The kinds of statements that this ladder defines. A definition overrides the default of its word."""
    categories: tuple[Category, ...] = ()
    """Descriptions of categories of competencies, in order."""
    groups: tuple[Group, ...] = ()
    """Descriptions of groups of tracks, in order."""
    counts: Counts | None = None
    """The number of entities of each kind."""
    content_sha256: str | None = None
    """SHA-256 of the release's canonical JSON, in hexadecimal."""
    formerly: Formerly = ()
    references: Links = ()
    sources: Sources = ()
    alignments: Alignments = ()
    external_ids: ExternalIds = ()


@router.get("/ladders", responses=documented(COMMON))
def list_ladders(request: Request, serving: ServingDep, query: Annotated[PageQuery, Query()]) -> LadderList:
    """List ladders.

    Returns all ladders that have a published release, sorted by slug.
    """
    answer = answer_of(request.scope)
    answer.across = True
    catalog = answer.catalog
    identity = cursor.list_identity(_ACROSS, {}, None)
    after = cursor.read(query.cursor, identity)
    slugs = [slug for slug in catalog.releases if after is None or slug > after]
    chosen = slugs[: query.limit]
    shown = {slug: catalog.shown(slug) for slug in chosen}
    fields = requested_fields(LadderItem, query.fields)
    root = serving.settings.root_path
    items = tuple(_item(root, catalog, release, fields) for release in shown.values())
    asked = query.model_dump(exclude_unset=True)
    following = cursor.write(identity, chosen[-1]) if len(slugs) > len(chosen) else None
    links = page_links(answer, f"{root}/v1/ladders", asked, following)
    return construct(LadderList, {"items": items, "links": linked(LadderList, links)})


@router.get("/ladders/{ladder}", responses=documented(IN_RELEASE))
def read_ladder(release: ReleaseDep, query: Annotated[ReadQuery, Query()]) -> LadderResource:
    """Read a ladder.

    Returns the ladder's own fields without its entities. `expand` includes lists of them.
    """
    kept = requested_fields(LadderResource, query.fields)
    node = release.get("ladder", release.loaded.ladder.slug)
    values: dict[str, Any] = {
        **{name: getattr(release.loaded.ladder, name) for name in _own_fields()},
        "uuid": node.uuid,
        "counts": _counts(release),
        "content_sha256": release.loaded.content_sha256,
    }
    values = select_fields(LadderResource, values, kept)
    links = release.links(query.model_dump(exclude_unset=True)) | release.declared_links(node)
    release.tag(whole_tag(release.loaded.content_sha256, release.loaded.since))
    return release.body(LadderResource, values | release.expanded("ladder", [node], query.expand), links)


def _own_fields() -> Sequence[str]:
    ours = set(LadderResource.model_fields) - {"ladder", "release", "links", "included"}
    return [
        name for name in LadderResource.model_fields if name in ours - {"uuid", "counts", "content_sha256"}
    ]


def _counts(release: Reader) -> Counts:
    counted = {f"{kind}_count": len(release.index.of_kind(kind)) for kind in KIND_OF.values()}
    return Counts(**counted)


def _item(root: str, catalog: Catalog, release: Release, fields: Sequence[str]) -> LadderItem:
    slug = release.ladder
    newest, standing = latest(catalog.releases[slug], catalog.moment_of(slug)), catalog.in_force.get(slug)
    values: dict[str, Any] = {
        "slug": slug,
        "title": release.title,
        "summary": release.summary,
        "language": release.language,
        "in_force": None if standing is None else str(standing.version),
        "latest": None if newest is None else str(newest.version),
    }
    if fields:
        values = {name: value for name, value in values.items() if name in (*fields, "slug", "title")}
    links = {"self_": f"{root}/v1/ladders/{slug}"}
    return construct(LadderItem, {**values, "links": linked(LadderItem, links)})
