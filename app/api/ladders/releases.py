"""Releases: their list, their metadata and their canonical content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import Response

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, ListItemLinks, Path, construct, linked
from app.api.reading.dates import MOMENT_SCHEMA, moment_of
from app.api.reading.json_values import ANY_OBJECT
from app.api.reading.paging import page_links
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import FieldsQuery, PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.api.reading.urls import Urls
from app.errors import NotFound
from app.rubric.releases import Event, Release, Status, Version, in_force, successor_of
from app.rubric.text import Slug
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Catalog, find_version
from app.serving.route_table import Link, RouteFacts

router = resource_router("releases")


class ReleaseEvent(Body):
    """A deprecation, withdrawal or rescheduling of a release."""

    kind: Literal["deprecated", "withdrawn", "rescheduled"]
    at: datetime
    """When (UTC)."""
    reason: str
    """Why."""
    successor: str | None = None
    """Number of the release to read instead."""
    sunset: datetime | None = None
    """The time from which nobody should use the release (UTC)."""
    effective_from: datetime | None = None
    """The new date of a rescheduled release (UTC)."""


class ReleaseLinks(Body):
    """Links of a release."""

    self_: Annotated[Path, Field(alias="self")]
    """This resource."""
    ladder: Path
    """The ladder in this release."""
    content: Path
    """The canonical JSON of the release."""
    predecessor: Path | None = None
    """The release that it builds on."""
    successor: Path | None = None
    """The release that builds on it; if several do, the one with the lowest number."""


class ReleaseItem(Body):
    """A release without its content."""

    ladder: Slug
    """Slug of the ladder."""
    version: str
    """The release number: `major.minor.patch`."""
    status: Status
    """Whether it is in force, scheduled, superseded by a greater number, or withdrawn. An open list."""
    deprecated: bool
    """Whether readers should move to another release."""
    published_at: datetime
    """The time of publication (UTC)."""
    effective_from: datetime
    """The time when the release comes into force (UTC)."""
    content_sha256: str
    """SHA-256 of its canonical JSON, in hexadecimal."""
    notes: str | None = None
    """The release notes, which tell readers what changed."""
    minimum_version: Annotated[str | None, Field(examples=["2.0.0"])] = None
    """The minimum number that the changes set; left out unless `version` is lower."""
    because: Annotated[
        str | None, Field(examples=["Two lines are reworded; nobody is expected to do more."])
    ] = None
    """The publisher's reason for a number below the minimum."""
    events: tuple[ReleaseEvent, ...] = ()
    """Its deprecations and withdrawal, oldest first."""
    links: ReleaseLinks


class ReleaseListLinks(ListItemLinks):
    """Links: this page, the next page, and the releases as a picture."""

    timeline: Path
    """A timeline of all releases, as SVG."""


class ReleaseList(Body):
    """A page of releases, the highest number first."""

    ladder: Slug
    """Slug of the ladder."""
    items: tuple[ReleaseItem, ...]
    """The releases on this page."""
    links: ReleaseListLinks


class ReleasesQuery(PageQuery):
    """Parameters of the list of releases."""

    as_of: Annotated[
        Annotated[str, WithJsonSchema(MOMENT_SCHEMA)] | None,
        Field(
            description="Only the release in force at this time: a time with its offset from UTC "
            "(RFC 3339), or a date, which means its last moment in UTC. Withdrawals count from their own time.",
            examples=["2026-03-01"],
        ),
    ] = None


@router.get("/ladders/{ladder}/releases", responses=documented(IN_RELEASE))
@declare(RouteFacts(link=Link("releases", "All releases of the ladder.", pinned=False)))
def list_releases(
    request: Request, serving: ServingDep, ladder: NoRelease, query: Annotated[ReleasesQuery, Query()]
) -> ReleaseList:
    """List releases.

    Returns the releases of a ladder, the highest number first, or only the one in force at a given time (`as_of`).
    """
    answer, line = line_of(request, ladder)
    shown = line[::-1]
    if query.as_of is not None:
        standing = in_force(line, moment_of("as_of", query.as_of))
        shown = () if standing is None else (standing,)
    identity = cursor.list_identity(f"{ladder}/releases", {"as_of": query.as_of}, None)
    rest = _after(shown, cursor.read(query.cursor, identity))
    chosen = rest[: query.limit]
    root = serving.settings.root_path
    asked = query.model_dump(exclude_unset=True)
    path = f"{root}/v1/ladders/{ladder}/releases"
    following = cursor.write(identity, str(chosen[-1].version)) if len(rest) > len(chosen) else None
    links = page_links(answer, path, asked, following) | {"timeline": f"{path}/timeline.svg"}
    fields = requested_fields(ReleaseItem, query.fields)
    items = tuple(release_item(root, answer.catalog, release, fields) for release in chosen)
    return construct(ReleaseList, {"ladder": ladder, "items": items, "links": linked(ReleaseList, links)})


@router.get("/ladders/{ladder}/releases/{version}", responses=documented(IN_RELEASE))
def read_release(
    request: Request,
    serving: ServingDep,
    ladder: NoRelease,
    version: str,
    query: Annotated[FieldsQuery, Query()],
) -> ReleaseItem:
    """Read a release.

    Returns its metadata: dates, status, notes and content hash.
    """
    answer, line = line_of(request, ladder)
    release = find_version(line, version)
    fields = requested_fields(ReleaseItem, query.fields)
    root = serving.settings.root_path
    links = _links(root, answer.catalog, release)
    answer.links.append(("version-history", links["self_"].rpartition("/")[0]))
    beside = ((f"{name}-version", links[name]) for name in ("predecessor", "successor") if name in links)
    answer.links.extend(beside)
    return release_item(root, answer.catalog, release, fields)


@router.get(
    "/ladders/{ladder}/releases/{version}/content",
    responses={
        200: {
            "description": "The ladder, in the format that `/v1/schemas/ladder.json` describes.",
            "content": {"application/json": {"schema": ANY_OBJECT}},
        },
        **documented(IN_RELEASE),
    },
    response_class=Response,
)
def read_release_content(request: Request, serving: ServingDep, ladder: NoRelease, version: str) -> Response:
    """Read the canonical content of a release.

    The canonical JSON (RFC 8785) has the same bytes forever. Its SHA-256 is the `content_sha256` of the release.
    """
    answer = answer_of(request.scope)
    _plain_slug(answer, ladder)
    find_version(answer.line(ladder), version)
    resolved = answer.resolve(f"{ladder}@{version}")
    content = serving.loaded.get(resolved.release).content
    root = serving.settings.root_path
    urls = Urls(root, ladder, version)
    canonical = serving.settings.absolute(f"{urls.about_release}/content")
    answer.links.append(("canonical", canonical))
    answer.links.append(("latest-version", urls.current))
    answer.links.append(("version-history", f"{urls.current}/releases"))
    if resolved.release.base is not None:
        before = Urls(root, ladder, str(resolved.release.base))
        answer.links.append(("predecessor-version", f"{before.about_release}/content"))
    return Response(content, media_type="application/json")


def _after(shown: Sequence[Release], number: str | None) -> list[Release]:
    """Return the releases after the one with that number. Raises InvalidParameter if it is not a number."""
    if number is None:
        return list(shown)
    try:
        last = Version.parse(number)
    except ValueError:
        raise cursor.not_a_cursor() from None
    return [release for release in shown if release.version < last]


def line_of(request: Request, ladder: str) -> tuple[Answer, tuple[Release, ...]]:
    """Return all releases of a ladder; the answer then depends on their status."""
    answer = answer_of(request.scope)
    answer.across = True
    _plain_slug(answer, ladder)
    return answer, answer.line(ladder)


def _plain_slug(answer: Answer, ladder: str) -> None:
    slug, at, _ = ladder.partition("@")
    if at:
        answer.catalog.line(slug)  # the message repeats a slug only if it exists
        raise NotFound(
            f"The list of releases belongs to the ladder, not to a release. Use /v1/ladders/{slug}/releases."
        )


def release_item(root: str, catalog: Catalog, release: Release, fields: tuple[str, ...] = ()) -> ReleaseItem:
    """Return a release of a catalog without its content; `fields` keeps fewer fields."""
    values: dict[str, Any] = {
        "ladder": release.ladder,
        "version": str(release.version),
        "status": catalog.status_of(release),
        "deprecated": any(event.kind == "deprecated" for event in release.events),
        "published_at": release.published_at,
        "effective_from": release.effective_from,
        "content_sha256": release.content_sha256,
        "notes": release.notes,
        "minimum_version": None if release.minimum is None else str(release.minimum),
        "because": release.because,
        "events": tuple(_event(event) for event in release.events),
    }
    values = {
        **select_fields(ReleaseItem, values, fields),
        "links": linked(ReleaseItem, _links(root, catalog, release)),
    }
    return construct(ReleaseItem, values)


def _event(event: Event) -> ReleaseEvent:
    successor = None if event.successor is None else str(event.successor)
    return ReleaseEvent(
        kind=event.kind,
        at=event.at,
        reason=event.reason,
        successor=successor,
        sunset=event.sunset,
        effective_from=event.effective_from,
    )


def _links(root: str, catalog: Catalog, release: Release) -> dict[str, str]:
    urls = Urls(root, release.ladder, str(release.version))
    line = catalog.releases[release.ladder]
    following = successor_of(line, release)
    links = {"self_": urls.about_release, "ladder": urls.pinned, "content": f"{urls.about_release}/content"}
    base = next((one for one in line if one.version == release.base), None)
    if base is not None:
        links["predecessor"] = Urls(root, base.ladder, str(base.version)).about_release
    if following is not None:
        links["successor"] = Urls(root, following.ladder, str(following.version)).about_release
    return links
