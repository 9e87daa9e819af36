"""The base of all tables: one metadata, whose naming convention gives every constraint a name for migrations.

Text columns accept any text. No answer depends on a collation, because rows are ordered by numbers only.
"""

from datetime import UTC, datetime
from typing import ClassVar, Final

from sqlalchemy import (
    DateTime,
    Dialect,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

CLUSTERED: Final = {"sqlite_with_rowid": False}
"""The table option that makes SQLite keep a release's rows together, without a rowid that INSERT OR REPLACE takes."""


class UtcInstant(TypeDecorator[datetime]):
    """An aware time in UTC; in SQLite a text of fixed width, so its order is the order in time."""

    impl = String
    cache_ok = True
    _FORM: ClassVar[str] = "%Y-%m-%dT%H:%M:%S.%fZ"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return the column type; PostgreSQL has its own."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a time without a time zone (ValueError), because it is ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the store needs aware times")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.strftime(self._FORM).zfill(27)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC, whatever the time zone of the database session."""
        _ = dialect
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """Base of all tables. SQLModel does not validate rows, so building pydantic's validators would waste time."""

    model_config = {"defer_build": True}
