"""A naive model of a ladder's releases, for comparison: a plain list, looked through anew for every question."""

from dataclasses import dataclass, field
from datetime import datetime

Number = tuple[int, int, int]


@dataclass
class NaiveRelease:
    """One release as the model knows it."""

    number: Number
    base: Number | None
    dates: list[tuple[datetime, datetime]]
    """When each date was set, and the date."""
    withdrawn: datetime | None = None
    deprecated: bool = False

    @property
    def date(self) -> datetime:
        """The date that was set last."""
        return self.dates[-1][1]


@dataclass
class NaiveLadder:
    """All releases of one ladder, in order of publication."""

    releases: list[NaiveRelease] = field(default_factory=list)

    def standing(self, at: datetime) -> list[NaiveRelease]:
        """Return the releases that are not withdrawn at a moment, greatest number first."""
        left = [one for one in self.releases if one.withdrawn is None or one.withdrawn > at]
        return sorted(left, key=lambda one: one.number, reverse=True)

    def latest(self, at: datetime) -> NaiveRelease | None:
        """Return the greatest number that is not withdrawn."""
        return next(iter(self.standing(at)), None)

    def in_force(self, at: datetime) -> NaiveRelease | None:
        """Return the greatest number that is not withdrawn and whose date has passed."""
        return next((one for one in self.standing(at) if one.date <= at), None)

    def scheduled_above(self, number: Number, at: datetime) -> list[NaiveRelease]:
        """Return the releases with a greater number that stand, lowest number first."""
        return [one for one in self.standing(at)[::-1] if one.number > number]

    def get(self, number: Number | None) -> NaiveRelease | None:
        """Return the release with a number."""
        return next((one for one in self.releases if one.number == number), None)

    def standing_base(self, release: NaiveRelease, at: datetime) -> NaiveRelease | None:
        """Return the nearest release below that is not withdrawn, following the bases."""
        base = self.get(release.base)
        while base is not None and base.withdrawn is not None and base.withdrawn <= at:
            base = self.get(base.base)
        return base

    def may_move(self, release: NaiveRelease, date: datetime, at: datetime) -> bool:
        """Return whether a release can be rescheduled to a date."""
        if (release.withdrawn is not None and release.withdrawn <= at) or release.date <= at or date <= at:
            return False
        base = self.standing_base(release, at)
        built = [one for one in self.standing(at) if self.standing_base(one, at) is release]
        return (base is None or date >= base.date) and all(date <= one.date for one in built)

    def status(self, release: NaiveRelease, at: datetime) -> str:
        """Return the status of a release."""
        if release.withdrawn is not None and release.withdrawn <= at:
            return "withdrawn"
        if release is self.in_force(at):
            return "in-force"
        return "scheduled" if release.date > at else "superseded"
