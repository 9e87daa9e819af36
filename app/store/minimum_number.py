"""The minimum number of a release, which follows from the changes since its base, and lower numbers with a reason."""

from dataclasses import dataclass

from app.errors import MOST_FAULTS, BumpTooLow, Conflict, Fault, Invalid
from app.rubric.diff import IMPACTS, Diff, diff
from app.rubric.diff.release_notes import release_notes
from app.rubric.index import Index
from app.rubric.markdown import escaped
from app.rubric.release_line import Position
from app.rubric.releases import FIRST, Bump, Version, lower_number


@dataclass(frozen=True, slots=True)
class WantedNumber:
    """The number that a publisher wants."""

    number: Version | Bump | None
    """A number, or the part of the newest number to raise; None takes the minimum."""
    because: str | None = None
    """The reason for a number below the minimum."""
    may_be_lower: bool = True
    """True if the ladder's settings allow a number below the minimum."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A release number that suits the changes, and the release notes."""

    version: Version
    notes: str | None = None
    """Markdown, generated from the diff; None if there is no base to compare with."""
    minimum: Version | None = None
    """The minimum number, if the number is lower."""
    because: str | None = None


def number_release(
    index: Index, position: Position, base_index: Index | None, wanted: WantedNumber
) -> Numbered:
    """Return the number of the next release.

    Args:
        index: The index of the new content.
        position: The position of the release in the line of the ladder.
        base_index: The content of its base; None if there is none.
        wanted: The number that the publisher wants.

    Raises:
        Conflict: There is no number to raise, or there is no base and no number is given, or no number is free.
        BumpTooLow: The number is below the minimum, without a reason or although the settings forbid it. The most
            important changes are listed.
        Invalid: There is a reason, and the number is not below the minimum.
    """
    if base_index is None:
        version = _without_base(position, wanted.number)
        _refuse_reason(wanted.because, f"No release of {position.ladder!r} precedes {version}")
        return Numbered(version)
    changes = diff(base_index, index)
    least = changes.least_bump or "patch"
    minimum, version = position.bumped(least), _version(position, wanted.number, least)
    if version >= minimum:
        _refuse_reason(wanted.because, f"{version} is not below the minimum, {minimum}")
    if version >= minimum or not position.has(version):  # a number that does not fit is refused later
        return Numbered(version, release_notes(changes))
    if wanted.because is None or not wanted.may_be_lower:
        raise _too_low(version, minimum, position, changes, may_be_lower=wanted.may_be_lower)
    notes = f"{lower_number(version, minimum, escaped(wanted.because))}\n\n{release_notes(changes)}"
    return Numbered(version, notes, minimum, wanted.because)


def number_history(
    index: Index, position: Position, base_index: Index | None, wanted: WantedNumber
) -> Numbered:
    """Return the number of a release of imported history, which is not refused whatever the changes are.

    If there is a reason for a number below the minimum, the minimum is found as for other releases.
    """
    version = wanted.number
    assert isinstance(version, Version)  # noqa: S101 - history has its own number
    if wanted.because is None or base_index is None:
        return Numbered(version, because=wanted.because)
    least = diff(base_index, index).least_bump or "patch"
    minimum = position.bumped(least)
    return Numbered(version, None, minimum if version < minimum else None, wanted.because)


def _refuse_reason(because: str | None, why: str) -> None:
    if because is not None:
        detail = f"{why}, so it needs no reason. Leave `because` out, or choose a lower number."
        raise Invalid(detail, faults=[Fault(detail, "/because")])


def _version(position: Position, wanted: Version | Bump | None, least: Bump) -> Version:
    if isinstance(wanted, Version):
        return wanted
    return position.fitting(least) if wanted is None else position.bumped(wanted)


def _without_base(position: Position, wanted: Version | Bump | None) -> Version:
    """Return the number of a release that builds on nothing."""
    if isinstance(wanted, Version):
        return wanted
    if position.newest is None:
        if wanted is None:
            return FIRST
        raise Conflict(
            f"{position.ladder!r} has no release, so there is no {wanted} number to raise. "
            f"The first release is {FIRST}."
        )
    if wanted is None:
        raise Conflict(
            f"All releases of {position.ladder!r} are withdrawn; the newest is {position.newest}. Give a release "
            "number, or one of major, minor and patch."
        )
    return position.bumped(wanted)


def _too_low(
    version: Version, minimum: Version, position: Position, changes: Diff, *, may_be_lower: bool
) -> BumpTooLow:
    """Return the error that lists the changes which need a higher number, the most important first."""
    told = sorted(changes.changes, key=lambda change: IMPACTS.index(change.impact))
    if position.has(minimum):
        other = "Use it or a higher number"
    else:
        other = (
            f"A correction stays below {position.scheduled[0].version}, so make these changes in the draft"
        )
    fix = (
        f"{other}, or give the reason for a lower one in `because`."
        if may_be_lower
        else f"{other}. This ladder allows no lower one (setting `allow_lower_version`)."
    )
    since = None if position.base is None else position.base.version
    return BumpTooLow(
        f"{version} is lower than the changes since {since} require: the minimum is {minimum}. {fix}",
        faults=[
            Fault(f"{change.target} {', '.join(change.actions)}: {change.impact}.")
            for change in told[:MOST_FAULTS]
        ],
    )
