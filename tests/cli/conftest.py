"""Fixtures for tests of the command. Each test has its own folder and database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.service import Service, serving
from tests.cli.shell import SMALL
from tests.databases import SqliteDatabases


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, where no `.env` and no database of somebody's lies."""
    ours = ("PORT", "LADDER_HOST", "LADDER_SEED", "LADDER_SERVER", "LADDER_KEY")
    for name in (
        *ours,
        "NO_COLOR",
        "FORCE_COLOR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{tmp_path}/unused/ladder.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a migrated, empty database that the command works on."""
    monkeypatch.setenv("LADDER_DATABASE_URL", database_url)
    return database_url


@pytest.fixture
def some_database(sqlite_databases: SqliteDatabases, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same on SQLite alone, for what is decided before the database is asked."""
    with sqlite_databases.fresh("migrated") as url:
        monkeypatch.setenv("LADDER_DATABASE_URL", url)
        yield url


@pytest.fixture
def seeded(seeded_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database with all seeds that the command works on."""
    monkeypatch.setenv("LADDER_DATABASE_URL", seeded_url)
    return seeded_url


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The smallest ladder without a finding, in a file."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def service(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service over an empty database, which commands talk to by default, with a key of Ada's that may all."""
    with serving(database_url) as found:
        monkeypatch.setenv("LADDER_SERVER", found.url)
        monkeypatch.setenv("LADDER_KEY", found.key("ada", "admin"))
        yield found
