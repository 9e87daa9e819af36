"""The tables of lists that an entity owns, keyed by release, owner and place in the list (from 0).

The ladder itself owns lists too (removals, translations, sources, …): its entity has the id 0.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Double
from sqlmodel import Field

from app.store.tables.base import CLUSTERED, Row
from app.store.tables.content import bound, to


def owned(*constraints: object, owner: str = "entity") -> tuple[object, ...]:
    """Return the table arguments of an owned list."""
    return (to("owner_id", owner), *constraints, CLUSTERED)


class Owned(Row):
    """The key of every row of an owned list."""

    release_id: int = Field(primary_key=True)
    owner_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)


class ThresholdRow(Owned, table=True):
    """The level and title that a range of points gives on a track."""

    __tablename__ = "threshold"
    __table_args__ = owned(to("level_id", "level"), owner="track")
    points_from: float = Field(sa_type=Double)
    points_to: float | None = Field(sa_type=Double)
    level_id: int | None
    title: str | None


class StatementKindRow(Owned, table=True):
    """A kind of statement that the ladder defines."""

    __tablename__ = "statement_kind"
    __table_args__ = owned(
        CheckConstraint("counts_as IN ('asked', 'optional', 'ahead', 'sign', 'unwanted')", name="counts_as")
    )
    slug: str
    title: str
    counts_as: str


class LevelTitleRow(Owned, table=True):
    """Another title of a level."""

    __tablename__ = "level_title"
    __table_args__ = owned(owner="level")
    title: str


class AttributeRow(Owned, table=True):
    """A named list on a level."""

    __tablename__ = "attribute"
    __table_args__ = owned(owner="level")
    title: str


class AttributeItemRow(Row, table=True):
    """An item of a named list on a level."""

    __tablename__ = "attribute_item"
    __table_args__ = (
        bound(
            ("release_id", "owner_id", "attribute_position"),
            "attribute",
            ("release_id", "owner_id", "position"),
        ),
        CLUSTERED,
    )
    release_id: int = Field(primary_key=True)
    owner_id: int = Field(primary_key=True)
    attribute_position: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    text: str


class AboutRow(Owned, table=True):
    """An entity that a FAQ, tip or page is about."""

    __tablename__ = "about"
    __table_args__ = owned(to("entity_id", "entity"))
    entity_id: int


class LinkRow(Owned, table=True):
    """A reference to further reading or a tool."""

    __tablename__ = "link"
    __table_args__ = owned()
    slug: str | None
    title: str
    url: str
    kind: str | None
    summary: str | None


class SourceRow(Owned, table=True):
    """The source of some content."""

    __tablename__ = "source"
    __table_args__ = owned()
    title: str
    url: str | None
    author: str | None
    licence: str | None
    retrieved: date | None
    note: str | None


class AlignmentRow(Owned, table=True):
    """A match with an entity of any ladder, or with a framework. `entity` is therefore text, not a reference."""

    __tablename__ = "alignment"
    __table_args__ = owned(
        CheckConstraint("\"match\" IN ('exact', 'close', 'broader', 'narrower', 'related')", name="kind")
    )
    match: str
    entity: str | None
    ladder: str | None
    uri: str | None
    framework: str | None
    title: str | None
    note: str | None


class ExternalIdRow(Owned, table=True):
    """An entity's name in another system."""

    __tablename__ = "external_id"
    __table_args__ = owned()
    system: str
    id: str


class FormerlyRow(Owned, table=True):
    """A former slug, oldest first."""

    __tablename__ = "formerly"
    __table_args__ = owned()
    slug: str


class RemovalRow(Owned, table=True):
    """A removed entity. Its `successor` may be removed too, so it is text, not a reference."""

    __tablename__ = "removal"
    __table_args__ = owned()
    kind: str
    slug: str
    reason: str
    successor: str | None


class RemovalSuccessorRow(Row, table=True):
    """One of several replacements of a removed entity; text, like `successor`."""

    __tablename__ = "removal_successor"
    __table_args__ = (
        bound(
            ("release_id", "owner_id", "removal_position"),
            "removal",
            ("release_id", "owner_id", "position"),
        ),
        CLUSTERED,
    )
    release_id: int = Field(primary_key=True)
    owner_id: int = Field(primary_key=True)
    removal_position: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    text: str


class TranslationRow(Owned, table=True):
    """A field of an entity in another language."""

    __tablename__ = "translation"
    __table_args__ = owned(to("entity_id", "entity"))
    entity_id: int
    field: str
    language: str
    text: str
    source: str | None
