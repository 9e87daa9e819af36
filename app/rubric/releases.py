"""Releases of a ladder: their numbers, their one line, and which of them is in force.

Pure functions over what is known about releases; the moment is always given, never read from a clock.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import total_ordering
from typing import Final, Literal

from app.rubric.markdown import escaped

_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)

Bump = Literal["major", "minor", "patch"]


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A release number, `major.minor.patch`."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read `1.2.3`. Raises ValueError where the text is not three plain integers below 10^9."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise ValueError(
                f"{text!r} is not a release number; write it as major.minor.patch, such as 1.2.0"
            )
        major, minor, patch = (int(part) for part in match.groups())
        return cls(major, minor, patch)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return (self.major, self.minor, self.patch) < (other.major, other.minor, other.patch)

    def bumped(self, bump: Bump) -> "Version":
        """Return the next number of that class."""
        if bump == "major":
            return Version(self.major + 1, 0, 0)
        if bump == "minor":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


FIRST: Final = Version(1, 0, 0)
"""The number of a ladder's first release."""


@dataclass(frozen=True, slots=True)
class Event:
    """An announcement about a release after it was published."""

    kind: Literal["deprecated", "withdrawn", "rescheduled"]
    at: datetime
    reason: str
    successor: Version | None = None
    sunset: datetime | None = None
    """From when it is no longer recommended at all (deprecation only)."""
    effective_from: datetime | None = None
    """The new date (rescheduling only)."""


Impact = Literal["asks-more", "asks-other", "asks-less", "clarifies", "editorial"]
"""The meaning of a change for people, from the weightiest down."""


@dataclass(frozen=True, slots=True)
class Release:
    """The facts about a release besides its content. All times are UTC and aware."""

    id: int
    """The store's own number; never shown to a client."""
    ladder: str
    """Slug of the ladder in this release."""
    version: Version
    notes: str | None
    published_at: datetime
    effective_from: datetime
    content_sha256: str
    original: str = field(default="", kw_only=True)
    """The ladder's original slug, which all its releases share; by default, its slug in this release."""
    came_into_force: bool = field(default=False, kw_only=True)
    """True if it is recorded that `effective_from` has passed. From then on no clock matters."""
    base: Version | None = field(default=None, kw_only=True)
    """The release that it builds on; None if there was none."""
    events: tuple[Event, ...] = ()
    minimum: Version | None = None
    """The minimum number that the changes set, if the release has a lower one."""
    because: str | None = None
    """The publisher's reason for a number below the minimum."""
    title: str = ""
    """The ladder's title, summary and language: what lists say of a release without loading its content."""
    summary: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        """Take the slug in this release as the original one, unless it is given."""
        if not self.original:
            object.__setattr__(self, "original", self.ladder)

    @property
    def lower_number(self) -> str | None:
        """Return a sentence about a number below the minimum; None if it is not below, or if the notes say so."""
        if self.because is None or escaped(self.because) in (self.notes or ""):
            return None
        return lower_number(self.version, self.minimum, self.because)

    @property
    def identity(self) -> str:
        """Return what identifies the release in every database, also in a restored one: its name and content."""
        return f"{self.ladder}@{self.version}#{self.content_sha256}"

    @property
    def retirements(self) -> tuple[Event, ...]:
        """Return the deprecations and the withdrawal of the release, oldest first."""
        return tuple(event for event in self.events if event.kind != "rescheduled")

    def withdrawn_at(self, moment: datetime) -> bool:
        """Return whether the release had been withdrawn by then."""
        return any(event.kind == "withdrawn" and event.at <= moment for event in self.events)


def lower_number(version: Version, minimum: Version | None, because: str) -> str:
    """Return a sentence about a number below the minimum, with the reason for it."""
    of = "" if minimum is None else f" of {minimum}"
    return f"Published as {version}, below the minimum{of}, because: {because}"


def present_moment(line: Sequence[Release], now: datetime) -> datetime:
    """Return the moment at which a ladder is read now: `now`, but not before anything recorded about its releases.

    Clocks differ between machines and can be set back. What one process has recorded holds in every other.
    """
    recorded = [now]
    for release in line:
        recorded.append(release.effective_from if release.came_into_force else release.published_at)
        recorded.extend(event.at for event in release.events)
    return max(recorded)


def newly_in_force(line: Sequence[Release], now: datetime) -> tuple[Release, ...]:
    """Return the scheduled releases whose date has passed and whose coming into force is not recorded yet."""
    return tuple(
        release
        for release in line
        if not release.came_into_force
        and release.published_at < release.effective_from <= now
        and not release.withdrawn_at(release.effective_from)
    )


def base_of(line: Sequence[Release], release: Release) -> Release | None:
    """Return the release that another builds on: its predecessor, withdrawn or not."""
    return next((one for one in line if one.version == release.base), None)


def standing_base_of(line: Sequence[Release], release: Release, moment: datetime) -> Release | None:
    """Return the nearest release that another builds on, directly or not, and that is not withdrawn at a moment."""
    base = base_of(line, release)
    while base is not None and base.withdrawn_at(moment):
        base = base_of(line, base)
    return base


def successor_of(line: Sequence[Release], release: Release) -> Release | None:
    """Return the release that builds on another; if several do, the one with the lowest number."""
    following = [one for one in line if one.base == release.version]
    return min(following, key=lambda one: one.version, default=None)


def corrected_by(line: Sequence[Release], release: Release) -> Version | None:
    """Return the release that another corrects; None if it is no correction.

    Only a correction gets a number below one that was published before it.
    """
    late = any(one.version > release.version and one.id < release.id for one in line)
    return release.base if late else None


Status = Literal["in-force", "scheduled", "superseded", "withdrawn"]


def status_of(release: Release, in_force: Release | None, moment: datetime) -> Status:
    """Return the status of a release at a moment at which another, or none, of its ladder is in force."""
    if release.withdrawn_at(moment):
        return "withdrawn"
    if in_force is not None and in_force.id == release.id:
        return "in-force"
    return "scheduled" if release.effective_from > moment else "superseded"


def latest(releases: Sequence[Release], moment: datetime) -> Release | None:
    """Return the newest release that is not withdrawn, in force or not; None if there is none."""
    standing = [release for release in releases if not release.withdrawn_at(moment)]
    return max(standing, key=lambda release: release.version, default=None)


def in_force(releases: Sequence[Release], moment: datetime) -> Release | None:
    """Return the release in force at a moment: the greatest number that was effective and not withdrawn then."""
    effective = [release for release in releases if release.effective_from <= moment]
    return latest(effective, moment)


def next_effective(releases: Sequence[Release], moment: datetime) -> datetime | None:
    """Return when the next release comes into force, counted from a moment; None if none is ahead.

    A release whose number is lower than that of the release in force then never is.
    """
    current = in_force(releases, moment)
    ahead = [
        release.effective_from
        for release in releases
        if release.effective_from > moment and not release.withdrawn_at(moment)
        if current is None or release.version > current.version
    ]
    return min(ahead, default=None)


def start_of(day: date) -> datetime:
    """Return the instant a date means as `effective_from`: its first moment in UTC."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """Return the instant a date means as `as_of`: its last moment in UTC, to the microsecond."""
    return datetime.combine(day, time.max, UTC)


def rfc3339(moment: datetime) -> str:
    """Return an aware instant as text in UTC (RFC 3339): `2026-03-31T00:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
