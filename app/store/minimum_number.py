"""The minimum number of a release, which follows from the changes since its base, and lower numbers with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.errors import MOST_FAULTS, BumpTooLow, Conflict, Fault, Invalid
from app.rubric.diff import IMPACTS, Diff, diff
from app.rubric.diff.release_notes import release_notes
from app.rubric.index import Index
from app.rubric.markdown import escaped
from app.rubric.releases import FIRST, Bump, Release, Version, lower_number
from app.store.loading import load_content


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
    connection: Connection,
    index: Index,
    line: Sequence[Release],
    base: Release | None,
    wanted: WantedNumber,
) -> Numbered:
    """Return the number of the next release. Writes nothing.

    Args:
        connection: The transaction to read the base in.
        index: The index of the new content.
        line: All releases of the ladder, lowest number first.
        base: The newest release that is not withdrawn.
        wanted: The number that the publisher wants.

    Raises:
        Conflict: There is no number to raise, or there is no base and no number is given.
        BumpTooLow: The number is below the minimum, without a reason or although the settings forbid it. The most
            important changes are listed.
        Invalid: There is a reason, and the number is not below the minimum.
    """
    slug = index.ladder.slug
    if base is None:
        version = _number(slug, line, wanted.number)
        _refuse_reason(wanted.because, f"No release of {slug!r} precedes {version}")
        return Numbered(version)
    changes = diff(Index.of(load_content(connection, base)), index)
    least, newest = changes.least_bump or "patch", line[-1].version
    version, minimum = _number(slug, line, wanted.number or least), newest.bumped(least)
    if version >= minimum:
        _refuse_reason(wanted.because, f"{version} is not below the minimum, {minimum}")
    if version >= minimum or version <= newest:  # a number that does not follow the newest is refused later
        return Numbered(version, release_notes(changes))
    if wanted.because is None or not wanted.may_be_lower:
        raise _too_low(version, minimum, base, changes, may_be_lower=wanted.may_be_lower)
    notes = f"{lower_number(version, minimum, escaped(wanted.because))}\n\n{release_notes(changes)}"
    return Numbered(version, notes, minimum, wanted.because)


def number_history(
    connection: Connection, index: Index, line: Sequence[Release], base: Release | None, wanted: WantedNumber
) -> Numbered:
    """Return the number of a release of imported history, which is not refused whatever the changes are.

    If there is a reason for a number below the minimum, the minimum is found as for other releases.
    """
    version = wanted.number
    assert isinstance(version, Version)  # noqa: S101 - history has its own number
    if wanted.because is None or base is None:
        return Numbered(version, because=wanted.because)
    least = diff(Index.of(load_content(connection, base)), index).least_bump or "patch"
    minimum = line[-1].version.bumped(least)
    return Numbered(version, None, minimum if version < minimum else None, wanted.because)


def _refuse_reason(because: str | None, why: str) -> None:
    if because is not None:
        detail = f"{why}, so it needs no reason. Leave `because` out, or choose a lower number."
        raise Invalid(detail, faults=[Fault(detail, "/because")])


def _number(slug: str, line: Sequence[Release], wanted: Version | Bump | None) -> Version:
    if isinstance(wanted, Version):
        return wanted
    if not line:
        if wanted is None:
            return FIRST
        raise Conflict(
            f"{slug!r} has no release, so there is no {wanted} number to raise. The first release is {FIRST}."
        )
    newest = line[-1].version
    if wanted is None:
        raise Conflict(
            f"All releases of {slug!r} are withdrawn; the newest is {newest}. Give a release number, "
            "or one of major, minor and patch."
        )
    bumped = newest.bumped(wanted)
    try:
        return Version.parse(str(bumped))
    except ValueError:
        raise Conflict(
            f"The newest release of {slug!r} is {newest}. No higher {wanted} number exists."
        ) from None


def _too_low(
    version: Version, minimum: Version, base: Release, changes: Diff, *, may_be_lower: bool
) -> BumpTooLow:
    """Return the error that lists the changes which need a higher number, the most important first."""
    told = sorted(changes.changes, key=lambda change: IMPACTS.index(change.impact))
    fix = (
        "Use it or a higher number, or give the reason for a lower one in `because`."
        if may_be_lower
        else "Use it or a higher number. This ladder allows no lower one (setting `allow_lower_version`)."
    )
    return BumpTooLow(
        f"{version} is lower than the changes since {base.version} require: the minimum is {minimum}. {fix}",
        faults=[
            Fault(f"{change.target} {', '.join(change.actions)}: {change.impact}.")
            for change in told[:MOST_FAULTS]
        ],
    )
