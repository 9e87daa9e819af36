"""The notice about a release that is not the current one: scheduled, replaced, withdrawn or being retired."""

from dataclasses import dataclass
from typing import Final

from app.rubric.releases import Event, Release, Status, latest
from app.serving.releases.catalog import Catalog
from app.web.layout.rendering import day
from app.web.navigation.page_reader import Reading
from app.web.navigation.urls import same_page

STATUS_WORDS: Final[dict[Status, str]] = {
    "in-force": "in force",
    "scheduled": "not yet in force",
    "superseded": "replaced",
    "withdrawn": "withdrawn",
}
"""The status of a release, in the words of a page."""
NOT_PUBLISHED: Final = "not published"
"""The status of a draft."""


@dataclass(frozen=True, slots=True)
class ReleaseNotice:
    """A notice about the release, shown above the page."""

    text: str
    link: str | None = None
    """Words of the link to the release to read instead."""
    url: str | None = None


def release_notice(reading: Reading, release: Release, catalog: Catalog) -> ReleaseNotice | None:
    """Return a notice if the release is not the one in force, or is withdrawn or being retired."""
    current = catalog.in_force.get(release.ladder)
    status = catalog.status_of(release)
    events = list(release.retirements)
    if status == "in-force" and not events:
        return None
    about = _about(release, status, events)
    reason = f" {events[-1].reason}" if events else ""
    if current is not None and current.id != release.id:
        url = reading.urls.unpinned + same_page(reading.below)
        return ReleaseNotice(
            f"{about} {current.version} is in force.{reason}", f"Read {current.version}", url
        )
    newest = latest(reading.line, catalog.moment_of(release.ladder))
    if newest is not None and newest.id != release.id:
        return ReleaseNotice(f"{about}{reason}", f"Read {newest.version}", f"{reading.urls.unpinned}@latest")
    nothing = "" if current else " No release is in force."
    return ReleaseNotice(f"{about}{nothing}{reason}")


def _about(release: Release, status: Status, events: list[Event]) -> str:
    """Return the sentence that says how the release stands."""
    if status == "withdrawn":
        return f"{release.version} was withdrawn."
    if status == "scheduled":
        return f"{release.version} comes into force on {day(release.effective_from)}."
    if not events:
        return f"You are reading {release.version}."
    successor = events[-1].successor
    use = f" Please use {successor}." if successor else ""
    return f"{release.version} is being retired.{use}"
