"""The table of what follows from several releases and is kept because computing it would load all of them."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from app.store.tables.base import Row


class LastChangesRow(Row, table=True):
    """The releases in which the entities of a release last changed. It can be computed again, so it is not sealed."""

    __tablename__ = "last_changes"
    __table_args__ = (ForeignKeyConstraint(["release_id"], ["release.id"]),)
    release_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entities: str
    """The ids of the entities by the number of the release in which they last changed, as JSON."""
