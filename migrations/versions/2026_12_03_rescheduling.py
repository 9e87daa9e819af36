"""Rescheduling: an event that moves the date of a scheduled release.

Revision: 2026_12_03_rescheduling, after the newest one. Imports nothing of `app`.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_rescheduling"
down_revision = "2026_12_02_coming_into_force"
branch_labels = None
depends_on = None

TABLE: Final = "release_event"
KIND: Final = "ck_release_event_kind"
DATE: Final = "ck_release_event_effective_from"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True).with_variant(sa.String(), "sqlite")
    with seals().lifted(), op.batch_alter_table(TABLE, table_kwargs={"sqlite_with_rowid": False}) as event:
        event.add_column(sa.Column("effective_from", instant, nullable=True))
        event.drop_constraint(op.f(KIND), type_="check")
        event.create_check_constraint(op.f(KIND), "kind IN ('deprecated', 'withdrawn', 'rescheduled')")
        event.create_check_constraint(op.f(DATE), "(kind = 'rescheduled') = (effective_from IS NOT NULL)")


def downgrade() -> None:
    with seals().lifted():
        op.execute(f"DELETE FROM {TABLE} WHERE kind = 'rescheduled'")  # noqa: S608 - a constant
        with op.batch_alter_table(TABLE, table_kwargs={"sqlite_with_rowid": False}) as event:
            event.drop_constraint(op.f(DATE), type_="check")
            event.drop_constraint(op.f(KIND), type_="check")
            event.create_check_constraint(op.f(KIND), "kind IN ('deprecated', 'withdrawn')")
            event.drop_column("effective_from")


def seals() -> Any:  # noqa: ANN401 - a module
    context: Any = op.get_context().environment_context
    return context.script.get_revision("2026_11_22_seals").module
