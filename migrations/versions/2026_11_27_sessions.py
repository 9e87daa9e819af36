"""The table of sign-in sessions for the pages.

Revision: 2026_11_27_sessions, after 2026_11_22_authors. Imports nothing from `app`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_sessions"
down_revision = "2026_11_22_authors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
    op.create_table(
        "session",
        sa.Column("id_sha256", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id_sha256", name=op.f("pk_session")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_session_key_id")),
        sqlite_with_rowid=False,
    )
    for column in ("key_id", "expires_at"):
        op.create_index(f"ix_session_{column}", "session", [column])


def downgrade() -> None:
    op.drop_table("session")
