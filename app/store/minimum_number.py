"""The minimum number of a release, which follows from the changes since its base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.errors import MOST_FAULTS, BumpTooLow, Conflict, Fault, Invalid
from app.rubric.diff import IMPACTS, Change, Wish, diff, lower
from app.rubric.diff.release_notes import release_notes
from app.rubric.index import Index
from app.rubric.releases import FIRST, Bump, Lowered, Release, Version
from app.store.loading import load_content


@dataclass(frozen=True, slots=True)
class Numbered:
    """A release number that suits the changes, and the release notes."""

    version: Version
    notes: str | None = None
    """Markdown, generated from the diff; None if there is no base to compare with."""
    lowered: tuple[Lowered, ...] = ()


def number_release(
    connection: Connection,
    index: Index,
    line: Sequence[Release],
    base: Release | None,
    wanted: Version | Bump | None,
    lowerings: Mapping[str, str],
) -> Numbered:
    """Return the number of the next release. Writes nothing.

    Args:
        connection: The transaction to read the base in.
        index: The index of the new content.
        line: All releases of the ladder, lowest number first.
        base: The newest release that is not withdrawn.
        wanted: A number, or the part of the newest number to raise; None takes the minimum.
        lowerings: Changes to lower by one class each, as `kind:address`, with the reason.

    Raises:
        Conflict: There is no number to raise, or there is no base and no number is given.
        BumpTooLow: The number is below the minimum for the changes; the most important are listed.
        Invalid: A change cannot be lowered as requested.
    """
    slug = index.ladder.slug
    if base is None:
        if lowerings:
            raise Invalid(
                f"All releases of {slug!r} are withdrawn or none exists, so there is no change to lower."
            )
        return Numbered(_number(slug, line, wanted))
    changes = diff(Index.of(load_content(connection, base)), index)
    wishes = [Wish(change, reason) for change, reason in lowerings.items()]
    lowering = lower(changes, wishes, "/lower")
    least = lowering.least_bump or "patch"
    version = _number(slug, line, wanted or least)
    newest = line[-1].version
    if newest < version < newest.bumped(least):
        raise _too_low(version, base, newest.bumped(least), changes.changes, lowering.lowered)
    return Numbered(version, release_notes(changes, lowering.lowered), lowering.lowered)


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
    version: Version, base: Release, honest: Version, changes: Sequence[Change], lowered: Sequence[Lowered]
) -> BumpTooLow:
    """Return the error that lists the changes which need a higher number, the most important first."""
    mild = {one.change: one.now for one in lowered}
    told = sorted(changes, key=lambda change: IMPACTS.index(mild.get(change.target, change.impact)))
    faults = [
        Fault(f"{change.target} {', '.join(change.actions)}: {mild.get(change.target, change.impact)}.")
        for change in told[:MOST_FAULTS]
    ]
    return BumpTooLow(
        f"{version} is lower than the changes since {base.version} require: the minimum is {honest}. "
        "Use it or a higher number, or lower single changes with a reason.",
        faults=faults,
    )
