"""Fixtures of the tests of the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SqliteDatabases


@pytest.fixture
def sqlite_file(sqlite_databases: SqliteDatabases) -> Iterator[Path]:
    """The file of a new, migrated, empty SQLite database."""
    with sqlite_databases.fresh("migrated") as url:
        yield Path(url.removeprefix("sqlite:///"))
