"""How SQLite and PostgreSQL say what a search needs: all in which they differ."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine says it."""

    chosen: str
    """The releases that are looked through, each with its number among them."""
    candidates: str
    """What may answer, as `entry`, of the releases `chosen`."""
    found: str
    """The same of all releases, to be counted."""
    key: str
    """The id of a candidate, as the index has it."""
    find: str
    """The function that gives the place of one string in another, from 1; 0 where it is not there."""
    size: str
    """Bytes of a string."""
    every: str
    either: str
    exactly: str
    beginning: str
    """How what is asked of the index is put together."""


SQLITE: Final = Dialect(
    chosen="SELECT value AS id, key AS ladder FROM json_each(:releases)",
    candidates=(
        "search_token CROSS JOIN search_entry AS entry ON entry.id = search_token.rowid "
        "CROSS JOIN chosen ON chosen.id = entry.id >> {bits} WHERE search_token MATCH :matching"
    ),
    found="search_token WHERE search_token MATCH {matching}",
    key="search_token.rowid",
    find="instr",
    size="length(CAST({} AS BLOB))",
    every=" AND ",
    either=" OR ",
    exactly='"{}"',
    beginning='"{}" *',
)
POSTGRES: Final = Dialect(
    chosen=(
        "SELECT id, ladder - 1 AS ladder "
        "FROM json_array_elements_text(CAST(:releases AS json)) WITH ORDINALITY AS given (id, ladder)"
    ),
    candidates=(
        "search_entry AS entry JOIN chosen ON CAST(chosen.id AS bigint) = entry.id >> {bits} "
        "WHERE entry.search_token @@ CAST(:matching AS tsquery)"
    ),
    found="search_entry AS entry WHERE entry.search_token @@ CAST({matching} AS tsquery)",
    key="entry.id",
    find="strpos",
    size="octet_length({})",
    every=" & ",
    either=" | ",
    exactly="'{}'",
    beginning="'{}':*",
)


def dialect_of(connection: Connection) -> Dialect:
    """The dialect that a connection speaks."""
    return SQLITE if connection.dialect.name == "sqlite" else POSTGRES
