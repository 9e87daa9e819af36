"""The tables of a release's entities: one row in `entity` for each, and one in the table of its kind.

All other tables refer to `entity`. A column `<field>_id` is a reference: it holds the id of the entity that the
value names by slug in `<field>`. All other columns have the names of the value's fields.
`mapping.py` relies on both. Every key begins with `release_id`.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from app.store.tables.base import CLUSTERED, Row


def to(column: str, table: str) -> ForeignKeyConstraint:
    """Return a foreign key to a row of the same release."""
    return bound(("release_id", column), table, ("release_id", "id"))


def bound(columns: Sequence[str], table: str, keys: Sequence[str]) -> ForeignKeyConstraint:
    """Return a foreign key that is checked at commit, because a row may refer to a later one."""
    named = [f"{table}.{key}" for key in keys]
    return ForeignKeyConstraint(columns, named, deferrable=True, initially="DEFERRED")


def listed(*constraints: object) -> tuple[object, ...]:
    """Return the table arguments of an entity in one of the ladder's own lists."""
    return (to("id", "entity"), UniqueConstraint("release_id", "position"), *constraints, CLUSTERED)


def nested(owner: str, *constraints: object) -> tuple[object, ...]:
    """Return the table arguments of an entity in a list of another entity."""
    place = UniqueConstraint("release_id", "owner_id", "position")
    return (to("id", "entity"), to("owner_id", owner), place, *constraints, CLUSTERED)


class EntityRow(Row, table=True):
    """An entity in its release. `id` is its number in document order; 0 is the ladder itself."""

    __tablename__ = "entity"
    __table_args__ = (
        ForeignKeyConstraint(["release_id"], ["release.id"]),
        UniqueConstraint("release_id", "kind", "address"),
        UniqueConstraint("release_id", "uuid"),
        CLUSTERED,
    )
    release_id: int = Field(primary_key=True)
    id: int = Field(primary_key=True)
    kind: str
    address: str
    """Its slug, or a replacement for it, made from parts or from its position."""
    uuid: UUID | None
    """The UUID; unset if the address is made from a position."""


class Listed(Row):
    """An entity in one of the ladder's own lists; `position` counts from 0."""

    release_id: int = Field(primary_key=True)
    id: int = Field(primary_key=True)
    position: int


class Nested(Row):
    """An entity in a list of another entity; `position` counts from 0."""

    release_id: int = Field(primary_key=True)
    id: int = Field(primary_key=True)
    owner_id: int
    position: int


class CategoryRow(Listed, table=True):
    """A description of a category of competencies."""

    __tablename__ = "category"
    __table_args__ = listed()
    title: str
    summary: str | None


class GroupRow(Listed, table=True):
    """A description of a group of tracks."""

    __tablename__ = "track_group"
    __table_args__ = listed()
    title: str
    summary: str | None


class TrackRow(Listed, table=True):
    """A path through the ladder."""

    __tablename__ = "track"
    __table_args__ = listed(
        to("extends_id", "track"),
        CheckConstraint("extending IN ('replaces', 'adds')", name="extending"),
        CheckConstraint("NOT ordered", name="ordered"),
    )
    title: str
    summary: str | None
    group: str | None
    extends_id: int | None
    extending: str | None
    ordered: bool | None
    """False, or None if the ladder does not say."""


class LevelRow(Listed, table=True):
    """A rung of a track."""

    __tablename__ = "level"
    __table_args__ = listed(to("track_id", "track"), UniqueConstraint("release_id", "track_id", "rank"))
    track_id: int
    code: str | None
    rank: float | None = Field(sa_type=Double)
    title: str
    summary: str | None
    scope: str | None
    years_from: float | None = Field(sa_type=Double)
    years_to: float | None = Field(sa_type=Double)


class ScaleRow(Listed, table=True):
    """A proficiency scale."""

    __tablename__ = "scale"
    __table_args__ = listed(CheckConstraint("cumulative IN ('yes', 'no')", name="cumulative"))
    title: str
    summary: str | None
    cumulative: str | None


class StepRow(Nested, table=True):
    """A step of a scale."""

    __tablename__ = "step"
    __table_args__ = nested("scale")
    title: str
    summary: str | None
    points: float | None = Field(sa_type=Double)


class CompetencyRow(Listed, table=True):
    """A competency: something that the ladder describes at each level."""

    __tablename__ = "competency"
    __table_args__ = listed(to("scale_id", "scale"))
    title: str
    category: str | None
    summary: str | None
    description: str | None
    scale_id: int | None


class FacetRow(Listed, table=True):
    """A part of a competency."""

    __tablename__ = "facet"
    __table_args__ = listed(
        to("competency_id", "competency"),
        to("scale_id", "scale"),
        UniqueConstraint("release_id", "id", "competency_id"),
    )
    competency_id: int
    title: str
    summary: str | None
    description: str | None
    scale_id: int | None


class ExpectationRow(Listed, table=True):
    """The expectation of a level in a competency or facet."""

    __tablename__ = "expectation"
    __table_args__ = listed(
        to("level_id", "level"),
        to("competency_id", "competency"),
        bound(("release_id", "facet_id", "competency_id"), "facet", ("release_id", "id", "competency_id")),
        to("step_id", "step"),
        CheckConstraint("applicability IN ('required', 'optional', 'not-in-use')", name="applicability"),
        CheckConstraint("extending IN ('replaces', 'adds')", name="extending"),
    )
    level_id: int
    competency_id: int
    facet_id: int | None
    applicability: str
    extending: str | None
    step_id: int | None
    summary: str | None


class ProficiencyRow(Nested, table=True):
    """The proficiency of a competency or facet at one step."""

    __tablename__ = "proficiency"
    __table_args__ = nested("entity", to("step_id", "step"))
    step_id: int
    title: str | None
    summary: str | None


class StatementRow(Nested, table=True):
    """A statement of an expectation or proficiency."""

    __tablename__ = "statement"
    __table_args__ = nested("entity")
    kind: str | None
    text: str


class ExampleRow(Nested, table=True):
    """An illustration of a level, competency, facet, expectation, proficiency or statement."""

    __tablename__ = "example"
    __table_args__ = nested("entity")
    title: str | None
    text: str


class FaqRow(Listed, table=True):
    """A question and its answer."""

    __tablename__ = "faq"
    __table_args__ = listed()
    question: str
    answer: str
    group: str | None


class TipRow(Listed, table=True):
    """Advice to the reader."""

    __tablename__ = "tip"
    __table_args__ = listed()
    title: str | None
    text: str


class PageRow(Listed, table=True):
    """A longer text."""

    __tablename__ = "page"
    __table_args__ = listed()
    title: str
    text: str
