"""The review that a ladder may require before it is published."""

from datetime import datetime

from sqlalchemy import Connection

from app.errors import Conflict, Fault
from app.rubric.releases import Release
from app.rubric.reviews import missing
from app.store.drafts import Draft, find_draft_head, get_draft
from app.store.inserting import NewRelease
from app.store.reviews import find_open_review, find_subject


def missing_review_reason(
    connection: Connection,
    new: NewRelease,
    base: Release | None,
    now: datetime,
    reason: str | None,
) -> str | None:
    """Return the reason for publishing without the required review; None if no review is missing.

    Raises Conflict, which says what is missing, if there is no reason.
    """
    slug = new.original or new.ladder.slug
    missing_review = _missing_review(connection, new, base, now)
    if missing_review and reason is None:
        raise Conflict(
            f"{slug!r} needs an approved review before it can be published. {missing_review[0]}",
            faults=[Fault(one) for one in missing_review],
        )
    return reason if missing_review else None


def _missing_review(
    connection: Connection, new: NewRelease, base: Release | None, now: datetime
) -> tuple[str, ...]:
    """Return the reasons why the content is not approved."""
    slug = new.original or new.ladder.slug
    head = find_draft_head(connection, slug)
    if head is None or head.content_sha256 != new.content_sha256:
        return (
            "Reviews are about the draft, and this content differs from it. Write it to the draft first.",
        )
    if new.corrects is None:
        refuse_outdated(get_draft(connection, slug, now), base)
    subject = find_subject(connection, slug)
    return () if subject is None else missing(find_open_review(connection, slug), subject)


def refuse_outdated(draft: Draft, base: Release | None) -> None:
    """Raise Conflict for a draft that does not build on the newest release that is not withdrawn."""
    if draft.base == base:
        return
    slug, built = draft.slug, "nothing" if draft.base is None else draft.base.version
    newest = "all releases are withdrawn now" if base is None else f"the newest release is now {base.version}"
    raise Conflict(
        f"The draft of {slug!r} builds on {built}, and {newest}. "
        f"Merge the two, and send the result with PUT /v1/ladders/{slug}@draft/document."
    )
