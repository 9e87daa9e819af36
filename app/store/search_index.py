"""What search reads, written: from a release to its rows, in the transaction that publishes it, or afterwards.

The rows are derived: whatever is missing, or was made in another way than words are read today, is made anew by
`index_missing`. Nothing else depends on them, and they are not sealed.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import astuple
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, select

from app.rubric.index import Index
from app.rubric.relations import Relation
from app.rubric.searching import ANALYSIS, Document, Entry, Part, documents_of, entry_of
from app.store.engine import reading, writing
from app.store.loading import load_rows
from app.store.mapping import table_of
from app.store.revision import hold_revision
from app.store.tables.identity import ReleaseRow
from app.store.tables.searching import POSITIONS, SearchEntryRow, SearchReleaseRow, SearchTextRow

_RELEASE: Final = table_of(ReleaseRow)
_DONE: Final = table_of(SearchReleaseRow)
_ENTRY: Final = table_of(SearchEntryRow)
_TEXT: Final = table_of(SearchTextRow)
_A_TRANSACTION: Final = 5_000
"""Entries after which a transaction ends: others may write in between."""


def first_id(release_id: int) -> int:
    """The id of a release's first entry; all others lie between it and that of the next release."""
    return release_id << POSITIONS


def index_release(connection: Connection, release_id: int, index: Index) -> int:
    """Write what a release is found by, anew where it is there; gives the number of entries."""
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
    connection.execute(insert(_ENTRY), entries)
    connection.execute(insert(_TEXT), texts)
    connection.execute(insert(_DONE), {"id": release_id, "analysis": ANALYSIS})
    return len(entries)


def find_unindexed(connection: Connection) -> tuple[int, ...]:
    """Ids of the releases that search does not find, or finds by words as they were read once, in order."""
    chosen = (
        select(_RELEASE.c.id)
        .join_from(_RELEASE, _DONE, _RELEASE.c.id == _DONE.c.id, isouter=True)
        .where(_RELEASE.c.sealed, _DONE.c.analysis.is_distinct_from(ANALYSIS))
        .order_by(_RELEASE.c.id)
    )
    return tuple(connection.execute(chosen).scalars())


def index_missing(engine: Engine, on_batch: Callable[[int], None] = lambda _: None) -> int:
    """Make what is missing, a few thousand entries in a transaction; gives the number of releases.

    Several processes may do so at once. `on_batch` hears after each transaction how many releases are done.

    Raises Unavailable where the database cannot be reached or written.
    """
    with reading(engine) as connection:
        missing = deque(find_unindexed(connection))
    done = 0
    while missing:
        with writing(engine) as connection:
            hold_revision(connection)
            open_still, entries = set(find_unindexed(connection)), 0
            while missing and entries < _A_TRANSACTION:
                number = missing.popleft()
                if number in open_still:  # else another process was quicker
                    _remove(connection, number)
                    entries += index_release(connection, number, Index.of(load_rows(connection, number)))
                    done += 1
        on_batch(done)
    return done


def document_parts(details: str) -> tuple[Relation, tuple[Part, ...], tuple[int, ...]]:
    """What a row of texts holds: what the document belongs to, its parts, and where each ends in its entry."""
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
    return json.dumps([astuple(document.relation), parts], ensure_ascii=False, separators=(",", ":"))


def _remove(connection: Connection, release_id: int) -> None:
    first, next_one = first_id(release_id), first_id(release_id + 1)
    for table in (_ENTRY, _TEXT):
        connection.execute(delete(table).where(table.c.id >= first, table.c.id < next_one))
    connection.execute(delete(_DONE).where(_DONE.c.id == release_id))
