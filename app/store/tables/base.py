"""What all tables share: one metadata, whose naming convention gives every constraint a name for migrations.

Text columns take any text. No answer depends on a collation: rows are ordered by numbers alone.
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
"""SQLite keeps a release's rows together, and there is no hidden rowid that INSERT OR REPLACE could take."""


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant in UTC; in SQLite a text of fixed width, so that its order is the order in time."""

    impl = String
    cache_ok = True
    _FORM: ClassVar[str] = "%Y-%m-%dT%H:%M:%S.%fZ"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return the column type; PostgreSQL has its own."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a time without zone (ValueError): nobody could say which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the store takes aware instants only")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.strftime(self._FORM).zfill(27)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        """Give the instant in UTC, whatever zone the server's session is in."""
        _ = dialect
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """Base of all tables. SQLModel validates no row, so pydantic's validators of rows would be built for nothing."""

    model_config = {"defer_build": True}
