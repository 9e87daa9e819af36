"""Copying everything except releases, row by row: drafts, reviews, ladder settings, keys, the audit log.

These rows keep their ids and numbers, because people and other rows refer to them. Only a draft's base, which is the
store's id of a release, becomes that release's id in the copy. Sessions are not copied, so nobody can use a backup
to sign in. Nor is content that waits for a person, because it lives for an hour only.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text

from app.errors import Internal
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
from app.store.tables.mapping import table_of
from app.store.tables.people import PersonGrantRow, PersonRow

_DRAFT: Final = table_of(DraftRow)
_IDEMPOTENCY: Final = table_of(IdempotencyRow)
_ROWS: Final = (
    DraftRow,
    DraftAuthorRow,
    LadderSettingRow,
    ReviewRow,
    ReviewEntryRow,
    ApiKeyRow,
    PersonRow,
    PersonGrantRow,
    AuditRow,
)
_TABLES: Final = (*(table_of(row) for row in _ROWS), _IDEMPOTENCY)
"""The copied tables, in an order in which every row comes after the rows it refers to."""
_COUNTED: Final = (ReviewRow, AuditRow)
"""The tables whose ids the database generates."""
_BATCH: Final = 500
"""The number of rows per insert, because all of them may not fit into memory."""


def copy_rows(origin: Connection, copy: Connection, release_ids: Mapping[int, int]) -> dict[str, int]:
    """Copy every row of these tables into empty ones, and return the numbers of rows by table.

    Args:
        origin: A read transaction on the source.
        copy: The write transaction on the target, which already has all releases.
        release_ids: The ids of releases in the source and in the target.

    Raises Internal if a table cannot be read back as it was written.
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
            raise Internal(
                f"Table {table.name} could not be read back as it was written. Nothing was copied."
            )
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
    """Make the next row get the id after the last one; SQLite does so by itself."""
    last = copy.execute(select(func.max(table.c.id))).scalar_one()
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        copy.execute(sequence, {"name": table.name, "last": last})
