"""The tables of authors and of access: drafts, reviews, settings, keys, sessions, waiting content, the audit log.

Nothing here is part of a release. Rows name a ladder by its slug, because an unpublished ladder has no row.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from app.store.tables.base import CLUSTERED, Row, UtcInstant


class DraftRow(Row, table=True):
    """The one editable version of a ladder, deleted when it is published or discarded."""

    __tablename__ = "draft"
    __table_args__ = (ForeignKeyConstraint(["base_id"], ["release.id"]),)
    ladder: str = Field(primary_key=True)
    base_id: int | None
    """The release it builds on; None if the ladder was never published."""
    number: int
    """A number that grows with every write, from 1."""
    content: str
    """Canonical JSON (RFC 8785)."""
    content_sha256: str
    changed_by: str
    changed_at: datetime = Field(sa_type=UtcInstant)


class DraftAuthorRow(Row, table=True):
    """An author of a draft since its base, deleted with the draft."""

    __tablename__ = "draft_author"
    __table_args__ = (CLUSTERED,)
    ladder: str = Field(primary_key=True)
    author: str = Field(primary_key=True)


class LadderSettingRow(Row, table=True):
    """The settings of a ladder; not content. A ladder without a row has the defaults."""

    __tablename__ = "ladder_setting"
    __table_args__ = (CheckConstraint("visibility IN ('public', 'internal')", name="visibility"),)
    ladder: str = Field(primary_key=True)
    visibility: str
    require_review: bool | None
    """True if publishing requires an approval; None means the server's setting."""
    allow_lower_version: bool | None
    """False if no release may get a number below the minimum; None if one may, with a reason."""


class ReviewRow(Row, table=True):
    """A request for approval of a draft."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("ladder", "number"),
        CheckConstraint("closed IS NULL OR closed IN ('published', 'withdrawn', 'discarded')", name="closed"),
    )
    id: int | None = Field(default=None, primary_key=True)
    ladder: str
    number: int
    """The number of the review within its ladder, from 1."""
    title: str
    description: str | None
    opened_by: str
    opened_at: datetime = Field(sa_type=UtcInstant)
    closed: str | None
    """The reason it was closed; None while it is open."""
    closed_at: datetime | None = Field(sa_type=UtcInstant)


class ReviewEntryRow(Row, table=True):
    """One entry of a review: a comment or a decision. Append-only."""

    __tablename__ = "review_entry"
    __table_args__ = (
        ForeignKeyConstraint(["review_id"], ["review.id"]),
        CheckConstraint("kind IN ('comment', 'approve', 'request-changes')", name="kind"),
        CLUSTERED,
    )
    review_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    kind: str
    by: str
    at: datetime = Field(sa_type=UtcInstant)
    text: str | None
    about: str | None
    """The entity that a comment is about, as `kind:slug`."""
    content_sha256: str
    """The content hash that was reviewed."""
    draft_number: int
    """The number of the draft that was reviewed."""
    people: str | None = None
    """Everybody that the sender counts as, as JSON; None for the sender alone."""


class ApiKeyRow(Row, table=True):
    """An API key: its hash, never the key."""

    __tablename__ = "api_key"
    id: str = Field(primary_key=True)
    """The first part of the key, by which people recognise it."""
    secret_sha256: str
    owner: str
    """The person or machine it belongs to."""
    scopes: str
    """The scopes, separated by spaces."""
    ladders: str | None
    """Slugs separated by spaces; None means all ladders."""
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime | None = Field(sa_type=UtcInstant)
    revoked_at: datetime | None = Field(sa_type=UtcInstant)
    last_used_at: datetime | None = Field(sa_type=UtcInstant)
    created_by: str | None = None
    """The person or machine that created it; None if it was created before this was recorded."""
    creators: str | None = None
    """Everybody whom it counts as in reviews, besides its owner, as JSON; None for nobody."""


class SessionRow(Row, table=True):
    """A person's session in the pages, started with a key or at an OpenID Connect issuer."""

    __tablename__ = "session"
    __table_args__ = (ForeignKeyConstraint(["key_id"], ["api_key.id"]), CLUSTERED)
    id_sha256: str = Field(primary_key=True)
    """The hash of the token in the cookie; the token is not stored."""
    key_id: str | None = Field(default=None, index=True)
    """The key that the session began with; None for a person of the issuer."""
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant, index=True)
    person: str | None = Field(default=None, index=True)
    """The name by which the issuer tells the person apart."""
    shown_name: str | None = None
    """The name to show to the person."""
    grants: str | None = None
    """The rights that the issuer's claims gave, as JSON."""
    issuer: str | None = None
    """The issuer of the person's account."""
    subject: str | None = None
    """The subject of the person's account at the issuer."""
    no_groups: str | None = None
    """The reason why the issuer's claims gave no rights; None if they gave some."""


class WaitingRow(Row, table=True):
    """Content that waits for a person for at most an hour: an upload to confirm, a form kept over a sign-in."""

    __tablename__ = "waiting"
    id_sha256: str = Field(primary_key=True)
    """The hash of the token that finds it; the token is not stored."""
    person: str = Field(index=True)
    """The identity of the person: of an account at an issuer, else the name."""
    purpose: str
    """What it waits for, such as `import`."""
    ladder: str | None
    """The ladder that it is for; None if there is none yet."""
    tag: str | None
    """The entity tag of what it changes, as the person saw it."""
    size: int
    """The number of bytes of the content."""
    content: bytes
    """The content, compressed."""
    created_at: datetime = Field(sa_type=UtcInstant, index=True)


class AuditRow(Row, table=True):
    """An action of a person or machine. Append-only."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcInstant)
    who: str
    """Owner of the key, subject of the token, or `cli:` and the account's name."""
    via: str | None
    """Id of the key, if there was one."""
    action: str
    """Such as `draft.write` or `release.publish`."""
    ladder: str | None = Field(index=True)
    target: str | None
    """The target: `kind:slug`, a release number, or the id of a key."""
    request_id: str | None
    address: str | None
    """The client's address."""
    before_sha256: str | None
    after_sha256: str | None
    detail: str | None
    """More details, as JSON."""


class IdempotencyRow(Row, table=True):
    """The stored response to a caller's POST with an Idempotency-Key."""

    __tablename__ = "idempotency"
    __table_args__ = (CLUSTERED,)
    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_sha256: str
    at: datetime = Field(sa_type=UtcInstant, index=True)
    status: int | None
    """The status of the response; None while the first request is running."""
    headers: str | None
    """The headers as JSON: pairs of name and value."""
    body: bytes | None
