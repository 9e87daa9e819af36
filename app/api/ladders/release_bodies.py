"""The bodies of releases, without their content."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection

from app.api.reading.bodies import Body, ListItemLinks, Path, construct, linked
from app.api.reading.sparse_fields import select_fields
from app.api.reading.urls import Urls
from app.rubric.releases import Event, Release, Status, Version, base_of, corrected_by, successor_of
from app.rubric.text import Slug
from app.serving.releases.catalog import Catalog
from app.serving.serving import Serving
from app.store.releases import find_releases


class ReleaseEvent(Body):
    """A deprecation, withdrawal or rescheduling of a release."""

    kind: Literal["deprecated", "withdrawn", "rescheduled"]
    at: datetime
    """The time (UTC)."""
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
    """The status: in force, scheduled, superseded by a greater number, or withdrawn. More values may be added."""
    base: str | None = None
    """Number of the release that it builds on, withdrawn or not."""
    corrects: str | None = None
    """Number of the release that it corrects. A correction is published while a greater number is scheduled."""
    deprecated: bool
    """`true` if readers should move to another release."""
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
    """Its reschedulings, deprecations and withdrawal, oldest first."""
    links: ReleaseLinks


class MissingChanges(Body):
    """A scheduled release that does not have everything that a correction changed."""

    version: str
    """Number of the scheduled release."""
    changes: tuple[str, ...]
    """The entities that the correction changed and that differ in the scheduled release, as `kind:address`."""


class NewlyPublishedRelease(ReleaseItem):
    """A release that was just published, without its content."""

    missing_in: tuple[MissingChanges, ...] = ()
    """The scheduled releases that do not have everything that this correction changed. Make these changes in the
    draft, and publish it to come into force with or after the scheduled release."""


class ReleaseListLinks(ListItemLinks):
    """Links: this page, the next page, and the releases as a picture."""

    timeline: Path
    """A timeline of all releases, as SVG."""


class ReleaseList(Body):
    """One page of releases, the highest number first."""

    ladder: Slug
    """Slug of the ladder."""
    items: tuple[ReleaseItem, ...]
    """The releases on this page."""
    links: ReleaseListLinks


def release_item(root: str, catalog: Catalog, release: Release, fields: tuple[str, ...] = ()) -> ReleaseItem:
    """Return a release of a catalog without its content; `fields` keeps fewer fields."""
    return construct(ReleaseItem, _values(root, catalog, release, fields))


def values_after_write(connection: Connection, serving: Serving, release: Release) -> dict[str, Any]:
    """Return the values of a release with its new status, before the catalog of this process has it."""
    line = find_releases(connection, release.ladder)
    return _values(serving.settings.root_path, Catalog.of(0, line, serving.clock()), release)


def _values(root: str, catalog: Catalog, release: Release, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    values: dict[str, Any] = {
        "ladder": release.ladder,
        "version": str(release.version),
        "status": catalog.status_of(release),
        "base": _text(release.base),
        "corrects": _text(corrected_by(catalog.releases[release.ladder], release)),
        "deprecated": any(event.kind == "deprecated" for event in release.events),
        "published_at": release.published_at,
        "effective_from": release.effective_from,
        "content_sha256": release.content_sha256,
        "notes": release.notes,
        "minimum_version": _text(release.minimum),
        "because": release.because,
        "events": tuple(_event(event) for event in release.events),
    }
    links = linked(ReleaseItem, release_links(root, catalog, release))
    return {**select_fields(ReleaseItem, values, fields), "links": links}


def _event(event: Event) -> ReleaseEvent:
    return ReleaseEvent(
        kind=event.kind,
        at=event.at,
        reason=event.reason,
        successor=_text(event.successor),
        sunset=event.sunset,
        effective_from=event.effective_from,
    )


def release_links(root: str, catalog: Catalog, release: Release) -> dict[str, str]:
    """Return the links of a release by name."""
    urls = Urls(root, release.ladder, str(release.version))
    line = catalog.releases[release.ladder]
    following = successor_of(line, release)
    links = {"self_": urls.about_release, "ladder": urls.pinned, "content": f"{urls.about_release}/content"}
    base = base_of(line, release)
    if base is not None:
        links["predecessor"] = Urls(root, base.ladder, str(base.version)).about_release
    if following is not None:
        links["successor"] = Urls(root, following.ladder, str(following.version)).about_release
    return links


def _text(version: Version | None) -> str | None:
    return None if version is None else str(version)
