"""The record that a scheduled release came into force, so that a clock that is set back changes nothing.

Revision: 2026_12_02_coming_into_force, after 2026_12_01_demands. Imports nothing of `app`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_12_02_coming_into_force"
down_revision = "2026_12_01_demands"
branch_labels = None
depends_on = None

TABLE = "coming_into_force"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True).with_variant(sa.String(), "sqlite")
    op.create_table(
        TABLE,
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f(f"fk_{TABLE}_release_id")),
        sqlite_with_rowid=False,
    )
    seals().seal_history(TABLE, "release_id")


def downgrade() -> None:
    op.drop_table(TABLE)


def seals() -> Any:  # noqa: ANN401 - a module
    context: Any = op.get_context().environment_context
    return context.script.get_revision("2026_11_22_seals").module
