"""The base of each release: the release that it builds on.

Revision: 2026_12_05_bases, after 2026_12_04_lower_numbers. Imports nothing of `app`.

Until now, a release built on the greatest number that was not withdrawn when it was published. Old releases get
that one as their base.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_bases"
down_revision = "2026_12_04_lower_numbers"
branch_labels = None
depends_on = None

KEY: Final = "fk_release_base_id"
FILL: Final = """
    UPDATE "release" SET base_id = (
        SELECT base.id FROM "release" AS base
        WHERE base.ladder_id = "release".ladder_id
            AND (base.major, base.minor, base.patch) < ("release".major, "release".minor, "release".patch)
            AND NOT EXISTS (
                SELECT 1 FROM release_event AS event
                WHERE event.release_id = base.id AND event.kind = 'withdrawn' AND event.at <= "release".published_at
            )
        ORDER BY base.major DESC, base.minor DESC, base.patch DESC LIMIT 1
    )
"""


def upgrade() -> None:
    with seals().lifted():
        with op.batch_alter_table("release") as release:
            release.add_column(sa.Column("base_id", sa.Integer(), nullable=True))
            release.create_foreign_key(op.f(KEY), "release", ["base_id"], ["id"])
        op.execute(FILL)


def downgrade() -> None:
    with seals().lifted(), op.batch_alter_table("release") as release:
        release.drop_constraint(op.f(KEY), type_="foreignkey")
        release.drop_column("base_id")


def seals() -> Any:  # noqa: ANN401 - a module
    context: Any = op.get_context().environment_context
    return context.script.get_revision("2026_11_22_seals").module
