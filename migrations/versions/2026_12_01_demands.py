"""The definition of what a level asks: adding and unordered tracks, cumulative scales, statement kinds, descriptions.

Revision: 2026_12_01_demands, after 2026_11_27_search. Imports nothing from `app`.

The new columns are empty for existing releases. On SQLite, only `tip` is rebuilt, which makes its title optional. Our
own statements add the columns, because a rebuilt table loses its triggers.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_demands"
down_revision = "2026_11_27_search"
branch_labels = None
depends_on = None

Column = sa.Column[Any]

COLUMNS: Final = (
    ("release", "organisation", "VARCHAR", ""),
    ("track", "extending", "VARCHAR", "extending IN ('replaces', 'adds')"),
    ("track", "ordered", "BOOLEAN", "NOT ordered"),
    ("scale", "cumulative", "VARCHAR", "cumulative IN ('yes', 'no')"),
    ("expectation", "extending", "VARCHAR", "extending IN ('replaces', 'adds')"),
    ("translation", "source", "VARCHAR", ""),
)
"""The table, name, type and check of each new column."""
COUNTS_AS: Final = "counts_as IN ('asked', 'optional', 'ahead', 'sign', 'unwanted')"
TABLES: Final = ("category", "track_group", "statement_kind", "removal_successor")


def upgrade() -> None:
    for table, column, kind, check in COLUMNS:
        told = f" CONSTRAINT ck_{table}_{column} CHECK ({check})" if check else ""
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {kind}{told}')
    create_entities("category")
    create_entities("track_group")
    create_statement_kinds()
    create_successors()
    for table in TABLES:
        seals().seal_content(table)
    let_tips_have_no_title(nullable=True)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with seals().lifted():
        op.execute("UPDATE tip SET title = '' WHERE title IS NULL")
    let_tips_have_no_title(nullable=False)
    for table, column, _, _ in reversed(COLUMNS):
        op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')


def let_tips_have_no_title(*, nullable: bool) -> None:
    with (
        seals().lifted(),
        op.batch_alter_table("tip", table_kwargs={"sqlite_with_rowid": False}) as tip,
    ):
        tip.alter_column("title", existing_type=sa.String(), nullable=nullable)


def create_entities(table: str) -> None:
    op.create_table(
        table,
        number("release_id"),
        number("id"),
        number("position"),
        text("title"),
        sa.Column("summary", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("release_id", "position", name=op.f(f"uq_{table}_release_id_position")),
        bound(table, ("release_id", "id"), "entity", ("release_id", "id")),
        sqlite_with_rowid=False,
    )


def create_statement_kinds() -> None:
    op.create_table(
        "statement_kind",
        number("release_id"),
        number("owner_id"),
        number("position"),
        text("slug"),
        text("title"),
        text("counts_as"),
        sa.PrimaryKeyConstraint("release_id", "owner_id", "position", name=op.f("pk_statement_kind")),
        sa.CheckConstraint(COUNTS_AS, name=op.f("ck_statement_kind_counts_as")),
        bound("statement_kind", ("release_id", "owner_id"), "entity", ("release_id", "id")),
        sqlite_with_rowid=False,
    )


def create_successors() -> None:
    key = ("release_id", "owner_id", "removal_position")
    op.create_table(
        "removal_successor",
        *(number(name) for name in (*key, "position")),
        text("text"),
        sa.PrimaryKeyConstraint(*key, "position", name=op.f("pk_removal_successor")),
        bound("removal_successor", key, "removal", ("release_id", "owner_id", "position")),
        sqlite_with_rowid=False,
    )


def bound(table: str, columns: tuple[str, ...], other: str, keys: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}")
    named = [f"{other}.{key}" for key in keys]
    return sa.ForeignKeyConstraint(columns, named, name=name, deferrable=True, initially="DEFERRED")


def number(name: str) -> Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def text(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=False)


def seals() -> Any:  # noqa: ANN401 - a module
    context: Any = op.get_context().environment_context
    return context.script.get_revision("2026_11_22_seals").module
