"""What belongs to a ladder and not to one of its releases: settings, reviews, publishing."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import Request
from sqlalchemy import Connection

from app.api.reading.reader import serving_of
from app.errors import NotFound
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference
from app.serving.serving import Serving
from app.store.drafts import find_draft_head
from app.store.engine import writing
from app.store.revision import hold_revision


def refuse_unknown(request: Request, ladder: str) -> None:
    """Raise NotFound unless a path names a ladder, and plainly: one that has a release, or a draft only."""
    reference, catalog = Reference.parse(ladder), answer_of(request.scope).catalog
    known = reference.slug in catalog.releases
    if known and reference.selector is None:
        return
    if known:
        below = request.scope["path"].rpartition("/")[2]
        raise NotFound(
            f"This belongs to the ladder, not to one of its releases: /v1/ladders/{reference.slug}/{below}."
        )
    database = serving_of(request).database
    if reference.selector is not None or not database.ask(partial(find_draft_head, slug=ladder)):
        catalog.line(ladder)


@contextmanager
def changing(serving: Serving) -> Iterator[Connection]:
    """A write transaction in which nobody else changes anything. Raises Unavailable where the database is away."""
    serving.database.refuse_if_away()
    with writing(serving.engine) as connection:
        hold_revision(connection)
        yield connection
