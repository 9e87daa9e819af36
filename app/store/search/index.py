"""Writing the search index of a release, in the transaction that publishes it or afterwards.

The rows are derived from releases: `index_missing` writes those that are missing or that an older version wrote.
Nothing else depends on them, and they are not sealed.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, select, text

from app.rubric.index import Index
from app.rubric.owners import Relation
from app.rubric.searching import ANALYSIS, Document, Entry, Part, documents_of, entry_of
from app.rubric.searching.entries import filter_tokens
from app.store.engine import is_sqlite, reading, writing
from app.store.loading import load_rows
from app.store.revision import hold_revision
from app.store.tables.identity import ReleaseRow
from app.store.tables.mapping import table_of
from app.store.tables.searching import POSITIONS, SearchEntryRow, SearchReleaseRow, SearchTextRow

_RELEASE: Final = table_of(ReleaseRow)
_DONE: Final = table_of(SearchReleaseRow)
_ENTRY: Final = table_of(SearchEntryRow)
_TEXT: Final = table_of(SearchTextRow)
_FOUND: Final = text(
    "SELECT rowid FROM search_token WHERE search_token MATCH :token AND rowid BETWEEN :first AND :last"
)
_A_TRANSACTION: Final = 5_000
"""Entries per transaction, so that others can write in between."""


def first_id(release_id: int) -> int:
    """Return the id of a release's first entry; its other entries have ids below those of the next release."""
    return release_id << POSITIONS


def index_release(connection: Connection, release_id: int, index: Index) -> int:
    """Write the search entries of a release, and return their number."""
    entries, texts = _rows(release_id, index)
    connection.execute(insert(_ENTRY), entries)
    connection.execute(insert(_TEXT), texts)
    connection.execute(insert(_DONE), {"id": release_id, "analysis": ANALYSIS})
    return len(entries)


def index_differs(connection: Connection, release_id: int, index: Index) -> bool:
    """Return whether the search index of a release differs from its content, or the engine's index lacks it."""
    for table, expected in zip((_ENTRY, _TEXT), _rows(release_id, index), strict=True):
        chosen = select(table).where(*_of_release(table, release_id)).order_by(table.c.id)
        if [dict(row) for row in connection.execute(chosen).mappings()] != expected:
            return True
    return connection.dialect.name == "sqlite" and not _all_found(connection, release_id)


def _all_found(connection: Connection, release_id: int) -> bool:
    """Return whether SQLite's index, which is a separate table, has a token of each entry."""
    values = {"first": first_id(release_id), "last": first_id(release_id + 1) - 1}
    entries = select(_ENTRY.c.id, _ENTRY.c.kind).where(*_of_release(_ENTRY, release_id))
    expected: dict[str, set[int]] = {}
    for entry, kind in connection.execute(entries):
        expected.setdefault(kind, set()).add(entry)
    for kind, ids in expected.items():
        (token,) = filter_tokens(kind, ())
        found = connection.execute(_FOUND, {**values, "token": token}).scalars()
        if not ids.issubset(found):
            return False
    return True


def _rows(release_id: int, index: Index) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entries and texts of a release."""
    entries: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for position, document in enumerate(documents_of(index)):
        entry, number = entry_of(document, index.ladder.language), first_id(release_id) + position
        entries.append(
            {
                "id": number,
                "kind": document.kind,
                "about": "".join(f" {place} " for place in sorted(document.about)),
                "names_end": entry.names_end,
                "lead_end": entry.lead_end,
                "words": entry.words,
            }
        )
        details = _details(document, entry)
        texts.append({"id": number, "address": document.address, "title": document.title, "details": details})
    return entries, texts


def find_unindexed(connection: Connection) -> tuple[int, ...]:
    """Return the ids of releases that are not indexed, or indexed by an older version, in order."""
    chosen = (
        select(_RELEASE.c.id)
        .join_from(_RELEASE, _DONE, _RELEASE.c.id == _DONE.c.id, isouter=True)
        .where(_RELEASE.c.sealed, _DONE.c.analysis.is_distinct_from(ANALYSIS))
        .order_by(_RELEASE.c.id)
    )
    return tuple(connection.execute(chosen).scalars())


def forget_index(engine: Engine) -> None:
    """Mark all entries as outdated, so that `index_missing` rewrites them. Until then, search works as before.

    SQLite's own index is rebuilt at once, because it must agree with entries that are deleted.
    """
    with writing(engine) as connection:
        connection.execute(delete(_DONE))
        if is_sqlite(engine):
            connection.exec_driver_sql("INSERT INTO search_token (search_token) VALUES ('delete-all')")
            connection.exec_driver_sql(
                "INSERT INTO search_token (rowid, words) SELECT id, words FROM search_entry"
            )


def index_missing(engine: Engine, on_batch: Callable[[int], None] = lambda _: None) -> int:
    """Write the missing entries, a few thousand per transaction, and return the number of releases.

    Several processes may do this at once. After each transaction, `on_batch` gets the number of finished releases.

    Raises Unavailable if the database cannot be reached or written.
    """
    with reading(engine) as connection:
        if is_sqlite(engine):
            connection.exec_driver_sql("SELECT 1 FROM search_token LIMIT 0")  # fails at once without FTS5
        missing = deque(find_unindexed(connection))
    done = 0
    while missing:
        with writing(engine) as connection:
            hold_revision(connection)
            open_still, entries = set(find_unindexed(connection)), 0
            while missing and entries < _A_TRANSACTION:
                number = missing.popleft()
                if number in open_still:  # otherwise another process was faster
                    _remove(connection, number)
                    entries += index_release(connection, number, Index.of(load_rows(connection, number)))
                    done += 1
        on_batch(done)
    return done


def document_parts(details: str) -> tuple[Relation, tuple[Part, ...], tuple[int, ...]]:
    """Return a row of texts: the owner of the document, its parts, and the end of each part in its entry."""
    relation, parts = json.loads(details)
    return (
        Relation(*relation),
        tuple(Part(field, weight, text, at) for field, weight, text, at, _ in parts),
        tuple(end for *_, end in parts),
    )


def _details(document: Document, entry: Entry) -> str:
    parts = [
        (part.field, part.weight, part.text, part.at, end)
        for part, end in zip(document.parts, entry.ends, strict=True)
    ]
    relation = [getattr(document.relation, one.name) for one in fields(document.relation)]
    return json.dumps([relation, parts], ensure_ascii=False, separators=(",", ":"))


def _remove(connection: Connection, release_id: int) -> None:
    for table in (_ENTRY, _TEXT):
        connection.execute(delete(table).where(*_of_release(table, release_id)))
    connection.execute(delete(_DONE).where(_DONE.c.id == release_id))


def _of_release(table: Table, release_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.id >= first_id(release_id), table.c.id < first_id(release_id + 1)
