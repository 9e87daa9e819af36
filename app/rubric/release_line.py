"""The line of releases: where a new release fits into it, and when each release was and will be in force.

A new release builds on the newest one and has a greater number. The exception is a correction: while another release
is scheduled, it builds on the release in force, and its number lies between the two.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from app.errors import Conflict, Fault, Invalid
from app.rubric.releases import FIRST, Bump, Release, Version, in_force, latest, rfc3339

_BUMPS: Final[tuple[Bump, ...]] = ("major", "minor", "patch")


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a new release in the line of its ladder."""

    ladder: str
    """Slug of the ladder."""
    base: Release | None
    """The release that it builds on; None if there is none that is not withdrawn."""
    newest: Version | None
    """The number that it must exceed; None if it is the first release."""
    scheduled: tuple[Release, ...] = ()
    """The releases before which a correction comes, lowest number first. Empty if the release is no correction."""
    taken: frozenset[Version] = field(default=frozenset(), repr=False)
    """The numbers of all releases."""
    correctable: Version | None = None
    """The release that could be corrected instead; None if there is none."""

    def has(self, version: Version) -> bool:
        """Return whether a new release can have that number."""
        free = self._is_below(version) and version not in self.taken
        return free and (self.newest is None or self.newest < version)

    def bumped(self, bump: Bump) -> Version:
        """Return the lowest number that raises that part and is free. For a correction, it can be too high.

        Raises Conflict if no higher number exists.
        """
        version = FIRST if self.newest is None else self.newest.bumped(bump)
        while version in self.taken and self._is_below(version):
            version = version.bumped(bump)
        try:
            return Version.parse(str(version))
        except ValueError:
            raise Conflict(
                f"The newest release of {self.ladder!r} is {self.newest}. No higher {bump} number exists."
            ) from None

    def fitting(self, least: Bump) -> Version:
        """Return the lowest number for changes that need at least that bump, or the highest number that fits.

        Raises Conflict if no number is free.
        """
        for bump in _BUMPS[_BUMPS.index(least) :]:
            version = self.bumped(bump)
            if self.has(version):
                return version
        above = self.scheduled[0].version
        raise Conflict(
            f"There is no free number between {self.newest} and {above}. Withdraw {above}, or wait until it is in "
            "force and correct it then."
        )

    def refuse(self, version: Version) -> None:
        """Raise Conflict unless a new release can have that number."""
        if self.has(version):
            return
        if self.scheduled:
            raise Conflict(
                f"{version} cannot be the number of a correction of {self.newest}. Choose a free number between "
                f"{self.newest} and {self.scheduled[0].version}."
            )
        hint = "" if self.correctable is None else f" To correct {self.correctable}, set `corrects`."
        raise Conflict(
            f"The newest release of {self.ladder!r} is {self.newest}. A new number must be greater.{hint}"
        )

    def _is_below(self, version: Version) -> bool:
        """Return whether a number is below the scheduled releases."""
        return not self.scheduled or version < self.scheduled[0].version

    def refuse_date(self, effective_from: datetime) -> None:
        """Raise Invalid if a release that comes into force then comes before its base or is never in force."""
        if self.base is not None and effective_from < self.base.effective_from:
            raise Invalid(
                f"effective_from {rfc3339(effective_from)} is before that of the previous release, "
                f"{self.base.version}. Choose {rfc3339(self.base.effective_from)} or later."
            )
        first = min(self.scheduled, key=lambda one: one.effective_from, default=None)
        if first is not None and effective_from >= first.effective_from:
            raise Invalid(
                f"effective_from {rfc3339(effective_from)} is not before that of {first.version}, so the correction "
                f"would never be in force. Choose a time before {rfc3339(first.effective_from)}."
            )


def position_of(
    ladder: str, line: Sequence[Release], moment: datetime, corrects: Version | None = None
) -> Position:
    """Return the position of a release that is published at a moment.

    Args:
        ladder: Slug of the ladder.
        line: All its releases.
        moment: The date of publication.
        corrects: The release that it corrects; None if it is no correction.

    Raises:
        Invalid: The release to correct does not exist.
        Conflict: It is not in force, or no release is scheduled after it.
    """
    taken = frozenset(one.version for one in line)
    newest, current = latest(line, moment), in_force(line, moment)
    if corrects is None:
        is_newest = current is None or newest is None or current.version == newest.version
        correctable = None if is_newest or current is None else current.version
        return Position(ladder, newest, max(taken, default=None), taken=taken, correctable=correctable)
    if corrects not in taken:
        detail = f"There is no release {corrects} to correct. Name the release in force."
        raise Invalid(detail, faults=[Fault(detail, "/corrects")])
    if current is None or current.version != corrects:
        now = (
            "No release is in force." if current is None else f"{current.version} is in force; correct that."
        )
        raise Conflict(f"{corrects} is not in force, so it cannot be corrected. {now}")
    standing = (one for one in line if not one.withdrawn_at(moment) and one.version > corrects)
    scheduled = tuple(sorted(standing, key=lambda one: one.version))
    if not scheduled:
        raise Conflict(
            f"No release is scheduled after {corrects}, so it needs no correction. Publish the next release without "
            "`corrects`."
        )
    return Position(ladder, current, corrects, scheduled, taken)


@dataclass(frozen=True, slots=True)
class Period:
    """A time in force."""

    start: datetime
    end: datetime | None
    """The moment from which it is no longer in force; None if no end is known."""


def periods_in_force(line: Sequence[Release], now: datetime) -> dict[Version, tuple[Period, ...]]:
    """Return when each release was and will be in force, in order of time, as far as it is known at `now`.

    At each moment, this is the release that `in_force` returns. A release that is never in force has no period.
    """
    standing: list[Version] = []
    found: dict[Version, list[Period]] = {one.version: [] for one in line}
    current: tuple[Version, datetime] | None = None
    for moment, changes in groupby(sorted(_changes(line, now)), key=lambda change: change[0]):
        for _, version, comes in changes:
            if comes:
                insort(standing, version)
            else:
                del standing[bisect_left(standing, version)]
        if current is not None and standing[-1:] == [current[0]]:
            continue
        if current is not None:
            found[current[0]].append(Period(current[1], moment))
        current = (standing[-1], moment) if standing else None
    if current is not None:
        found[current[0]].append(Period(current[1], None))
    return {version: tuple(periods) for version, periods in found.items()}


def _changes(line: Sequence[Release], now: datetime) -> list[tuple[datetime, Version, bool]]:
    """Return when each release becomes effective (True), and when it is withdrawn after that (False)."""
    found = []
    for release in line:
        withdrawals = (event.at for event in release.events if event.kind == "withdrawn")
        gone = min((at for at in withdrawals if at <= now), default=None)
        if gone is None or gone > release.effective_from:
            found.append((release.effective_from, release.version, True))
            if gone is not None:
                found.append((gone, release.version, False))
    return found
