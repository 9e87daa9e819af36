"""Asking the database on behalf of requests: in threads of its own, and never for longer than a caller may wait.

A database that hangs holds up neither the event loop nor the threads in which routes run, only what needs it, and
that not for long. Once it is known to be away, nothing is asked of it but whether it is back (`freshness`).
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine

from app.errors import Unavailable
from app.store.engine import reading

PATIENCE: Final = 0.25
"""Seconds after which whoever waits looks whether the database is known to be away by now; it costs little."""
MOST_WAITS: Final = 120
"""How often they look before they give up, for a question may wait behind many others of a healthy database."""
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

    def begin(self, question: Callable[[Connection], T]) -> Future[T]:
        """Ask without waiting: one read-only transaction. Raises Unavailable where it is known to be away."""
        self.refuse_if_away()
        return self._threads.submit(self._ask, question)

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Ask and wait. Raises Unavailable where the database is away or does not answer in time."""
        return self.wait(self.begin(question))

    def wait(self, answer: Future[T]) -> T:
        """Wait for what was asked. Raises Unavailable where the database turns out to be away meanwhile."""
        for _ in range(MOST_WAITS):
            try:
                return answer.result(PATIENCE)
            except TimeoutError:
                self.refuse_if_away()
        raise silent()

    def refuse_if_away(self) -> None:
        """Raise Unavailable where the database is known to be away."""
        reason = self._away()
        if reason is not None:
            raise Unavailable(reason, retry_after=1)

    def close(self) -> None:
        """Take no more questions."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, question: Callable[[Connection], T]) -> T:
        with reading(self._engine) as connection:
            return question(connection)


def silent() -> Unavailable:
    """The error for a database that gives neither an answer nor a refusal."""
    return Unavailable("The database does not answer.", retry_after=1)
