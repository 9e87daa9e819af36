"""Sessions of people who signed in at an OpenID Connect issuer, without a key.

Revision: 2026_12_08_people, after 2026_12_07_last_changes. Imports nothing from `app`.

Undoing it ends their sessions.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_08_people"
down_revision = "2026_12_07_last_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session") as session:
        session.alter_column("key_id", existing_type=sa.String(), nullable=True)
        session.add_column(sa.Column("person", sa.String(), nullable=True))
        session.add_column(sa.Column("shown_name", sa.String(), nullable=True))
        session.add_column(sa.Column("grants", sa.String(), nullable=True))
    op.create_index("ix_session_person", "session", ["person"])


def downgrade() -> None:
    op.execute('DELETE FROM "session" WHERE key_id IS NULL')
    op.drop_index("ix_session_person", "session")
    with op.batch_alter_table("session") as session:
        session.drop_column("grants")
        session.drop_column("shown_name")
        session.drop_column("person")
        session.alter_column("key_id", existing_type=sa.String(), nullable=False)
