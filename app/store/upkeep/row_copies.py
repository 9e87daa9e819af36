"""Copying what is no release, row for row: drafts, reviews, ladder settings, keys, the audit log.

These rows keep their own ids and numbers, for people and other rows name them. Only a draft's base, which is the
store's id of a release, becomes the id that this release has in the copy. Sessions stay behind: a backup lets
nobody in.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text

from app.errors import Internal
from app.store.mapping import table_of
from app.store.tables.authoring import (
    ApiKeyRow,
    AuditRow,
    DraftAuthorRow,
    DraftRow,
    IdempotencyRow,
    LadderSettingRow,
    ReviewEntryRow,
    ReviewRow,
)

_DRAFT: Final = table_of(DraftRow)
_IDEMPOTENCY: Final = table_of(IdempotencyRow)
_ROWS: Final = (DraftRow, DraftAuthorRow, LadderSettingRow, ReviewRow, ReviewEntryRow, ApiKeyRow, AuditRow)
_TABLES: Final = (*(table_of(row) for row in _ROWS), _IDEMPOTENCY)
"""In an order in which every row comes after those it points to."""
_COUNTED: Final = (ReviewRow, AuditRow)
"""Tables whose ids the database counts."""
_BATCH: Final = 500
"""Rows written at once: they are never all in memory."""


def copy_rows(origin: Connection, copy: Connection, release_ids: Mapping[int, int]) -> dict[str, int]:
    """Copy every row of these tables into empty ones; gives how many there are, by table.

    Args:
        origin: A read transaction on the source.
        copy: The write transaction on the target, where all releases are already.
        release_ids: The store's ids of releases: in the source, and in the target.

    Raises Internal where a table does not read as it was written.
    """
    counts = {}
    for table in _TABLES:
        counts[table.name] = _copy_table(origin, copy, table, release_ids)
    if copy.dialect.name == "postgresql":
        for row in _COUNTED:
            _count_on(copy, table_of(row))
    return counts


def _copy_table(origin: Connection, copy: Connection, table: Table, release_ids: Mapping[int, int]) -> int:
    count = 0
    for batch in _batches(origin, table, release_ids):
        copy.execute(insert(table), batch)
        count += len(batch)
    written = _batches(copy, table, {number: number for number in release_ids.values()})
    for batch, found in zip(_batches(origin, table, release_ids), written, strict=True):
        if batch != found:
            raise Internal(f"Table {table.name} would not read as it was written; nothing was copied.")
    return count


def _batches(
    connection: Connection, table: Table, release_ids: Mapping[int, int]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the table's rows in order of their key, without requests that were never answered."""
    chosen = select(table).order_by(*table.primary_key.columns)
    if table is _IDEMPOTENCY:
        chosen = chosen.where(table.c.status.is_not(None))
    rows = connection.execute(chosen, execution_options={"yield_per": _BATCH}).mappings()
    for part in rows.partitions():
        yield [_with_base(dict(row), release_ids) if table is _DRAFT else dict(row) for row in part]


def _with_base(draft: dict[str, Any], release_ids: Mapping[int, int]) -> dict[str, Any]:
    base = draft["base_id"]
    return {**draft, "base_id": None if base is None else release_ids[base]}


def _count_on(copy: Connection, table: Table) -> None:
    """Let the next row get the id after the last; SQLite does so by itself."""
    last = copy.execute(select(func.max(table.c.id))).scalar_one()
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        copy.execute(sequence, {"name": table.name, "last": last})
