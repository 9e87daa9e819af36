"""Writing drafts: from a request that may, through one transaction, to the reader of what was written.

Every write goes the same way. It names the draft, is allowed, holds the draft so that nobody else changes it
meanwhile, checks its preconditions against what it holds, and is logged in the transaction that writes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy import Connection

from app.api.protocol.draft_hint import ONLY_AT_DRAFT, where_to_write
from app.api.protocol.rights import WriterDep, actor_of
from app.api.reading.reader import Reader, reader_of, serving_of
from app.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidLadder,
    LadderError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.rubric.canonical import canonical, content_sha256
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import latest
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference
from app.serving.releases.loaded import DRAFT, LoadedDraft
from app.store.audit import Action, record
from app.store.drafts import Draft, delete_draft, hold_draft, hold_slug, save_draft
from app.store.engine import writing
from app.store.releases import find_releases
from app.store.reviews import close_open_review

WRITE_ERRORS: Final[tuple[type[LadderError], ...]] = (
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    InvalidLadder,
    PreconditionRequired,
    TooManyRequests,
    Unavailable,
)
"""What a write of a draft may answer."""
AT_DRAFT: Final = {ONLY_AT_DRAFT: True}
"""Marks an operation of the OpenAPI document that is there only where the path names a draft."""


async def draft_slug(request: Request, ladder: str) -> str:
    """The slug of the ladder whose draft the path names. Raises MethodNotAllowed where it names anything else."""
    reference = Reference.parse(ladder)
    if reference.selector != DRAFT:
        raise MethodNotAllowed(f"{request.method} is not possible here. {where_to_write(request)}")
    return reference.slug


DraftSlugDep = Annotated[str, Depends(draft_slug)]


async def writable_draft(slug: DraftSlugDep, _caller: WriterDep) -> str:
    """The slug of the ladder whose draft the path names, once it is sure that the caller may write it."""
    return slug


WriteDraftDep = Annotated[str, Depends(writable_draft)]


def change_draft(
    request: Request,
    slug: str,
    change: Callable[[Draft], Ladder],
    *,
    target: str | None = None,
    rebase: bool = False,
) -> Draft:
    """Write a ladder's draft in one transaction; what changes nothing is not written.

    Args:
        request: Who asks for it.
        slug: The ladder.
        change: Gives the new content. It is called with the draft held, and raises to refuse.
        target: What is changed, as `kind:slug`, for the audit log; None for the whole.
        rebase: Whether the draft builds on the newest release from now on.

    Raises:
        NotFound: The ladder has neither a draft nor a release that stands.
        TooLarge: The draft would become too large.
        Unavailable: The database is away.
    """
    serving, actor = serving_of(request), actor_of(request)
    serving.database.refuse_if_away()
    now = serving.clock()
    with writing(serving.engine) as connection:
        before = hold_draft(connection, slug, now)
        ladder = change(before)
        same = content_sha256(canonical(ladder)) == before.content_sha256
        if same and (before.number == 0 or not (rebase and _is_outdated(connection, before, now))):
            return before
        after = save_draft(
            connection, ladder, slug=slug, expected=before.number, by=actor.who, at=now, rebase=rebase
        )
        action = Action("draft.write", slug, target, before.content_sha256, after.content_sha256)
        record(connection, actor, action, now)
    return after


def _is_outdated(connection: Connection, draft: Draft, now: datetime) -> bool:
    """Whether it does not build on the newest release that stands."""
    return draft.base != latest(find_releases(connection, draft.ladder.slug), now)


def create_draft(request: Request, ladder: Ladder, *, fresh: bool) -> Draft:
    """Write the first draft of a ladder that has nothing to edit; `fresh` where its slug must never have been used.

    Raises Conflict where the slug is or was another ladder's, or where there is something to edit; Unavailable.
    """
    serving, actor = serving_of(request), actor_of(request)
    serving.database.refuse_if_away()
    now = serving.clock()
    with writing(serving.engine) as connection:
        known = hold_slug(connection, ladder.slug, fresh=fresh)
        draft = save_draft(connection, ladder, slug=ladder.slug, expected=0, by=actor.who, at=now)
        action = "draft.write" if known else "ladder.create"
        record(connection, actor, Action(action, ladder.slug, None, None, draft.content_sha256), now)
    return draft


def drop_draft(request: Request, slug: str, check: Callable[[Draft], None]) -> None:
    """Discard a ladder's draft, and close the open review of it; `check` is called with the draft held.

    Raises NotFound where there is no such ladder, Conflict where nobody has edited its draft.
    """
    serving, actor = serving_of(request), actor_of(request)
    serving.database.refuse_if_away()
    now = serving.clock()
    with writing(serving.engine) as connection:
        draft = hold_draft(connection, slug, now)
        check(draft)
        if draft.number == 0:
            raise Conflict(f"Nobody has changed the draft of {slug!r}: there is nothing to discard.")
        delete_draft(connection, slug)
        close_open_review(connection, slug, "discarded", actor, now)
        record(
            connection,
            actor,
            Action("draft.discard", slug, None, draft.content_sha256, draft.base_sha256),
            now,
        )


def written(request: Request, draft: Draft, path: str | None = None) -> Reader:
    """The reader of a draft that was just written, for the answer to the write; `path` where it is another's."""
    answer_of(request.scope).draft = True
    loaded = LoadedDraft(Index.of(draft.ladder), draft.base, draft.number, draft.content_sha256)
    return reader_of(request, f"{draft.ladder.slug}@{DRAFT}", loaded, path or request.scope["path"])
