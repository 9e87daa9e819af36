"""What a timeline shows of a ladder's releases: when each was in force, and how it stands at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.rubric.releases import Release, in_force

Standing = Literal["in-force", "scheduled", "superseded", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One release. All times are aware."""

    version: str
    standing: Standing
    published_at: datetime
    effective_from: datetime
    until: datetime | None
    """When another took or will take its place, or it was withdrawn; None where neither is known."""
    deprecated: bool
    notes: str | None


def history_of(line: Sequence[Release], moment: datetime) -> tuple[Milestone, ...]:
    """The releases of a ladder as they stand at a moment, the newest first. `line` has the oldest first."""
    standing = in_force(line, moment)
    found = [
        Milestone(
            version=str(release.version),
            standing=_standing(release, standing, moment),
            published_at=release.published_at,
            effective_from=release.effective_from,
            until=_until(release, line[place + 1 :], standing, moment),
            deprecated=any(event.kind == "deprecated" and event.at <= moment for event in release.events),
            notes=release.notes,
        )
        for place, release in enumerate(line)
    ]
    return tuple(reversed(found))


def _standing(release: Release, standing: Release | None, moment: datetime) -> Standing:
    if release.withdrawn_at(moment):
        return "withdrawn"
    if standing is not None and standing.version == release.version:
        return "in-force"
    return "scheduled" if release.effective_from > moment else "superseded"


def _until(
    release: Release, later: Sequence[Release], standing: Release | None, moment: datetime
) -> datetime | None:
    """The first end there is. What is in force at the moment, perhaps again, ends in the future at most."""
    still = standing is not None and standing.version == release.version
    ends = [
        one.effective_from
        for one in later
        if not one.withdrawn_at(one.effective_from) and not (still and one.effective_from <= moment)
    ]
    ends += [event.at for event in release.events if event.kind == "withdrawn" and event.at <= moment]
    return max(min(ends), release.effective_from) if ends else None
