"""All differences between SQLite and PostgreSQL in the SQL of a search."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Dialect:
    """The SQL fragments of one engine for searching."""

    index: str
    """The table that is searched for tokens."""
    matches: str
    """The condition that it matches a question, which is built from `every` and the other fragments."""
    entries: str
    """The join from the matches to their entries."""
    key: str
    """The id of a match in the index."""
    find: str
    """The function that returns the position of one string in another, from 1; 0 if it does not occur."""
    size: str
    """The number of bytes of a string."""
    number: str
    """The type of a position in bytes, a small number."""
    every: str
    """The operator for "and" in a question to the index; the following ones are its other parts."""
    either: str
    exactly: str
    beginning: str


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
    # The subquery hides the question from the planner, which would otherwise read all entries if many seem to match
    # and few are wanted.
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
