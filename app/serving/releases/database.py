"""Database queries of requests: in threads of their own, and never longer than a client may wait.

A database that hangs holds up neither the event loop nor the threads in which routes run, only what needs it, and
that not for long. Once it is known to be away, nothing is asked of it but whether it is back (`freshness`).
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine

from app.errors import Unavailable
from app.serving.releases.catalog import Catalog
from app.store.engine import reading
from app.store.schema_version import look

PATIENCE: Final = 0.25
"""Seconds after which a waiting request checks whether the database is known to be away."""
MOST_WAITS: Final = 120
"""The number of looks before a request gives up: a query may wait behind many others of a healthy database."""
_AT_ONCE: Final = 4
"""Questions that are asked at the same time; fewer than an engine has connections, so that freshness finds one."""

T = TypeVar("T")


class Database:
    """The database of one process, as requests may use it.

    `away` says why the database is known to be away, if it is: then no one waits to find out again.
    """

    def __init__(self, engine: Engine, away: Callable[[], str | None]) -> None:
        self._engine = engine
        self._away = away
        self._threads = ThreadPoolExecutor(_AT_ONCE, "database")

    def begin(self, question: Callable[[Connection], T], catalog: Catalog | None = None) -> Future[T]:
        """Ask without waiting, in one read-only transaction.

        With a catalog, the question has ids from that catalog, which mean nothing in a database that was restored.
        Raises Unavailable if the database is known to be away.
        """
        self.refuse_if_away()
        return self._threads.submit(self._ask, question, catalog)

    def ask(self, question: Callable[[Connection], T], catalog: Catalog | None = None) -> T:
        """Ask as `begin` does, and wait.

        Raises Unavailable if the database is away, does not answer in time, or was restored.
        """
        return self.wait(self.begin(question, catalog))

    def wait(self, answer: Future[T]) -> T:
        """Wait for the answer to a question. Raises Unavailable if the database turns out to be away."""
        for _ in range(MOST_WAITS):
            try:
                return answer.result(PATIENCE)
            except TimeoutError:
                self.refuse_if_away()
        raise silent()

    def refuse_if_away(self) -> None:
        """Raise Unavailable if the database is known to be away."""
        reason = self._away()
        if reason is not None:
            raise Unavailable(reason, retry_after=1)

    def close(self) -> None:
        """Take no more questions."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, question: Callable[[Connection], T], catalog: Catalog | None) -> T:
        with reading(self._engine) as connection:
            if catalog is not None and look(connection, catalog.revision, catalog.landmark).restored:
                raise restored()
            return question(connection)


def restored() -> Unavailable:
    """Return the error for a database that was restored a moment ago, before this process has read it again."""
    return Unavailable("The database was restored a moment ago. Try again.", retry_after=1)


def silent() -> Unavailable:
    """Return the error for a database that does not answer."""
    return Unavailable("The database does not answer.", retry_after=1)
