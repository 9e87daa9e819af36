"""Verification of the seals: the triggers that the migrations created must still exist unchanged.

A trigger's name proves nothing, so the hash of each definition is compared with that of the migrations. The hashes
are in `migrations/seals.json`. Run `python -m tools.seals` to update them when a migration changes a seal.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from app.packaged_files import folder
from app.store.tables import METADATA

UNSEALED: Final = frozenset(
    {
        *("revision", "draft", "draft_author", "ladder_setting", "review", "api_key", "session"),
        *("idempotency", "waiting", "person", "person_grant"),
        *("search_release", "search_entry", "search_text", "last_changes"),
    }
)
"""Tables whose rows may change."""
_SQLITE_SEALS: Final = """
    SELECT 'trigger ' || name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 5) = 'seal_'
"""
_POSTGRES_SEALS: Final = """
    SELECT 'trigger ' || tgname, pg_get_triggerdef(pg_trigger.oid, true)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = current_schema()::regnamespace AND tgenabled IN ('O', 'A') AND NOT tgisinternal
        AND left(tgname, 5) = 'seal_'
    UNION ALL
    SELECT 'function ' || proname, replace(pg_get_functiondef(oid), quote_ident(current_schema()) || '.', '')
    FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND left(proname, 5) = 'seal_'
"""
"""The query for enabled triggers, without the schema's name, which differs between databases."""


def find_missing_seals(connection: Connection) -> Iterator[str]:
    """Yield the missing protections of releases, each as a sentence without its full stop."""
    present = find_seals(connection)
    made = json.loads((folder("migrations") / "seals.json").read_text("utf-8"))
    for seal, digest in made[connection.dialect.name].items():
        if seal not in present:
            yield f"{seal} is missing, so published rows can be changed"
        elif present[seal] != digest:
            yield f"{seal} differs from the one that the migrations created, so published rows may be changed"
    if connection.dialect.name == "sqlite":
        yield from _tables_with_rowid(connection)


def find_seals(connection: Connection) -> dict[str, str]:
    """Return the existing seals: SHA-256 of each definition, by type and name, in order."""
    sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(_SQLITE_SEALS if sqlite else _POSTGRES_SEALS)
    said = sorted((row[0], row[1]) for row in rows)
    return {name: hashlib.sha256(definition.encode()).hexdigest() for name, definition in said}


def _tables_with_rowid(connection: Connection) -> Iterator[str]:
    listing = connection.exec_driver_sql("PRAGMA table_list")
    with_rowid = {row.name for row in listing if row.schema == "main" and not row.wr}
    for name, table in METADATA.tables.items():
        if not table.dialect_options["sqlite"]["with_rowid"] and name in with_rowid:
            yield f"table {name} has a rowid, so INSERT OR REPLACE could replace a published row"
