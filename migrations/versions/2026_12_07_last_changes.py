"""The release in which each entity last changed, which is kept for each release.

Revision: 2026_12_07_last_changes, after 2026_12_06_ladder_names. Imports nothing from `app`.

The rows are derived from releases and are written by `ladder migrate` after this.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_last_changes"
down_revision = "2026_12_06_ladder_names"
branch_labels = None
depends_on = None

TABLE = "last_changes"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entities", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f(f"fk_{TABLE}_release_id")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
