"""The releases of a ladder for its timeline: the period in force of each, and its status at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.rubric.releases import Release, in_force

ReleaseStatus = Literal["in-force", "scheduled", "superseded", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One release. All times are aware."""

    version: str
    status: ReleaseStatus
    published_at: datetime
    effective_from: datetime
    until: datetime | None
    """The moment when another replaced or will replace it, or it was withdrawn; None if there is none."""
    deprecated: bool
    notes: str | None


def history_of(line: Sequence[Release], moment: datetime) -> tuple[Milestone, ...]:
    """Return the releases of a ladder with their status at a moment, newest first. `line` has the oldest first."""
    current = in_force(line, moment)
    found = [
        Milestone(
            version=str(release.version),
            status=_status(release, current, moment),
            published_at=release.published_at,
            effective_from=release.effective_from,
            until=_until(release, line[place + 1 :], current, moment),
            deprecated=any(event.kind == "deprecated" and event.at <= moment for event in release.events),
            notes=" ".join(said for said in (release.lower_number, release.notes) if said) or None,
        )
        for place, release in enumerate(line)
    ]
    return tuple(reversed(found))


def _status(release: Release, current: Release | None, moment: datetime) -> ReleaseStatus:
    if release.withdrawn_at(moment):
        return "withdrawn"
    if current is not None and current.version == release.version:
        return "in-force"
    return "scheduled" if release.effective_from > moment else "superseded"


def _until(
    release: Release, later: Sequence[Release], current: Release | None, moment: datetime
) -> datetime | None:
    """Return the earliest end. A release in force at the moment, perhaps again, can only end in the future."""
    is_current = current is not None and current.version == release.version
    ends = [
        one.effective_from
        for one in later
        if not one.withdrawn_at(one.effective_from) and not (is_current and one.effective_from <= moment)
    ]
    ends += [event.at for event in release.events if event.kind == "withdrawn" and event.at <= moment]
    return max(min(ends), release.effective_from) if ends else None
