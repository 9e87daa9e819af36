"""Publishing decided: which number a ladder's next release gets, when it holds, whether there is one at all.

`plan_release` decides, `carry_out` does it; both belong into one write transaction that took the revision first
(`take_revision`), so that nobody publishes in between. Rolling that transaction back makes it a rehearsal, which
finds whatever publishing would find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.errors import Conflict, Fault, Invalid, InvalidLadder
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import FIRST, Bump, Release, Version, latest, rfc3339
from app.rubric.rules import check
from app.store.releases import find_releases, publish


@dataclass(frozen=True, slots=True)
class Wish:
    """What a publisher asks for beside the content. All times are UTC and aware."""

    now: datetime
    number: Version | Bump | None = None
    """A number, or what to raise of the newest one; None is enough for a first release: 1.0.0."""
    notes: str | None = None
    published_at: datetime | None = None
    """When it was published, for history that is brought along; None means now, but never before the newest."""
    effective_from: datetime | None = None
    """From when the release holds; None means from `published_at`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A release as it would be published, or the one that makes publishing needless."""

    ladder: Ladder
    version: Version
    notes: str | None
    published_at: datetime
    effective_from: datetime
    content_sha256: str
    same: Release | None
    """The release that has this very content already; where there is one, nothing is to be published."""


def plan_release(connection: Connection, ladder: Ladder, wish: Wish) -> Plan:
    """Decide on the next release of a ladder; writes nothing.

    Raises:
        InvalidLadder: The content breaks a rule; every error is listed.
        Conflict: A number must be asked for and was not, or there is none to raise.
        Invalid: `published_at` lies ahead, or before that of the newest release.
    """
    refuse_invalid(ladder)
    line = find_releases(connection, ladder.slug)
    published_at = _published_at(line, wish)
    digest = content_sha256(canonical(ladder))
    same = _same(line, latest(line, published_at), wish.number, digest)
    if same is not None:
        return Plan(ladder, same.version, same.notes, same.published_at, same.effective_from, digest, same)
    version = _next_number(ladder.slug, line, wish.number)
    if wish.published_at is not None:
        _refuse_untimely(published_at, wish.now, line)
    effective_from = published_at if wish.effective_from is None else wish.effective_from
    return Plan(ladder, version, wish.notes, published_at, effective_from, digest, None)


def carry_out(connection: Connection, plan: Plan, revision: int | None = None) -> Release:
    """Publish what was planned on the same write transaction; `revision` is the one it took, if it did.

    Raises Conflict where nothing is to be published.
    """
    if plan.same is not None:
        raise Conflict(
            f"{plan.ladder.slug}@{plan.version} has this content already; there is nothing to publish."
        )
    return publish(
        connection,
        plan.ladder,
        version=plan.version,
        notes=plan.notes,
        published_at=plan.published_at,
        effective_from=plan.effective_from,
        revision=revision,
    )


def refuse_invalid(ladder: Ladder) -> None:
    """Raise InvalidLadder with every error among the findings, if there is one; warnings pass."""
    faults = [
        Fault(finding.message, pointer=finding.path)
        for finding in check(ladder)
        if finding.severity == "error"
    ]
    if faults:
        raise InvalidLadder(f"The ladder {ladder.slug!r} breaks rules; nothing was published.", faults=faults)


def _published_at(line: Sequence[Release], wish: Wish) -> datetime:
    """What is asked for, or now; clocks differ between machines, so never before the newest release."""
    if wish.published_at is not None:
        return wish.published_at
    return max([wish.now, *(release.published_at for release in line)])


def _same(
    line: Sequence[Release], base: Release | None, number: Version | Bump | None, digest: str
) -> Release | None:
    """The release with this content that is built on, or that has the very number asked for."""
    held = (release for release in line if release.content_sha256 == digest)
    return next((release for release in held if release == base or release.version == number), None)


def _next_number(slug: str, line: Sequence[Release], number: Version | Bump | None) -> Version:
    if isinstance(number, Version):
        return number
    if not line:
        if number is None:
            return FIRST
        raise Conflict(
            f"{slug!r} has no release whose {number} number could be raised; the first is {FIRST}."
        )
    newest = line[-1].version
    if number is None:
        raise Conflict(f"{slug!r} is at {newest}: name the new number, or say major, minor or patch.")
    bumped = newest.bumped(number)
    try:
        return Version.parse(str(bumped))
    except ValueError:
        raise Conflict(f"{slug!r} is at {newest}: there is no {number} number after it.") from None


def _refuse_untimely(published_at: datetime, now: datetime, line: Sequence[Release]) -> None:
    newest = max((release.published_at for release in line), default=published_at)
    if published_at > now:
        raise Invalid(f"published_at {rfc3339(published_at)} lies ahead: a date ahead is an effective_from.")
    if published_at < newest:
        raise Invalid(
            f"published_at {rfc3339(published_at)} lies before that of the newest release, "
            f"{rfc3339(newest)}: bring history along oldest first."
        )
