"""Writes of drafts: from an allowed request, through one transaction, to a reader of the written draft.

A write reads the draft, checks its preconditions and makes the new content. All that takes no lock. Then it takes the
write lock, checks that the draft is still the one it read, and writes and logs the new content in one transaction.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request

from app.api.protocol.draft_hint import ONLY_AT_DRAFT, where_to_write
from app.api.protocol.rights import WriterDep, require_for_names
from app.api.protocol.write_transaction import Change, changing
from app.api.reading.path_parameters import DraftOnly
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
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference
from app.serving.releases.loaded_releases import DRAFT, LoadedDraft
from app.store.audit import Action, record
from app.store.drafts import Draft, DraftContent, delete_draft, get_draft, hold_slug, is_current, save_draft
from app.store.releases import find_latest
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
"""The errors that a write of a draft may answer with."""
AT_DRAFT: Final = {ONLY_AT_DRAFT: True}
"""The marker of an operation in the OpenAPI document whose path must name a draft."""
_MOST_TRIES: Final = 20
"""The number of attempts for a write, because someone else may be faster."""


async def draft_slug(request: Request, ladder: DraftOnly) -> str:
    """Return the slug of the ladder whose draft the path names. Raises MethodNotAllowed if it names no draft."""
    reference = Reference.parse(ladder)
    if reference.selector != DRAFT:
        raise MethodNotAllowed(f"This resource does not support {request.method}. {where_to_write(request)}")
    return reference.slug


DraftSlugDep = Annotated[str, Depends(draft_slug)]


async def writable_draft(slug: DraftSlugDep, _caller: WriterDep) -> str:
    """Return the slug of the ladder whose draft the path names, if the caller may write it."""
    return slug


WriteDraftDep = Annotated[str, Depends(writable_draft)]


def change_draft(
    request: Request,
    slug: str,
    change: Callable[[Draft], Ladder],
    *,
    target: str | None = None,
    rebase: bool = False,
    finish: Callable[[Change, Draft], None] | None = None,
) -> Draft:
    """Write a ladder's draft. A change that leaves the content as it is writes nothing.

    The new content is made without the write lock, and made again if the draft changes before it is saved.

    Args:
        request: The request that changes the draft.
        slug: The ladder.
        change: Returns the new content of a draft, or raises to refuse. It may be called several times.
        target: The changed entity, as `kind:slug`, for the audit log; None for the whole draft.
        rebase: True to make the newest release the base of the draft.
        finish: Called in the transaction with the draft that was written. A POST answers there.

    Raises:
        Forbidden: The caller's right is for single ladders, and the change gives the ladder another slug.
        NotFound: The ladder has no draft, and no release that is not withdrawn.
        TooLarge: The draft would be too large.
        Unavailable: The database cannot be reached, or others keep writing the draft.
    """
    serving = serving_of(request)
    for _ in range(_MOST_TRIES):
        before = serving.database.ask(partial(get_draft, slug=slug, now=serving.clock()))
        content = DraftContent.of(change(before))
        require_for_names(request, "write", before.ladder.names, content.ladder.names)
        with changing(request) as held:
            if is_current(held.connection, before, held.now):
                after = _write(held, before, content, target, rebase=rebase)
                if finish is not None:
                    finish(held, after)
                return after
    detail = f"Other people keep changing the draft of {slug!r}. Send the request again."
    raise Unavailable(detail, retry_after=1)


def _write(
    change: Change, before: Draft, content: DraftContent, target: str | None, *, rebase: bool
) -> Draft:
    """Write the next state of a draft, unless nothing changes."""
    connection, slug = change.connection, before.slug
    if content.sha256 == before.content_sha256:
        outdated = rebase and before.base != find_latest(connection, slug, change.now)
        if before.number == 0 or not outdated:
            return before
    after = save_draft(
        connection,
        content,
        slug=slug,
        expected=before.number,
        by=change.actor.who,
        at=change.now,
        people=change.actor.people,
        rebase=rebase,
    )
    action = Action("draft.write", slug, target, before.content_sha256, after.content_sha256)
    record(connection, change.actor, action, change.now)
    return after


def create_draft(change: Change, content: DraftContent, *, fresh: bool) -> Draft:
    """Write the first draft of a ladder; with `fresh`, no ladder may have used its slug before.

    Raises Conflict if the slug belongs or belonged to another ladder, or if the ladder has a draft.
    """
    connection, slug = change.connection, content.ladder.slug
    known = hold_slug(connection, slug, fresh=fresh)
    actor = change.actor
    draft = save_draft(
        connection, content, slug=slug, expected=0, by=actor.who, at=change.now, people=actor.people
    )
    name = "draft.write" if known else "ladder.create"
    record(connection, change.actor, Action(name, slug, None, None, draft.content_sha256), change.now)
    return draft


def drop_draft(request: Request, slug: str, check: Callable[[Draft], None]) -> None:
    """Discard a ladder's draft and close its open review. `check` is called while the draft is locked.

    Raises NotFound if the ladder does not exist, Conflict if nobody has edited its draft.
    """
    with changing(request) as change:
        connection, actor, now = change.connection, change.actor, change.now
        draft = get_draft(connection, slug, now)
        check(draft)
        if draft.number == 0:
            raise Conflict(f"The draft of {slug!r} has no changes to discard.")
        delete_draft(connection, slug)
        close_open_review(connection, slug, "discarded", actor, now)
        action = Action("draft.discard", slug, None, draft.content_sha256, draft.base_sha256)
        record(connection, actor, action, now)


def written(request: Request, draft: Draft, path: str | None = None) -> Reader:
    """Return a reader of a draft that was just written; `path` is its URL if that differs from the request's."""
    answer_of(request.scope).draft = True
    index, load = Index.of(draft.ladder), serving_of(request).loaded.get
    loaded = LoadedDraft(draft.slug, index, draft.base, draft.number, draft.content_sha256, load)
    return reader_of(request, f"{draft.slug}@{DRAFT}", loaded, path or request.scope["path"])
