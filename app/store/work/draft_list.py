"""The drafts of all ladders as a person's list of work shows them: who edited them last, and everyone who did."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from app.rubric.reviews import Subject
from app.store.tables.authoring import DraftAuthorRow, DraftRow
from app.store.tables.mapping import table_of

_DRAFT: Final = table_of(DraftRow)
_AUTHOR: Final = table_of(DraftAuthorRow)


@dataclass(frozen=True, slots=True)
class DraftWork:
    """A draft without its content."""

    ladder: str
    """The original slug of its ladder."""
    changed_by: str
    changed_at: datetime
    """The time (UTC)."""
    subject: Subject
    """What a review needs to know of it."""


def find_draft_work(connection: Connection) -> tuple[DraftWork, ...]:
    """Return all drafts, the last changed first, in two statements."""
    authors: dict[str, set[str]] = defaultdict(set)
    for ladder, author in connection.execute(select(_AUTHOR.c.ladder, _AUTHOR.c.author)):
        authors[ladder].add(author)
    columns = ("ladder", "number", "content_sha256", "changed_by", "changed_at")
    rows = connection.execute(
        select(*(_DRAFT.c[name] for name in columns)).order_by(_DRAFT.c.changed_at.desc())
    )
    return tuple(
        DraftWork(
            row.ladder,
            row.changed_by,
            row.changed_at,
            Subject(row.content_sha256, row.number, frozenset(authors[row.ladder])),
        )
        for row in rows
    )
