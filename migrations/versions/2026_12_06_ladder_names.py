"""An index over the slugs of ladders, which finds the ladder that has or had a slug.

Revision: 2026_12_06_ladder_names, after 2026_12_05_bases. Imports nothing of `app`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_06_ladder_names"
down_revision = "2026_12_05_bases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    of_ladders = sa.text("kind = 'ladder'")
    op.create_index(
        "ix_slug_history_ladder_slug",
        "slug_history",
        ["slug"],
        sqlite_where=of_ladders,
        postgresql_where=of_ladders,
    )


def downgrade() -> None:
    op.drop_index("ix_slug_history_ladder_slug", "slug_history")
