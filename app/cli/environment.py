"""The environment of a command: settings, clock and database."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from app.store.audit import Actor

Clock = Callable[[], datetime]
"""A function that returns the current time, aware and in UTC."""


def utc_now() -> datetime:
    """Return the current time by the clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """The settings, the clock and the database; every command gets it as `obj` of its context."""

    clock: Clock

    @cached_property
    def settings(self) -> Settings:
        """Read the settings, once and only if a command needs them. Raises SettingsError."""
        return Settings.read()

    @property
    def actor(self) -> "Actor":
        """Return the person who runs the command, as the audit log names them: `cli:` and the account."""
        from app.store.audit import Actor

        try:
            account = getpass.getuser()
        except (KeyError, OSError):  # the account has no name
            account = str(os.getuid())
        return Actor(f"cli:{account}")

    @property
    def database_name(self) -> str:
        """Return the path of the SQLite file, or the URL without user and password."""
        from app.store.driver_errors import place
        from app.store.engine import parse_url

        return place(parse_url(self.settings.database_url))

    @property
    def missing_file(self) -> "Path | None":
        """Return the SQLite file if it does not exist yet; None otherwise."""
        from app.store.engine import parse_url, sqlite_file

        file = sqlite_file(parse_url(self.settings.database_url))
        return None if file is None or file.exists() else file

    @contextmanager
    def database(self) -> Iterator["Engine"]:
        """Open the database of the settings, and close it afterwards.

        Errors name the database in a note. Raises Unavailable if it does not exist or cannot be reached,
        SchemaMismatch if its schema does not match.
        """
        from app.errors import Unavailable
        from app.store.driver_errors import place
        from app.store.engine import open_engine
        from app.store.maintenance.schema_check import require_current

        engine = open_engine(self.settings.database_url)
        try:
            self._require_file()
            require_current(engine)
            yield engine
        except Unavailable as error:
            note = f"Database: {place(engine.url)}"
            if place(engine.url) not in f"{error.detail} {getattr(error, '__notes__', '')}":
                error.add_note(note)
            raise
        finally:
            engine.dispose()

    def _require_file(self) -> None:
        """Raise Unavailable with a fix if the SQLite file does not exist."""
        from app.errors import Unavailable

        file, url = self.missing_file, self.settings.database_url
        if file is not None:
            relative = not url.startswith("sqlite:////")
            hint = " LADDER_DATABASE_URL names it relative to the current folder." if relative else ""
            raise Unavailable(
                f"There is no database at {file}.{hint} "
                "Run `ladder migrate` to create it, or set LADDER_DATABASE_URL to another one."
            )
