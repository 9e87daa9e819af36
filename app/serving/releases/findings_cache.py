"""Findings in memory: every page of a draft shows some, and paging through them asks again and again.

Most findings depend on the content alone, so its hash names them for the life of the process. The conflicts of a
draft with what was published before are looked up each time, because another release may be published meanwhile.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.bounded_cache import Bounded
from app.rubric.rules import Finding, check_indexed
from app.rubric.rules.slug_history import add_conflicts
from app.rubric.slug_history import History
from app.serving.releases.database import Database
from app.serving.releases.loaded_releases import Loaded, LoadedDraft
from app.store.ladder_names import find_original, find_taken_names
from app.store.slug_history import find_history

_FINDING: Final = 600
"""Bytes of memory for each finding (measured)."""


class Checks:
    """A store of findings, bounded by estimated bytes; those asked for last are kept in any case."""

    def __init__(self, limit: int) -> None:
        self._kept: Bounded[str, tuple[Finding, ...]] = Bounded(
            limit, lambda found: _FINDING * (1 + len(found))
        )

    def get(self, loaded: Loaded) -> tuple[Finding, ...]:
        """Return all findings about a ladder, in document order."""
        return self._kept.get(loaded.content_sha256, check_indexed, loaded.index)


def findings_of(
    checks: Checks, database: Database, loaded: Loaded, sees: Callable[[str], bool]
) -> tuple[Finding, ...]:
    """Return the errors and warnings of a release or draft, in document order.

    A draft is also checked against what was published before, and against the names of the other ladders that the
    reader sees, by original slug. Raises Unavailable if the database is away.
    """
    found = checks.get(loaded)
    if not isinstance(loaded, LoadedDraft) or loaded.number == 0:
        return found
    history = database.ask(partial(_history, loaded=loaded, sees=sees))
    return add_conflicts(found, loaded.index, history)


def _history(connection: Connection, loaded: LoadedDraft, sees: Callable[[str], bool]) -> History:
    owners = find_taken_names(connection, loaded.ladder, find_original(connection, loaded.slug))
    taken = [name for name, owner in owners.items() if sees(owner)]
    return find_history(connection, loaded.slug, loaded.base, taken)
