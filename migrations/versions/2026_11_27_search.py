"""The tables that search reads, and each engine's index, which the engine updates itself.

Revision: 2026_11_27_search, after 2026_11_27_sessions. Imports nothing from `app`.

The rows are derived from releases and are written by `ladder migrate` after this, in batches.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_search"
down_revision = "2026_11_27_sessions"
branch_labels = None
depends_on = None

Column = sa.Column[Any]
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE = (
    # The index stores neither texts nor positions, because `words` has them. `unicode61` splits tokens at signs.
    """
    CREATE VIRTUAL TABLE search_token
    USING fts5(words, content='', columnsize=0, detail=none, tokenize='unicode61')
    """,
    """
    CREATE TRIGGER search_token_insert AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_token (rowid, words) VALUES (NEW.id, NEW.words);
    END
    """,
    """
    CREATE TRIGGER search_token_delete AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_token (search_token, rowid, words) VALUES ('delete', OLD.id, OLD.words);
    END
    """,
)
POSTGRES = (
    # The tokens are stored unchanged, without a parser, a dictionary or positions.
    """
    ALTER TABLE search_entry ADD COLUMN search_token tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(translate(words, '.,', '  '), ' '), ''))
    ) STORED
    """,
    # Without a list of pending entries, which each search would have to scan.
    "CREATE INDEX ix_search_token ON search_entry USING gin (search_token) WITH (fastupdate = off)",
)


def upgrade() -> None:
    release = sa.ForeignKeyConstraint(["id"], ["release.id"], name=op.f("fk_search_release_id"))
    create("search_release", key(sa.Integer()), text("analysis"), release)
    ends = (number("names_end"), number("lead_end"))
    create("search_entry", key(BIG), text("kind"), text("about"), *ends, text("words"))
    create("search_text", key(BIG), text("address"), text("title"), text("details"))
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_token")
    for table in ("search_text", "search_entry", "search_release"):
        op.drop_table(table)


def create(table: str, *parts: Column | sa.Constraint) -> None:
    op.create_table(table, *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))


def key(kind: Any) -> Column:  # noqa: ANN401 - a type, or one with variants
    return sa.Column("id", kind, autoincrement=False, nullable=False)


def number(name: str) -> Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def text(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=False)
