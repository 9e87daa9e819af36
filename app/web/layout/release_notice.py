"""The notice about a release that is not the current one: scheduled, replaced, withdrawn or being retired."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.rubric.releases import Event, Release, Status, latest
from app.serving.releases.catalog import Catalog
from app.web.navigation.page_reader import Reading
from app.web.navigation.urls import same_page
from app.web.translation.messages import N_

STATUS_WORDS: Final[dict[Status, str]] = {
    "in-force": N_("in force"),
    "scheduled": N_("not yet in force"),
    "superseded": N_("replaced"),
    "withdrawn": N_("withdrawn"),
}
"""The status of a release, in the words of a page."""
NOT_PUBLISHED: Final = N_("not published")
"""The status of a draft."""


@dataclass(frozen=True, slots=True)
class ReleaseNotice:
    """A notice about the release, shown above the page."""

    sentences: tuple[str, ...]
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
    about = tuple(_about(release, status, events))
    reason = (events[-1].reason,) if events else ()
    if current is not None and current.id != release.id:
        url, version = reading.urls.unpinned + same_page(reading.below), str(current.version)
        in_force = N_("%(version)s is in force.", version=version)
        return ReleaseNotice((*about, in_force, *reason), N_("Read %(version)s", version=version), url)
    newest = latest(reading.line, catalog.moment_of(release.ladder))
    if newest is not None and newest.id != release.id:
        link = N_("Read %(version)s", version=str(newest.version))
        return ReleaseNotice((*about, *reason), link, f"{reading.urls.unpinned}@latest")
    nothing = () if current else (N_("No release is in force."),)
    return ReleaseNotice((*about, *nothing, *reason))


def _about(release: Release, status: Status, events: list[Event]) -> Iterator[str]:
    """Yield the sentences that say how the release stands."""
    version = str(release.version)
    if status == "withdrawn":
        yield N_("%(version)s was withdrawn.", version=version)
    elif status == "scheduled":
        yield N_("%(version)s comes into force on %(day)s.", version=version, day=release.effective_from)
    elif not events:
        yield N_("You are reading %(version)s.", version=version)
    else:
        yield N_("%(version)s is being retired.", version=version)
        if events[-1].successor:
            yield N_("Please use %(version)s.", version=str(events[-1].successor))
