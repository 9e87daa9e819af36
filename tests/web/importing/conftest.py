"""The service that the pages to bring in ladders are tried on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.api.editing import LADDER
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases


@pytest.fixture
def api(empty_api: Api) -> Api:
    """A ladder that everybody may read, on each engine."""
    empty_api.publish(LADDER, "1.0.0", NOW - timedelta(days=9))
    return empty_api


@pytest.fixture
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """The same on one engine, for what does not depend on it."""
    with sqlite_databases.fresh("migrated") as url, serve(url) as served:
        served.publish(LADDER, "1.0.0", NOW - timedelta(days=9))
        yield served
