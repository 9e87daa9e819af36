"""The honest number of a release: what the changes since the release it follows mean for people."""

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
    """A number that says what the changes mean, and the notes that tell them."""

    version: Version
    notes: str | None = None
    """Markdown, made from the diff; None where there is nothing to compare with."""
    lowered: tuple[Lowered, ...] = ()


def number_release(
    connection: Connection,
    index: Index,
    line: Sequence[Release],
    base: Release | None,
    wanted: Version | Bump | None,
    lowerings: Mapping[str, str],
) -> Numbered:
    """Return the number of the next release; writes nothing.

    Args:
        connection: Where the base is read.
        index: The look-up over the new content.
        line: All releases of the ladder, lowest number first.
        base: The newest of them that stands.
        wanted: A number, or what to raise of the newest one; None takes the least that is honest.
        lowerings: Changes to lower by one class each, as `kind:address`, with the reason.

    Raises:
        Conflict: There is no number to raise, or nothing to compare with and no number is given.
        BumpTooLow: The number is below the minimum for the changes; the most important are listed.
        Invalid: A change cannot be lowered as asked.
    """
    slug = index.ladder.slug
    if base is None:
        if lowerings:
            raise Invalid(f"{slug!r} has no release that stands, so there is no change to lower.")
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
            f"{slug!r} has no release whose {wanted} number could be raised; the first is {FIRST}."
        )
    newest = line[-1].version
    if wanted is None:
        raise Conflict(
            f"{slug!r} is at {newest} and no release of it stands: name the new number, "
            "or say major, minor or patch."
        )
    bumped = newest.bumped(wanted)
    try:
        return Version.parse(str(bumped))
    except ValueError:
        raise Conflict(f"{slug!r} is at {newest}: there is no {wanted} number after it.") from None


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
        "Take it or a greater one, or lower single changes with a reason.",
        faults=faults,
    )
