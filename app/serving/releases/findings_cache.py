"""Findings in memory: every page of a draft shows some, and paging through them asks again and again.

Most findings depend on the content alone, so its hash names them for the life of the process. The conflicts of a
draft with what was published before are looked up each time, because another release may be published meanwhile.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from app.rubric.rules import Finding, check_indexed
from app.rubric.rules.slug_history import add_conflicts
from app.rubric.slug_history import History
from app.serving.releases.database import Database
from app.serving.releases.loaded_releases import Loaded, LoadedDraft
from app.store.ladder_names import find_original, find_taken_names
from app.store.slug_history import find_history

_MOST_FINDINGS: Final = 5_000
"""The most findings in the cache. Those that were requested last are always kept."""


class Checks:
    """A bounded store of findings, for many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[Finding, ...]] = OrderedDict()

    def get(self, loaded: Loaded) -> tuple[Finding, ...]:
        """Return all findings about a ladder, in document order."""
        key = loaded.content_sha256
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = check_indexed(loaded.index)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 1 and self._held > _MOST_FINDINGS:
                self._kept.popitem(last=False)
        return made

    @property
    def _held(self) -> int:
        """Return the number of findings kept; each ladder counts as one more."""
        return sum(1 + len(found) for found in self._kept.values())


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
