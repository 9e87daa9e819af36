"""The releases of a ladder for its timeline: the periods in force of each, and its status at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rubric.release_line import Period, periods_in_force
from app.rubric.releases import Release, Status, corrected_by, in_force, status_of


@dataclass(frozen=True, slots=True)
class Milestone:
    """One release. All times are aware."""

    version: str
    status: Status
    published_at: datetime
    effective_from: datetime
    periods: tuple[Period, ...]
    """The periods in which it was, is and will be in force, in order of time. Empty if there is none."""
    deprecated: bool
    notes: str | None
    corrects: str | None = None
    """Number of the release that it corrects."""


def history_of(line: Sequence[Release], moment: datetime) -> tuple[Milestone, ...]:
    """Return the releases of a ladder with their status at a moment, newest first. `line` has the oldest first."""
    current, periods = in_force(line, moment), periods_in_force(line, moment)
    found = [
        Milestone(
            version=str(release.version),
            status=status_of(release, current, moment),
            published_at=release.published_at,
            effective_from=release.effective_from,
            periods=periods[release.version],
            deprecated=any(event.kind == "deprecated" and event.at <= moment for event in release.events),
            notes=" ".join(said for said in (release.lower_number, release.notes) if said) or None,
            corrects=_text(corrected_by(line, release)),
        )
        for release in line
    ]
    return tuple(reversed(found))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
