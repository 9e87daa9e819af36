"""Writes `migrations/seals.json`: the hash of every seal that the migrations set, on both engines.

Run it (`python -m tools.seals`) after a migration that makes or changes a trigger; a test holds the file true.
"""

import json
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from app.store.engine import open_engine, reading
from app.store.maintenance.migrating import migrate
from app.store.maintenance.seal_triggers import find_seals
from tests.databases import PostgresDatabases, postgres_server

PATH: Final = Path(__file__).parents[1] / "migrations" / "seals.json"


def seals_of(database_url: str | URL) -> dict[str, str]:
    """Return the seals of a database, once it is migrated."""
    migrate(database_url)
    engine = open_engine(database_url)
    try:
        with reading(engine) as connection:
            return find_seals(connection)
    finally:
        engine.dispose()


def main() -> None:
    """Migrate a new database of each engine, and write down its seals."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = seals_of(f"sqlite:///{folder}/ladder.db")
    with postgres_server() as server:
        databases = PostgresDatabases(server)
        with databases.fresh("blank") as url:
            postgresql = seals_of(url)
        databases.close()
    text = json.dumps({"postgresql": postgresql, "sqlite": sqlite}, indent=2)
    PATH.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
