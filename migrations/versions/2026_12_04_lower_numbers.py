"""Numbers below the minimum: one reason for a release, instead of single changes that were lowered.

Revision: 2026_12_04_lower_numbers, after 2026_12_03_rescheduling. Imports nothing from `app`.

The reasons of lowered changes become the reason of their release, without the minimum, which was not kept.
"""

import json
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_lower_numbers"
down_revision = "2026_12_03_rescheduling"
branch_labels = None
depends_on = None

LONGEST: Final = 1_000
CHECK: Final = "CONSTRAINT ck_release_minimum CHECK (minimum IS NULL OR because IS NOT NULL)"


def upgrade() -> None:
    op.execute("ALTER TABLE release ADD COLUMN because VARCHAR")
    op.execute(f"ALTER TABLE release ADD COLUMN minimum VARCHAR {CHECK}")
    op.execute("ALTER TABLE ladder_setting ADD COLUMN allow_lower_version BOOLEAN")
    keep_reasons()
    op.execute("ALTER TABLE release DROP COLUMN lowered")


def downgrade() -> None:
    op.execute("ALTER TABLE release ADD COLUMN lowered VARCHAR")
    op.execute("ALTER TABLE ladder_setting DROP COLUMN allow_lower_version")
    with seals().lifted(), op.batch_alter_table("release") as release:
        release.drop_constraint(op.f("ck_release_minimum"), type_="check")
        release.drop_column("minimum")
        release.drop_column("because")


def keep_reasons() -> None:
    """Write the reasons of lowered changes as the reason of their release."""
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT id, lowered FROM release WHERE lowered IS NOT NULL")).all()
    if not found:
        return
    update = sa.text("UPDATE release SET because = :because WHERE id = :id")
    with seals().lifted():
        for number, lowered in found:
            told = "; ".join(
                f"{one['change']} as {one['now']}: {one['reason']}" for one in json.loads(lowered)
            )
            connection.execute(update, {"id": number, "because": told[:LONGEST]})


def seals() -> Any:  # noqa: ANN401 - a module
    context: Any = op.get_context().environment_context
    return context.script.get_revision("2026_11_22_seals").module
