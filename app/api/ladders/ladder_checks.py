"""Checks for the resources of a ladder that do not belong to a release: settings, reviews, publishing."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import Request

from app.api.protocol.idempotency import keyed_request_of
from app.api.protocol.write_transaction import Change, changing
from app.api.reading.reader import serving_of
from app.errors import NotFound
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference
from app.store.drafts import find_draft_head


def refuse_unknown(request: Request, ladder: str) -> None:
    """Raise NotFound unless the path names a ladder, without a release, and the ladder has a release or a draft."""
    reference, catalog = Reference.parse(ladder), answer_of(request.scope).catalog
    known = reference.slug in catalog.releases
    if known and reference.selector is None:
        return
    if known:
        below = request.scope["path"].rpartition("/")[2]
        raise NotFound(
            f"This resource belongs to the ladder, not to a release. Use /v1/ladders/{reference.slug}/{below}."
        )
    database = serving_of(request).database
    if reference.selector is not None or not database.ask(partial(find_draft_head, slug=ladder)):
        catalog.line(ladder)


@contextmanager
def changing_ladder(request: Request, ladder: str) -> Iterator[Change]:
    """Open the write transaction for a ladder that must exist. Raises NotFound, and like `changing`."""
    repeatable = keyed_request_of(request) is not None
    if not repeatable:
        refuse_unknown(request, ladder)
    with changing(request) as change:
        if repeatable:  # even if the ladder no longer exists, the request may be a repeated one
            refuse_unknown(request, ladder)
        yield change
