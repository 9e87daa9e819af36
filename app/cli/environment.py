"""What a command finds around it: the settings, the clock and the database."""

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
    from sqlalchemy import Engine

    from app.store.audit import Actor

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""


def utc_now() -> datetime:
    """The present instant by the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """Handed to every command as the context's `obj`."""

    clock: Clock

    @cached_property
    def settings(self) -> Settings:
        """The settings, read when first asked for: some commands need none. Raises as `Settings.read`."""
        return Settings.read()

    @property
    def actor(self) -> "Actor":
        """Whoever runs the command, as the audit log names them: `cli:` and the account."""
        from app.store.audit import Actor

        try:
            account = getpass.getuser()
        except (KeyError, OSError):  # the account has no name
            account = str(os.getuid())
        return Actor(f"cli:{account}")

    @contextmanager
    def database(self) -> Iterator["Engine"]:
        """The database of the settings, closed afterwards.

        Raises Unavailable where it cannot be reached, SchemaMismatch where `ladder migrate` is due.
        """
        from app.store.engine import open_engine
        from app.store.upkeep.schema import require_current

        engine = open_engine(self.settings.database_url)
        try:
            require_current(engine)
            yield engine
        finally:
            engine.dispose()
