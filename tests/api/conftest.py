"""Fixtures that serve the bundled ladders in this process, read-only, so one application does for all tests."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.api.serving import Api, Clock, serve
from tests.databases import Databases, SqliteDatabases


@pytest.fixture(scope="session")
def seeds(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """The application over all seeds on SQLite; for what does not depend on the engine."""
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        yield served


@pytest.fixture
def client(seeds: Api) -> TestClient:
    """A client of it."""
    return seeds.client


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def each_client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A client of the application over all seeds, on each engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("seeded") as url, serve(url) as served:
        yield served.client


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()


@pytest.fixture
def empty_api(database_url: str, clock: Clock) -> Iterator[Api]:
    """The application over a new database without ladders, on each engine, with a clock that the test sets."""
    with serve(database_url, clock) as served:
        yield served
