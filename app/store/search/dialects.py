"""How SQLite and PostgreSQL say what a search needs: all in which they differ."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Dialect:
    """The SQL of one engine for searching."""

    index: str
    """What is looked through for tokens."""
    matches: str
    """That it has those of a question, which is written as `every` and the other signs say."""
    entries: str
    """What joins the entries to what was found."""
    key: str
    """The id of what was found, as the index has it."""
    find: str
    """The function that gives the place of one string in another, from 1; 0 where it is not there."""
    size: str
    """Bytes of a string."""
    number: str
    """A small number, as a place in bytes is given."""
    every: str
    either: str
    exactly: str
    beginning: str
    """How what is asked of the index is put together."""


SQLITE: Final = Dialect(
    index="search_token",
    matches="search_token MATCH {}",
    entries=" CROSS JOIN search_entry AS entry ON entry.id = search_token.rowid",
    key="search_token.rowid",
    find="instr",
    size="length(CAST({} AS BLOB))",
    number="{}",
    every=" AND ",
    either=" OR ",
    exactly='"{}"',
    beginning='"{}" *',
)
POSTGRES: Final = Dialect(
    index="search_entry AS entry",
    # Asked of a subquery, so that no plan is made for this very question: where many entries seem to answer and few
    # are wanted, the planner would read them all.
    matches="entry.search_token @@ (SELECT CAST({} AS tsquery))",
    entries="",
    key="entry.id",
    find="strpos",
    size="octet_length({})",
    number="CAST({} AS integer)",
    every=" & ",
    either=" | ",
    exactly="'{}'",
    beginning="'{}':*",
)


def dialect_of(connection: Connection) -> Dialect:
    """Return the search dialect of a connection."""
    return SQLITE if connection.dialect.name == "sqlite" else POSTGRES
