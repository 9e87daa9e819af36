"""Releases: their list, their metadata and their canonical content."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field, WithJsonSchema
from starlette.responses import Response

from app.api.ladders.release_bodies import ReleaseItem, ReleaseList, release_item, release_links
from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import construct, linked
from app.api.reading.dates import MOMENT_SCHEMA, moment_of
from app.api.reading.json_values import ANY_OBJECT
from app.api.reading.paging import page_links
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import FieldsQuery, PageQuery
from app.api.reading.reader import ServingDep
from app.api.reading.sparse_fields import requested_fields
from app.api.reading.urls import Urls
from app.errors import NotFound
from app.rubric.releases import Release, Version, in_force
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import find_version
from app.serving.route_table import Link, RouteFacts

router = resource_router("releases")


class ReleasesQuery(PageQuery):
    """Query parameters of the list of releases."""

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
    links = release_links(root, answer.catalog, release)
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
