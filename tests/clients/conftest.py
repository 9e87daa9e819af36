"""A real server with the seeds, a later version of it, and the locked generators."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.api.process import running
from tests.clients.generated import ROOT, run
from tests.clients.tomorrow import tomorrow
from tests.databases import SqliteDatabases

_GENERATORS: Final = Path(__file__).parent / "generators"


@pytest.fixture(scope="session")
def base_url(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        sqlite_databases.fresh("seeded") as url,
        running(tmp_path_factory.mktemp("clients"), url) as server,
    ):
        yield server.url


@pytest.fixture(scope="session")
def origins(base_url: str) -> Iterator[Sequence[str]]:
    """Provide the server of today, and a later version whose responses have new values and fields."""
    with tomorrow(base_url) as later:
        yield (base_url, later)


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the locked npm packages, their configuration and the document."""
    assert shutil.which("npm"), "npm is missing. Debian, Ubuntu: apt install npm; elsewhere install Node.js."
    folder = tmp_path_factory.mktemp("generators")
    for file in _GENERATORS.iterdir():
        shutil.copyfile(file, folder / file.name)
    shutil.copyfile(ROOT / "openapi.json", folder / "openapi.json")
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    return folder


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` folder of an environment with the locked Python generators."""
    folder = tmp_path_factory.mktemp("python-generators") / "venv"
    run(ROOT, sys.executable, "-m", "venv", folder)
    lock = ROOT / "requirements/generators.txt"
    run(ROOT, folder / "bin/pip", "--quiet", "install", "--require-hashes", "--requirement", lock)
    return folder / "bin"
