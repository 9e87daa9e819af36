"""The tables that search reads: derived from releases, and written anew whenever words are read otherwise.

Beside them each engine keeps an index of its own over `words`, which the migration makes and the engine itself keeps
up to date: a virtual table of SQLite's FTS5, a generated column of PostgreSQL.
"""

from typing import Final

from sqlalchemy import BigInteger, ForeignKeyConstraint, Integer
from sqlmodel import Field

from app.store.tables.base import Row

POSITIONS: Final = 20
"""Bits of an entry's id that hold its place in the release; those above are the id of the release."""
_BIG: Final = BigInteger().with_variant(
    Integer, "sqlite"
)  # SQLite's integers are big, and only they are a rowid


class SearchReleaseRow(Row, table=True):
    """A release whose entries are written."""

    __tablename__ = "search_release"
    __table_args__ = (ForeignKeyConstraint(["id"], ["release.id"]),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Of the release."""
    analysis: str
    """How its words became tokens (`rubric.searching.ANALYSIS`)."""


class SearchEntryRow(Row, table=True):
    """The words of one entity of a release, for search."""

    __tablename__ = "search_entry"
    id: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    """The id of the release and the place in it."""
    kind: str
    about: str
    """The levels and competencies it belongs to or speaks of, each as `kind:slug` between spaces."""
    names_end: int
    lead_end: int
    words: str
    """As `rubric.searching.Entry` says."""


class SearchTextRow(Row, table=True):
    """The texts that a hit shows; a table of its own, so that searching reads less."""

    __tablename__ = "search_text"
    id: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    """Of the entry."""
    address: str
    title: str
    details: str
    """What it belongs to and its parts, as JSON (`store.search_index`)."""
