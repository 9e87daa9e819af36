"""The tables of people with accounts at an issuer, and of the rights that admins granted to them."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from app.store.tables.base import CLUSTERED, Row, UtcInstant


class PersonRow(Row, table=True):
    """A person with an account at an issuer to whom admins granted rights, or an invitation to an email address."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("issuer", "subject"), CLUSTERED)
    id: str = Field(primary_key=True)
    """`per_` and ten letters."""
    issuer: str
    subject: str | None
    """The subject at the issuer; None until the invited person signs in."""
    email: str | None = Field(index=True)
    """The invited address, in lower case."""
    name: str | None
    """The name to show."""
    created_by: str
    created_at: datetime = Field(sa_type=UtcInstant)
    signed_in_at: datetime | None = Field(sa_type=UtcInstant)
    """The first sign-in after the person was added."""


class PersonGrantRow(Row, table=True):
    """Rights that admins granted to a person on one ladder, or on all."""

    __tablename__ = "person_grant"
    __table_args__ = (ForeignKeyConstraint(["person_id"], ["person.id"]), CLUSTERED)
    person_id: str = Field(primary_key=True)
    ladder: str = Field(primary_key=True)
    """Slug of the ladder; empty for all ladders."""
    rights: str
    """The rights, separated by spaces."""
