"""Errors of the database drivers, translated into our own.

Only errors that an operator or a second attempt can fix are translated. A broken constraint or a wrong statement is a
defect of this software and is raised unchanged.
"""

import re
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import SchemaMismatch, Unavailable

_UNREACHABLE: Final = "cannot be reached: check LADDER_DATABASE_URL, and that its server is running"
_LOCKED: Final = "is locked by another writer"
_READ_ONLY: Final = "is read-only"
_FULL: Final = "has no space left"
_MISSING: Final = "does not exist: check LADDER_DATABASE_URL, or run `ladder migrate`"
_NO_SEARCH: Final = (
    "needs SQLite with FTS5, which the SQLite of this Python lacks: use another Python, such as those of "
    "python.org and Debian, or PostgreSQL (LADDER_DATABASE_URL)"
)
_REFUSED: Final = "refuses access: check the user, password and rights"

_SQLITE_REASONS: Final = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_READONLY: f"{_READ_ONLY}: its file and the folder around it must be writable",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that the file exists and may be read and written",
    sqlite3.SQLITE_PERM: _REFUSED,
    sqlite3.SQLITE_IOERR: "cannot be read from or written to its disk",
    sqlite3.SQLITE_NOTADB: "is not a SQLite file",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore a backup",
}
_POSTGRES_REASONS: Final = {
    "08": _UNREACHABLE,
    "25006": _READ_ONLY,
    "28": _REFUSED,
    "3D": _MISSING,
    "40": "was changed by another writer at the same time",
    "42501": _REFUSED,
    "53": "accepts no more connections",
    "53100": _FULL,
    "55P03": _LOCKED,
    "57": "is being stopped or started",
    "57014": "took too long to answer",
    "58": _UNREACHABLE,
}
"""The reasons by SQLSTATE, or by its first two characters (its class)."""
_POSTGRES_REFUSALS: Final = {"database": _MISSING, "role": _REFUSED, "password": _REFUSED}
"""The reasons by the first word after `FATAL:`. A refused connection has no SQLSTATE, only a message."""
_POSTGRES_MISSING_TABLE: Final = {"42P01", "42703", "3F000"}
_SQLITE_NO_SEARCH: Final = "no such module: fts5"
_SQLITE_MISSING_TABLE: Final = ("no such table", "no such column", "has no column named")


def translated(error: SQLAlchemyError, url: URL) -> Unavailable | None:
    """Return the error for a database that is unreachable, locked, read-only, missing or has another schema.

    Returns None for other errors. The detail names neither host, file, user nor password,
    because clients read it; a note (`add_note`) names the database for the operator's log.
    """
    reason = _reason(error)
    if reason is None and not _lacks_tables(error):
        return None
    fault = (
        SchemaMismatch("The database lacks tables that this version needs. Run `ladder migrate`.")
        if reason is None
        else Unavailable(f"The database {reason}.", retry_after=1)
    )
    fault.add_note(f"Database: {place(url)}")
    return fault


def place(url: URL) -> str:
    """Return the SQLite file, or the URL without user, password and options, for messages to operators."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    bare = URL.create(url.get_backend_name(), host=url.host, port=url.port, database=url.database)
    return bare.render_as_string()


def _reason(error: SQLAlchemyError) -> str | None:
    if isinstance(error, PoolTimeoutError):
        return "is busy: all connections of this process are in use"
    if not isinstance(error, DBAPIError) or _lacks_tables(error):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _NO_SEARCH if _SQLITE_NO_SEARCH in str(error.orig) else _SQLITE_REASONS.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _POSTGRES_REASONS.get(state) or _POSTGRES_REASONS.get(state[:2])
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    refusal = re.search(r"FATAL:\s+(\w+)", str(error.orig))
    return _POSTGRES_REFUSALS.get(refusal[1], _UNREACHABLE) if refusal else _UNREACHABLE


def _lacks_tables(error: SQLAlchemyError) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return any(sign in str(error.orig) for sign in _SQLITE_MISSING_TABLE)
    return getattr(error.orig, "sqlstate", None) in _POSTGRES_MISSING_TABLE
