"""The table of content that waits for a person: uploads before their confirmation, forms kept over a sign-in.

Revision: 2026_12_09_waiting, after 2026_12_08_people. Imports nothing from `app`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_09_waiting"
down_revision = "2026_12_08_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
    op.create_table(
        "waiting",
        sa.Column("id_sha256", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("ladder", sa.String(), nullable=True),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id_sha256", name=op.f("pk_waiting")),
    )
    for column in ("person", "created_at"):
        op.create_index(f"ix_waiting_{column}", "waiting", [column])


def downgrade() -> None:
    op.drop_table("waiting")
