"""A real server with the seeds, for generated clients to read from."""

from collections.abc import Iterator

import pytest

from tests.api.process import running
from tests.databases import SqliteDatabases


@pytest.fixture(scope="session")
def base_url(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        sqlite_databases.fresh("seeded") as url,
        running(tmp_path_factory.mktemp("clients"), url) as server,
    ):
        yield server.url
