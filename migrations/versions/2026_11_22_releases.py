"""Ladders and their releases: all tables. The next revision seals them.

Revision: 2026_11_22_releases, the first. Imports nothing from `app`, whose tables may change.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_releases"
down_revision = None
branch_labels = None
depends_on = None

Column = sa.Column[Any]


def upgrade() -> None:
    create_ladders()
    create_releases()
    create_histories()
    create_entities()
    create_levels()
    create_competencies()
    create_expectations()
    create_texts()
    create_level_lists()
    create_common_lists()
    op.execute("INSERT INTO revision (id, number) VALUES (1, 0)")


def downgrade() -> None:
    for table in (
        *("revision", "slug_history", "release_event", "translation", "removal", "formerly", "external_id"),
        *("alignment", "source", "link", "about", "attribute_item", "attribute", "level_title", "threshold"),
        *("page", "tip", "faq", "example", "statement", "proficiency", "expectation", "facet", "competency"),
        *("step", "scale", "level", "track", "entity", "release", "ladder"),
    ):
        op.drop_table(table)


def create_ladders() -> None:
    columns = [number("id"), text("slug"), uuid(), number("revision")]
    create("ladder", columns, [unique("ladder", "slug"), unique("ladder", "uuid")])
    op.create_index("ix_ladder_revision", "ladder", ["revision"])
    create("revision", [number("id"), number("number")], [check("revision", "single", "id = 1")])


def create_releases() -> None:
    columns = [
        *(number(name) for name in ("id", "ladder_id", "major", "minor", "patch")),
        optional("notes"),
        *(instant("published_at"), instant("effective_from")),
        text("content_sha256"),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        *(text("title"), optional("summary"), text("language")),
        *(optional("licence_title"), optional("licence_url"), optional("attribution")),
        text("cumulative"),
    ]
    constraints = [
        foreign("release", "ladder_id", "ladder"),
        unique("release", "ladder_id", "major", "minor", "patch"),
        check("release", "effective_from", "effective_from >= published_at"),
        check("release", "version", "major >= 0 AND minor >= 0 AND patch >= 0"),
        check("release", "cumulative", "cumulative IN ('yes', 'no', 'unsaid')"),
    ]
    create("release", columns, constraints)


def create_histories() -> None:
    columns = [
        *(number("release_id"), number("position"), text("kind"), instant("at"), text("reason")),
        *(number("successor_id", unset=True), instant("sunset", unset=True)),
    ]
    constraints = [
        foreign("release_event", "release_id", "release"),
        foreign("release_event", "successor_id", "release"),
        check("release_event", "kind", "kind IN ('deprecated', 'withdrawn')"),
    ]
    create("release_event", columns, constraints, key=("release_id", "position"))
    columns = [number("ladder_id"), text("kind"), text("slug"), uuid(), number("release_id")]
    constraints = [
        foreign("slug_history", "ladder_id", "ladder"),
        foreign("slug_history", "release_id", "release"),
    ]
    create("slug_history", columns, constraints, key=("ladder_id", "kind", "slug"))
    op.create_index("ix_slug_history_uuid", "slug_history", ["uuid"])


def create_entities() -> None:
    columns = [number("release_id"), number("id"), text("kind"), text("address"), uuid(unset=True)]
    constraints = [
        foreign("entity", "release_id", "release"),
        unique("entity", "release_id", "kind", "address"),
        unique("entity", "release_id", "uuid"),
    ]
    create("entity", columns, constraints, key=("release_id", "id"))


def create_levels() -> None:
    listed(
        "track",
        [text("title"), optional("summary"), optional("group"), number("extends_id", unset=True)],
        [("extends_id", "track")],
    )
    columns = [
        *(number("track_id"), optional("code"), double("rank", unset=True), text("title")),
        *(optional("summary"), optional("scope")),
        *(double("years_from", unset=True), double("years_to", unset=True)),
    ]
    listed("level", columns, [("track_id", "track")], unique("level", "release_id", "track_id", "rank"))
    listed("scale", [text("title"), optional("summary")])
    nested("step", "scale", [text("title"), optional("summary"), double("points", unset=True)])


def create_competencies() -> None:
    listed(
        "competency",
        [
            *(text("title"), optional("category"), optional("summary"), optional("description")),
            number("scale_id", unset=True),
        ],
        [("scale_id", "scale")],
    )
    listed(
        "facet",
        [
            *(number("competency_id"), text("title"), optional("summary"), optional("description")),
            number("scale_id", unset=True),
        ],
        [("competency_id", "competency"), ("scale_id", "scale")],
        unique("facet", "release_id", "id", "competency_id"),
    )


def create_expectations() -> None:
    listed(
        "expectation",
        [
            *(number("level_id"), number("competency_id"), number("facet_id", unset=True)),
            *(text("applicability"), number("step_id", unset=True), optional("summary")),
        ],
        [("level_id", "level"), ("competency_id", "competency"), ("step_id", "step")],
        within("expectation", ("facet_id", "competency_id"), "facet", ("id", "competency_id")),
        check("expectation", "applicability", "applicability IN ('required', 'optional', 'not-in-use')"),
    )
    columns = [number("step_id"), optional("title"), optional("summary")]
    nested("proficiency", "entity", columns, [("step_id", "step")])
    nested("statement", "entity", [optional("kind"), text("text")])
    nested("example", "entity", [optional("title"), text("text")])


def create_texts() -> None:
    listed("faq", [text("question"), text("answer"), optional("group")])
    listed("tip", [text("title"), text("text")])
    listed("page", [text("title"), text("text")])


def create_level_lists() -> None:
    columns = [double("points_from"), double("points_to", unset=True)]
    columns += [number("level_id", unset=True), optional("title")]
    owned("threshold", columns, within("threshold", ("level_id",), "level", ("id",)), owner="track")
    owned("level_title", [text("title")], owner="level")
    owned("attribute", [text("title")], owner="level")
    place = ("owner_id", "attribute_position")
    create(
        "attribute_item",
        [number("release_id"), *(number(name) for name in place), number("position"), text("text")],
        [within("attribute_item", place, "attribute", ("owner_id", "position"))],
        key=("release_id", *place, "position"),
    )


def create_common_lists() -> None:
    owned("about", [number("entity_id")], within("about", ("entity_id",), "entity", ("id",)))
    owned("link", [optional("slug"), text("title"), text("url"), optional("kind"), optional("summary")])
    columns = [text("title"), optional("url"), optional("author"), optional("licence")]
    owned("source", [*columns, sa.Column("retrieved", sa.Date(), nullable=True), optional("note")])
    kinds = "\"match\" IN ('exact', 'close', 'broader', 'narrower', 'related')"
    names = ("entity", "ladder", "uri", "framework", "title", "note")
    columns = [text("match"), *(optional(name) for name in names)]
    owned("alignment", columns, check("alignment", "kind", kinds))
    owned("external_id", [text("system"), text("id")])
    owned("formerly", [text("slug")])
    owned("removal", [text("kind"), text("slug"), text("reason"), optional("successor")])
    columns = [number("entity_id"), text("field"), text("language"), text("text")]
    owned("translation", columns, within("translation", ("entity_id",), "entity", ("id",)))


def listed(
    table: str,
    columns: Sequence[Column],
    references: Sequence[tuple[str, str]] = (),
    *constraints: sa.Constraint,
) -> None:
    """Create a table of entities in one of the ladder's own lists."""
    place = [number("release_id"), number("id"), number("position")]
    named = [within(table, (column,), other, ("id",)) for column, other in (("id", "entity"), *references)]
    order = unique(table, "release_id", "position")
    create(table, [*place, *columns], [*named, order, *constraints], key=("release_id", "id"))


def nested(
    table: str, owner: str, columns: Sequence[Column], references: Sequence[tuple[str, str]] = ()
) -> None:
    """Create a table of entities in a list of another entity."""
    place = [number("release_id"), number("id"), number("owner_id"), number("position")]
    pairs = (("id", "entity"), ("owner_id", owner), *references)
    named = [within(table, (column,), other, ("id",)) for column, other in pairs]
    order = unique(table, "release_id", "owner_id", "position")
    create(table, [*place, *columns], [*named, order], key=("release_id", "id"))


def owned(table: str, columns: Sequence[Column], *constraints: sa.Constraint, owner: str = "entity") -> None:
    """Create a table of a list that an entity owns."""
    place = [number("release_id"), number("owner_id"), number("position")]
    named = within(table, ("owner_id",), owner, ("id",))
    create(table, [*place, *columns], [named, *constraints], key=("release_id", "owner_id", "position"))


def create(
    table: str, columns: Sequence[Column], constraints: Sequence[sa.Constraint], key: Sequence[str] = ()
) -> None:
    """Create a table. If a key is given, SQLite stores its rows in the order of the key, without a rowid."""
    primary = sa.PrimaryKeyConstraint(*(key or ("id",)), name=op.f(f"pk_{table}"))
    op.create_table(table, *columns, primary, *constraints, sqlite_with_rowid=not key)


def number(name: str, *, unset: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), nullable=unset)


def double(name: str, *, unset: bool = False) -> Column:
    return sa.Column(name, sa.Double(), nullable=unset)


def text(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=False)


def optional(name: str) -> Column:
    return sa.Column(name, sa.String(), nullable=True)


def uuid(*, unset: bool = False) -> Column:
    return sa.Column("uuid", sa.Uuid(), nullable=unset)


def instant(name: str, *, unset: bool = False) -> Column:
    kind = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
    return sa.Column(name, kind, nullable=unset)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def within(table: str, columns: Sequence[str], other: str, keys: Sequence[str]) -> sa.ForeignKeyConstraint:
    """Return a reference within a release, checked at commit."""
    mine = ["release_id", *columns]
    theirs = [f"{other}.release_id", *(f"{other}.{key}" for key in keys)]
    name = op.f(f"fk_{table}_{'_'.join(mine)}")
    return sa.ForeignKeyConstraint(mine, theirs, name=name, deferrable=True, initially="DEFERRED")
