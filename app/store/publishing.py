"""Decisions about publishing: if a release may be published, its number, and the date it comes into force.

Drafts and files are published in the same way: `plan_draft` or `plan_release` decides, `carry_out` publishes. Both
run in one write transaction that took the revision first (`take_revision`), so nobody publishes or edits in between.
Rolling that transaction back makes it a dry run, which finds everything that publishing would find.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from app.errors import Conflict, Fault, Invalid, InvalidLadder
from app.rubric.diff.missing_corrections import missing_corrections
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.release_line import Position, position_of
from app.rubric.releases import FIRST, Bump, Release, Version, in_force, latest, present_moment, rfc3339
from app.rubric.rules import check_indexed
from app.rubric.rules.slug_history import check_history
from app.rubric.slug_history import History
from app.store.audit import Action, Actor, record
from app.store.drafts import Draft, delete_draft, find_draft_head, get_draft
from app.store.inserting import NewRelease
from app.store.ladder_names import find_original, find_taken_names
from app.store.ladder_settings import LadderSettings, get_settings
from app.store.loading import load_content
from app.store.minimum_number import WantedNumber, number_history, number_release
from app.store.releases import find_releases, publish
from app.store.required_review import missing_review_reason, refuse_outdated
from app.store.reviews import close_open_review
from app.store.slug_history import find_history


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """The options of a publish, apart from the content. All times are UTC and aware."""

    now: datetime
    number: Version | Bump | None = None
    """A number, or the part of the newest number to raise; None takes the minimum, or 1.0.0 for the first release."""
    notes: str | None = None
    """The release notes; None generates them from the changes."""
    published_at: datetime | None = None
    """The date of publication, for imported history; None means now, but never before the newest release."""
    effective_from: datetime | None = None
    """The start of the time in force; None means `published_at`."""
    because: str | None = None
    """The reason for a number below the minimum."""
    override_review: str | None = None
    """The reason for publishing without the required review; the API cannot set it."""
    corrects: Version | None = None
    """The release in force to correct while another is scheduled; None publishes the next release."""

    @property
    def is_history(self) -> bool:
        """Return whether history is imported: a release with its own number and date, whatever the diff says."""
        return self.published_at is not None and isinstance(self.number, Version)


@dataclass(frozen=True, slots=True)
class MissingIn:
    """A scheduled release that does not have everything that a correction changed."""

    release: Version
    changes: tuple[str, ...]
    """The entities that read otherwise there, as `kind:address`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A release to publish, or the existing one that makes publishing unnecessary."""

    new: NewRelease
    base: Release | None = None
    """The release that it builds on."""
    same: Release | None = None
    """The release that already has the same content; if there is one, there is nothing to publish."""
    override: str | None = None
    """The reason for publishing without the required review."""
    missing_in: tuple[MissingIn, ...] = ()
    """The scheduled releases that do not have everything that a correction changed."""

    @property
    def shown(self) -> NewRelease | Release:
        """Return the new release, or the existing one."""
        return self.same or self.new


def plan_draft(
    connection: Connection,
    slug: str,
    reviewed_sha256: str,
    request: PublishRequest,
    *,
    require_review: bool,
    allow: Callable[[Ladder], None] = lambda _: None,
) -> Plan:
    """Plan the release that a draft becomes. Writes nothing.

    Args:
        connection: A write transaction that took the revision.
        slug: The ladder.
        reviewed_sha256: Hash of the content that the publisher has read.
        request: The options of the publish.
        require_review: The server's setting, for ladders without their own.
        allow: Called with the draft's content before anything else is found out about it; raises to refuse.

    Raises:
        NotFound: The ladder does not exist.
        Conflict: The draft has changed, has nothing new, builds on a release that is no longer the newest, or lacks
            a review.
        InvalidLadder, Invalid: As for `plan_release`.
    """
    draft = get_draft(connection, slug, request.now)
    allow(draft.ladder)
    _refuse_unread(slug, draft, reviewed_sha256)
    line = find_releases(connection, slug)
    refuse_outdated(draft, latest(line, _published_at(line, request)))
    return plan_release(
        connection,
        draft.ladder,
        request,
        require_review=require_review,
        digest=draft.content_sha256,
        slug=slug,
    )


def _refuse_unread(slug: str, draft: Draft, reviewed_sha256: str) -> None:
    """Raise Conflict if the draft is not the one that the publisher has read, or has nothing new."""
    if draft.content_sha256 != reviewed_sha256:
        raise Conflict(
            f"The draft of {slug!r} has changed since you read it. Its content hash is now {draft.content_sha256}. "
            "Read it again, then publish."
        )
    if draft.number == 0:
        raise Conflict(f"Nobody has changed the draft of {slug!r}, so there is nothing to publish.")


def plan_release(
    connection: Connection,
    ladder: Ladder,
    request: PublishRequest,
    *,
    require_review: bool,
    digest: str | None = None,
    slug: str | None = None,
) -> Plan:
    """Plan the next release of a ladder. Writes nothing. A required review is the review of the draft.

    `digest` is the content hash if it is known already. `slug` is one that the ladder has or had; without it, the
    content tells which ladder it is.

    Raises:
        InvalidLadder: The content breaks a rule; every error is listed.
        Conflict: There is no number to raise, a review is missing, or the release cannot be corrected.
        BumpTooLow: The number is below the minimum, without a reason or although the ladder's settings forbid it.
        Invalid: `published_at` does not fit, a reason for a lower number is not needed, or the release to correct
            does not exist.
    """
    original = find_original(connection, *(ladder.names if slug is None else (slug,)))
    line = find_releases(connection, original)
    published_at, effective_from = _published_at(line, request), request.effective_from
    new = NewRelease.of(
        ladder, FIRST, published_at, effective_from=effective_from, digest=digest, original=original
    )
    if same := _same(line, published_at, request, new.content_sha256):
        return Plan(new, same=same)
    position = position_of(ladder.slug, line, published_at, request.corrects)
    taken = find_taken_names(connection, ladder, original) if slug is None else ()
    _refuse_invalid(new.index, find_history(connection, original, position.base, taken))
    if request.published_at is not None:
        _refuse_untimely(published_at, request.now, line)
    new = _numbered(connection, new, request, position, settings := get_settings(connection, original))
    plan = Plan(new, position.base, missing_in=_missing_in(connection, new, position))
    if not settings.requires_review(require_review):
        return plan
    reason = missing_review_reason(connection, new, position.base, request.now, request.override_review)
    return replace(plan, override=reason)


def _numbered(
    connection: Connection,
    new: NewRelease,
    request: PublishRequest,
    position: Position,
    settings: LadderSettings,
) -> NewRelease:
    """Return the release with its number and notes, which follow from its base. Raises as `plan_release`."""
    wanted = WantedNumber(request.number, request.because, may_be_lower=settings.allow_lower_version)
    number = number_history if request.is_history else number_release
    base_index = None if position.base is None else Index.of(load_content(connection, position.base))
    found = number(new.index, position, base_index, wanted)
    return replace(
        new,
        version=found.version,
        notes=found.notes if request.notes is None else request.notes,
        minimum=found.minimum,
        because=found.because,
        corrects=request.corrects,
        base_index=base_index,
    )


def carry_out(
    connection: Connection, plan: Plan, actor: Actor, at: datetime, revision: int | None = None
) -> Release:
    """Publish a plan in the same write transaction; `revision` is the one that it took, if any.

    This also writes the audit log, and, unless the release is a correction, deletes the draft with that content and
    closes its review. Raises Conflict if there is nothing to publish.
    """
    new, slug = plan.new, plan.new.ladder.slug
    if plan.same is not None:
        raise Conflict(
            f"{slug}@{plan.same.version} already has this content, so there is nothing to publish."
        )
    release = publish(connection, new, revision)
    said = {
        "base": None if plan.base is None else str(plan.base.version),
        "corrects": None if new.corrects is None else str(new.corrects),
        "minimum": None if new.minimum is None else str(new.minimum),
        "because": new.because,
        "override_review": plan.override,
    }
    detail = {name: value for name, value in said.items() if value}
    before = None if plan.base is None else plan.base.content_sha256
    action = Action("release.publish", slug, str(new.version), before, new.content_sha256, detail or None)
    record(connection, actor, action, at)
    head = find_draft_head(connection, slug)
    if head is not None and head.content_sha256 == new.content_sha256 and new.corrects is None:
        close_open_review(connection, slug, "published", actor, at)
        delete_draft(connection, slug)
    return release


def _refuse_invalid(index: Index, history: History) -> None:
    """Raise InvalidLadder with every error among the findings, if there is one; warnings pass."""
    faults = [
        Fault(finding.message, pointer=finding.path)
        for finding in (*check_indexed(index), *check_history(index, history))
        if finding.severity == "error"
    ]
    if faults:
        raise InvalidLadder(
            f"The ladder {index.ladder.slug!r} breaks rules. Nothing was published.", faults=faults
        )


def _published_at(line: Sequence[Release], request: PublishRequest) -> datetime:
    """Return the requested date, or now; as clocks differ, never before anything recorded about the ladder."""
    return request.published_at or present_moment(line, request.now)


def _same(line: Sequence[Release], moment: datetime, request: PublishRequest, digest: str) -> Release | None:
    """Return the release with this content, if it would be the base or has the requested number."""
    base = latest(line, moment) if request.corrects is None else in_force(line, moment)
    held = (release for release in line if release.content_sha256 == digest)
    return next((release for release in held if release == base or release.version == request.number), None)


def _missing_in(connection: Connection, new: NewRelease, position: Position) -> tuple[MissingIn, ...]:
    """Return the scheduled releases that do not have everything that a correction changed."""
    if position.base is None or not position.scheduled:
        return ()
    corrected = Index.of(load_content(connection, position.base))
    found = (
        MissingIn(
            one.version,
            missing_corrections(corrected, new.index, Index.of(load_content(connection, one))),
        )
        for one in position.scheduled
    )
    return tuple(one for one in found if one.changes)


def _refuse_untimely(published_at: datetime, now: datetime, line: Sequence[Release]) -> None:
    newest = max((release.published_at for release in line), default=published_at)
    if published_at > now:
        raise Invalid(
            f"published_at {rfc3339(published_at)} is in the future. To schedule a release, set effective_from."
        )
    if published_at < newest:
        raise Invalid(
            f"published_at {rfc3339(published_at)} is before that of the newest release, "
            f"{rfc3339(newest)}. Import releases oldest first."
        )
