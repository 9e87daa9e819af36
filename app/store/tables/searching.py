"""The tables of the search index, derived from releases and rewritten when the analysis of words changes.

In addition, each engine has its own index of `words`, which a migration creates and the engine keeps up to date: a
virtual table of SQLite's FTS5, a generated column in PostgreSQL.
"""

from typing import Final

from sqlalchemy import BigInteger, ForeignKeyConstraint, Integer
from sqlmodel import Field

from app.store.tables.base import Row

POSITIONS: Final = 20
"""The lower bits of an entry's id, which hold its place in the release; the upper bits are the release's id."""
_BIG: Final = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite's INTEGER has 64 bits, and only that type can be the rowid


class SearchReleaseRow(Row, table=True):
    """A release in the search index."""

    __tablename__ = "search_release"
    __table_args__ = (ForeignKeyConstraint(["id"], ["release.id"]),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """The hash of the release's content."""
    analysis: str
    """The version of the analysis that made the tokens (`rubric.searching.ANALYSIS`)."""


class SearchEntryRow(Row, table=True):
    """The words of one entity of a release, for search."""

    __tablename__ = "search_entry"
    id: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    """The id of the release and the place in it."""
    kind: str
    about: str
    """The levels and competencies it belongs to or is about, each as `kind:slug` between spaces."""
    names_end: int
    lead_end: int
    words: str
    """The tokens, as in `rubric.searching.Entry`."""


class SearchTextRow(Row, table=True):
    """The texts that a hit shows. They have their own table, so that searching reads less."""

    __tablename__ = "search_text"
    id: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    """The id of the entry."""
    address: str
    title: str
    details: str
    """The owner and the parts of the document, as JSON (`store.search.index`)."""
