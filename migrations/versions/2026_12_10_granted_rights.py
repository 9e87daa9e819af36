"""People to whom admins grant rights, and the creators of keys.

Revision: 2026_12_10_granted_rights, after 2026_12_09_waiting. Imports nothing from `app`.

Undoing it takes all granted rights away, and keys count as their owners alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_10_granted_rights"
down_revision = "2026_12_09_waiting"
branch_labels = None
depends_on = None

_ADDED = {
    "api_key": ("created_by", "creators"),
    "session": ("issuer", "subject", "no_groups"),
    "review_entry": ("people",),
}


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.String(), nullable=True))
    instant = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("signed_in_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_issuer_subject")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_email", "person", ["email"])
    op.create_table(
        "person_grant",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("ladder", sa.String(), nullable=False),
        sa.Column("rights", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_grant_person_id")),
        sa.PrimaryKeyConstraint("person_id", "ladder", name=op.f("pk_person_grant")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("person_grant")
    op.drop_table("person")
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)
