"""The slugs of ladders. A ladder can be renamed, and each of its slugs means that ladder forever.

The store keeps everything about a ladder under its original slug, that of its first release here, which never
changes. A ladder that was never published is kept under the slug of its draft.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.errors import Conflict
from app.rubric.ladder import Ladder
from app.store.tables.authoring import DraftRow
from app.store.tables.identity import LadderRow, SlugHistoryRow
from app.store.tables.mapping import table_of

_DRAFT: Final = table_of(DraftRow)
_LADDER: Final = table_of(LadderRow)
_HISTORY: Final = table_of(SlugHistoryRow)


def original_slug(name: str) -> ColumnElement[str]:
    """Return, as SQL, the original slug of the ladder that has or had this slug; the slug itself if none has."""
    found = _owners(_LADDER.c.slug).where(_HISTORY.c.slug == name).limit(1)
    return func.coalesce(found.scalar_subquery(), name)


def find_names(connection: Connection, ladder: str) -> frozenset[str]:
    """Return every slug that a published ladder has or had."""
    return frozenset(
        connection.execute(_owners(_HISTORY.c.slug).where(_LADDER.c.slug == original_slug(ladder))).scalars()
    )


def find_other_names(connection: Connection) -> dict[str, str]:
    """Return the slugs of all ladders that differ from the original one, with the original one."""
    rows = connection.execute(
        _owners(_HISTORY.c.slug, _LADDER.c.slug).where(_HISTORY.c.slug != _LADDER.c.slug)
    )
    return dict(tuple(row) for row in rows)


def find_original(connection: Connection, *names: str) -> str:
    """Return the original slug of the ladder that has or had the first known one of these; else the first."""
    owners = find_owners(connection, names)
    return next((owners[name] for name in names if name in owners), names[0])


def find_owners(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """Return the original slug of the published ladder that has or had each of these slugs."""
    rows = connection.execute(
        _owners(_HISTORY.c.slug, _LADDER.c.slug).where(_HISTORY.c.slug.in_(sorted(names)))
    )
    return dict(tuple(row) for row in rows)


def find_taken_names(connection: Connection, ladder: Ladder, original: str) -> dict[str, str]:
    """Return the slugs of a content that belong to another ladder, or to the draft of one, with its original slug."""
    names = set(ladder.names)
    taken = {name: owner for name, owner in find_owners(connection, names).items() if owner != original}
    drafts = select(_DRAFT.c.ladder).where(_DRAFT.c.ladder.in_(sorted(names - {original})))
    return {name: name for name in connection.execute(drafts).scalars()} | taken


def refuse_taken_names(connection: Connection, ladder: Ladder, original: str) -> None:
    """Refuse a content whose slug or former slugs belong to another ladder. Raises Conflict."""
    taken = find_taken_names(connection, ladder, original)
    if taken:
        raise Conflict(
            f"The slug {min(taken)!r} belongs or belonged to another ladder. Choose a slug that was never used."
        )


def _owners(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return the statement for columns of the registered slugs of ladders."""
    chosen = select(*columns).join_from(_HISTORY, _LADDER, _HISTORY.c.ladder_id == _LADDER.c.id)
    return chosen.where(_HISTORY.c.kind == "ladder")
