"""Fixtures that all tests share: databases on both engines. `-k sqlite` or `-k postgresql` chooses one."""

import gc
import os
import ssl
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Connection, Engine, event

from app.main import create_api, get_ready
from app.settings import Settings
from tests.databases import (
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    opened,
    postgres_server,
    quick_folder,
)

# A whole ladder takes long enough that a busy machine must not fail a property test; `make soak` looks longer.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=15, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("soak", max_examples=1_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_finish() -> None:
    """Work out the routes, and let the collector look less often, and at nothing of what was loaded.

    Applications work routes out behind their start, for which FastAPI holds a warning back: in all threads, so a test
    that catches warnings meanwhile would end that.
    """
    get_ready(create_api(Settings(_env_file=None)))
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class _Compiled(dict[Any, Any]):
    """Statements as compiled for one kind of database, whose engines differ in nothing else here."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:  # noqa: ANN401 - as SQLAlchemy asks
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:  # noqa: ANN401 - as SQLAlchemy gives
        super().__setitem__((key[0].name, *key[1:]), compiled)


_COMPILED: Final = _Compiled()


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores, up to four: many tests wait for servers, browsers and clocks."""
    return min((os.cpu_count() or 1) + 1, 4)


@event.listens_for(Engine, "engine_connect")
def share_what_is_compiled(connection: Connection) -> None:
    """Let all engines of one kind use the same compiled statements: each test has engines of its own."""
    connection.execution_options(compiled_cache=_COMPILED)


# Each HTTP client reads the list of authorities, which takes longer than most requests; no test speaks TLS to others.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]  # the same, once


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    with tempfile.TemporaryDirectory(prefix="ladder-sqlite-", dir=quick_folder()) as folder:
        yield SqliteDatabases(Path(folder))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """Provide the server of all PostgreSQL databases. A process that leaves it twice would end it for the others."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: URL) -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases(postgresql_server)
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Provide the databases of one engine; a test that asks for it runs once on each."""
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    return found


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Provide a new, migrated, empty database."""
    with databases.fresh("migrated") as url:
        yield url


@pytest.fixture
def blank_url(databases: Databases) -> Iterator[str]:
    """Provide a new database that was never migrated; on SQLite, the name of a file that is not there."""
    with databases.fresh("blank") as url:
        yield url


@pytest.fixture
def seeded_url(databases: Databases) -> Iterator[str]:
    """Provide a new database with all bundles of the seed folder published."""
    with databases.fresh("seeded") as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresDatabases) -> Iterator[str]:
    """Provide a new PostgreSQL database that was never migrated."""
    with postgresql_databases.fresh("blank") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Provide an engine on a new, migrated, empty database."""
    with opened(database_url) as found:
        yield found
