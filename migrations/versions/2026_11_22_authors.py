"""The tables of authors and access: drafts, reviews, settings, keys, the audit log, lowered changes.

Revision: 2026_11_22_authors, after 2026_11_22_seals. Imports nothing from `app`.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_authors"
down_revision = "2026_11_22_seals"
branch_labels = None
depends_on = None

Column = sa.Column[Any]


def upgrade() -> None:
    op.add_column("release", optional("lowered"))
    create_drafts()
    create_reviews()
    create_keys()
    create_audit()
    environment = op.get_context().environment_context
    assert environment is not None  # noqa: S101 - a migration runs in one
    seals = environment.script.get_revision("2026_11_22_seals").module
    seals.seal_history("review_entry", "review_id", "position")
    seals.seal_history("audit", "id")


def downgrade() -> None:
    for table in (
        *("idempotency", "audit", "api_key", "review_entry", "review"),
        *("ladder_setting", "draft_author", "draft"),
    ):
        op.drop_table(table)
    op.drop_column("release", "lowered")


def create_drafts() -> None:
    columns = [text("ladder"), number("base_id", unset=True), number("number"), text("content")]
    changed = [text("content_sha256"), text("changed_by"), instant("changed_at")]
    create("draft", [*columns, *changed], [foreign("draft", "base_id", "release")], key=("ladder",))
    create("draft_author", [text("ladder"), text("author")], key=("ladder", "author"), clustered=True)
    review: Column = sa.Column("require_review", sa.Boolean(), nullable=True)
    known = check("ladder_setting", "visibility", "visibility IN ('public', 'internal')")
    create("ladder_setting", [text("ladder"), text("visibility"), review], [known], key=("ladder",))


def create_reviews() -> None:
    columns = [
        *(number("id"), text("ladder"), number("number"), text("title"), optional("description")),
        *(text("opened_by"), instant("opened_at"), optional("closed"), instant("closed_at", unset=True)),
    ]
    over = check("review", "closed", "closed IS NULL OR closed IN ('published', 'withdrawn', 'discarded')")
    one = sa.UniqueConstraint("ladder", "number", name=op.f("uq_review_ladder_number"))
    create("review", columns, [one, over])
    columns = [
        *(number("review_id"), number("position"), text("kind"), text("by"), instant("at")),
        *(optional("text"), optional("about"), text("content_sha256"), number("draft_number")),
    ]
    constraints = [
        foreign("review_entry", "review_id", "review"),
        check("review_entry", "kind", "kind IN ('comment', 'approve', 'request-changes')"),
    ]
    create("review_entry", columns, constraints, key=("review_id", "position"), clustered=True)


def create_keys() -> None:
    columns = [
        *(text("id"), text("secret_sha256"), text("owner"), text("scopes"), optional("ladders")),
        *(instant("created_at"), instant("expires_at", unset=True)),
        *(instant("revoked_at", unset=True), instant("last_used_at", unset=True)),
    ]
    create("api_key", columns)
    columns = [
        *(text("caller"), text("key"), text("request_sha256"), instant("at"), number("status", unset=True)),
        *(optional("headers"), sa.Column("body", sa.LargeBinary(), nullable=True)),
    ]
    create("idempotency", columns, key=("caller", "key"), clustered=True)
    op.create_index("ix_idempotency_at", "idempotency", ["at"])


def create_audit() -> None:
    columns = [
        *(number("id"), instant("at"), text("who"), optional("via"), text("action"), optional("ladder")),
        *(optional("target"), optional("request_id"), optional("address")),
        *(optional("before_sha256"), optional("after_sha256"), optional("detail")),
    ]
    create("audit", columns)
    op.create_index("ix_audit_ladder", "audit", ["ladder"])


def create(
    table: str,
    columns: Sequence[Column],
    constraints: Sequence[sa.Constraint] = (),
    *,
    key: Sequence[str] = ("id",),
    clustered: bool = False,
) -> None:
    """Create a table. If it is clustered, SQLite stores its rows in the order of the key, without a rowid."""
    primary = sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))
    op.create_table(table, *columns, primary, *constraints, sqlite_with_rowid=not clustered)


def number(name: str, *, unset: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), nullable=unset)


def text(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=False)


def optional(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=True)


def instant(name: str, *, unset: bool = False) -> Column:
    kind = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
    return sa.Column(name, kind, nullable=unset)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
