"""Attempts to change releases with plain SQL, derived from the tables, so that new tables are covered too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, Table, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import METADATA

Row = Mapping[str, Any]

FAR: int = 1_000_000
"""The number to add to an id to get one that does not exist."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One statement, and a name for the test report."""

    name: str
    statement: Executable


def content_tables() -> list[str]:
    """Names of the tables whose rows belong to a release and lie still with it."""
    return [
        name
        for name, table in METADATA.tables.items()
        if "release_id" in table.columns
        and name not in {"release_event", "coming_into_force", "slug_history", "last_changes"}
    ]


def attacks(table: Table, sealed: Row, draft: Row | None, dialect: str) -> Iterator[Attack]:
    """Every way to change the row of a sealed release, given one like it of an unsealed release, if there is."""
    here = [table.c[column.name] == sealed[column.name] for column in table.primary_key]
    yield Attack("delete", table.delete().where(*here))
    yield Attack("delete all", table.delete())
    for column in table.columns:
        yield Attack(f"set {column.name} to itself", table.update().where(*here).values({column: column}))
    yield from _takeovers(table, sealed, dialect)
    if draft is not None:
        yield from _moves(table, sealed, draft, dialect)
    if dialect == "postgresql":
        yield Attack("truncate", text(f'TRUNCATE "{table.name}" CASCADE'))


def additions(table: Table, sealed: Row, dialect: str) -> Iterator[Attack]:
    """Ways to add a row that was not there."""
    fresh = {**sealed, list(table.primary_key)[-1].name: FAR}
    yield Attack("insert", insert(table).values(fresh))
    if dialect == "sqlite":
        yield Attack("insert or replace a new row", insert(table).prefix_with("OR REPLACE").values(fresh))
        yield Attack("insert or ignore a new row", insert(table).prefix_with("OR IGNORE").values(fresh))


def _takeovers(table: Table, sealed: Row, dialect: str) -> Iterator[Attack]:
    """Inserts that would take the place of the row."""
    key = list(table.primary_key)
    same = {column.name: sealed[column.name] for column in key}
    if dialect == "sqlite":
        yield Attack("insert or replace", insert(table).prefix_with("OR REPLACE").values(sealed))
        upsert = sqlite.insert(table).values(sealed)
        yield Attack("upsert", upsert.on_conflict_do_update(index_elements=key, set_=same))
    else:
        taking = postgresql.insert(table).values(sealed)
        yield Attack("upsert", taking.on_conflict_do_update(index_elements=key, set_=same))
        merged = " AND ".join(f'mine."{column.name}" = yours."{column.name}"' for column in key)
        merge = (
            f'MERGE INTO "{table.name}" mine USING "{table.name}" yours ON {merged} WHEN MATCHED THEN DELETE'
        )
        yield Attack("merge", text(merge))


def _moves(table: Table, sealed: Row, draft: Row, dialect: str) -> Iterator[Attack]:
    """Updates that carry a row out of its release, or another one into it."""
    owner = table.c["release_id"]
    rows = {"out of": (sealed, draft), "into": (draft, sealed)}
    for direction, (from_, to) in rows.items():
        here = [table.c[column.name] == from_[column.name] for column in table.primary_key]
        move = table.update().where(*here)
        yield Attack(f"move {direction} it", move.values({owner: to["release_id"]}))
        if dialect == "sqlite":
            replacing = move.prefix_with("OR REPLACE").values({owner: to["release_id"]})
            yield Attack(f"move {direction} it, replacing", replacing)


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in order of their keys."""
    return {
        name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for name, table in METADATA.tables.items()
    }
