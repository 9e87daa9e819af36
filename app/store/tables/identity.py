"""The tables apart from content: ladders, releases, events, the registry of slugs, the revision."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.store.tables.base import CLUSTERED, Row, UtcInstant

_OF_LADDERS: Final[dict[str, Any]] = {
    "sqlite_where": text("kind = 'ladder'"),
    "postgresql_where": text("kind = 'ladder'"),
}
"""The condition of an index over the slugs of ladders alone."""


class LadderRow(Row, table=True):
    """A ladder's identity. Written at its first release; only `revision` ever changes."""

    __tablename__ = "ladder"
    __table_args__ = (UniqueConstraint("slug"), UniqueConstraint("uuid"))
    id: int | None = Field(default=None, primary_key=True)
    slug: str
    """The original slug: that of the first release here. Later releases may have others."""
    uuid: UUID
    """The UUID, derived from the ladder's first slug."""
    revision: int = Field(index=True)
    """The revision of the store that last changed the ladder."""


class ReleaseRow(Row, table=True):
    """A release, with the content of the ladder's root. Sealed in the transaction that writes it."""

    __tablename__ = "release"
    __table_args__ = (
        ForeignKeyConstraint(["ladder_id"], ["ladder.id"]),
        ForeignKeyConstraint(["base_id"], ["release.id"]),
        UniqueConstraint("ladder_id", "major", "minor", "patch"),
        CheckConstraint("effective_from >= published_at", name="effective_from"),
        CheckConstraint("major >= 0 AND minor >= 0 AND patch >= 0", name="version"),
        CheckConstraint("cumulative IN ('yes', 'no', 'unsaid')", name="cumulative"),
        CheckConstraint("minimum IS NULL OR because IS NOT NULL", name="minimum"),
    )
    id: int | None = Field(default=None, primary_key=True)
    ladder_id: int
    major: int
    minor: int
    patch: int
    notes: str | None
    published_at: datetime = Field(sa_type=UtcInstant)
    effective_from: datetime = Field(sa_type=UtcInstant)
    content_sha256: str
    sealed: bool
    title: str
    summary: str | None
    organisation: str | None
    language: str
    licence_title: str | None
    licence_url: str | None
    attribution: str | None
    cumulative: str
    minimum: str | None
    """The minimum number that the changes set, if the release has a lower one."""
    because: str | None
    """The publisher's reason for a number below the minimum."""
    base_id: int | None
    """The release that it builds on; None if there was none."""


class ReleaseEventRow(Row, table=True):
    """An event of a published release. Append-only."""

    __tablename__ = "release_event"
    __table_args__ = (
        ForeignKeyConstraint(["release_id"], ["release.id"]),
        ForeignKeyConstraint(["successor_id"], ["release.id"]),
        CheckConstraint("kind IN ('deprecated', 'withdrawn', 'rescheduled')", name="kind"),
        CheckConstraint("(kind = 'rescheduled') = (effective_from IS NOT NULL)", name="effective_from"),
        CLUSTERED,
    )
    release_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    kind: str
    at: datetime = Field(sa_type=UtcInstant)
    reason: str
    successor_id: int | None
    sunset: datetime | None = Field(sa_type=UtcInstant)
    effective_from: datetime | None = Field(sa_type=UtcInstant)
    """The new date of a release that was rescheduled."""


class ComingIntoForceRow(Row, table=True):
    """The record that the date of a scheduled release has passed. Append-only."""

    __tablename__ = "coming_into_force"
    __table_args__ = (ForeignKeyConstraint(["release_id"], ["release.id"]), CLUSTERED)
    release_id: int = Field(primary_key=True)
    recorded_at: datetime = Field(sa_type=UtcInstant)
    """The time on the clock of the process that saw the date pass first."""


class SlugHistoryRow(Row, table=True):
    """Every address an entity with a UUID ever had, and the release that used it first. Append-only."""

    __tablename__ = "slug_history"
    __table_args__ = (
        ForeignKeyConstraint(["ladder_id"], ["ladder.id"]),
        ForeignKeyConstraint(["release_id"], ["release.id"]),
        Index("ix_slug_history_ladder_slug", "slug", **_OF_LADDERS),
        CLUSTERED,
    )
    ladder_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    uuid: UUID = Field(index=True)
    release_id: int


class RevisionRow(Row, table=True):
    """One row with the number of changes to the store. Every transaction that changes something takes it first."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: int = Field(primary_key=True)
    number: int
