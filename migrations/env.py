"""The environment of Alembic. It uses the connection and transaction of `app.store.maintenance.migrating`.

There is no offline mode: on SQLite a migration must see the database it changes.
"""

from alembic import context

from app.store.tables import METADATA


def declared(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether to compare an object with the tables. Each engine has its own search tables, so skip those."""
    return kind == "schema" or not (name or "").startswith(("search_token", "ix_search_token"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    include_name=declared,
)
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")  # fail instead of blocking all readers
    connection.exec_driver_sql("SET LOCAL statement_timeout = '15min'")
with context.begin_transaction():
    context.run_migrations()
