"""Whether the seals that the migrations set are still there: what each engine knows of its triggers."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from app.store.tables import METADATA

UNSEALED: Final = frozenset(
    {"revision", "draft", "draft_author", "ladder_setting", "review", "api_key", "idempotency"}
)
"""Tables that are meant to change."""
_POSTGRES_TRIGGERS: Final = """
    SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = current_schema()::regnamespace AND tgenabled IN ('O', 'A') AND NOT tgisinternal
"""


def find_missing_seals(connection: Connection) -> Iterator[str]:
    """What is missing that keeps releases from being changed, each as a sentence without its full stop."""
    sqlite = connection.dialect.name == "sqlite"
    listing = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else _POSTGRES_TRIGGERS
    present = set(connection.exec_driver_sql(listing).scalars())
    kinds = ("insert", "update", "delete") if sqlite else ("rows", "truncate")
    for table in METADATA.tables:
        for kind in kinds:
            trigger = f"seal_{table}_{kind}"
            if table not in UNSEALED and trigger not in present:
                yield f"trigger {trigger} is missing, so that published rows can be changed"
    if sqlite:
        yield from _tables_with_rowid(connection)


def _tables_with_rowid(connection: Connection) -> Iterator[str]:
    listing = connection.exec_driver_sql("PRAGMA table_list")
    with_rowid = {row.name for row in listing if row.schema == "main" and not row.wr}
    for name, table in METADATA.tables.items():
        if not table.dialect_options["sqlite"]["with_rowid"] and name in with_rowid:
            yield f"table {name} has a rowid, by which INSERT OR REPLACE could take a published row"
