"""Databases to measure on, in SQLite files that are kept: those of many ladders take minutes to make."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.cli.seeding import seed_missing
from app.rubric.releases import FIRST
from app.store.access.keys import create_key
from app.store.engine import open_engine, writing
from app.store.inserting import NewRelease
from app.store.maintenance.migrating import migrate
from app.store.releases import publish
from app.store.search.index import index_missing
from bench.generate import generate

_A_TRANSACTION: Final = 500
"""Ladders published in one transaction."""
PUBLISHED: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The date at which synthetic ladders are published."""


def url_of(file: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{file.absolute()}"


def seeds(folder: Path, name: str = "seeds") -> str:
    """Return the URL of a database with the bundled ladders and nothing else, made anew."""
    file = folder / f"{name}.db"
    _remove(file)
    migrate(url_of(file))
    engine = open_engine(url_of(file))
    seed_missing(engine, datetime.now(UTC), lambda _: None)
    engine.dispose()
    return url_of(file)


def empty(folder: Path, name: str) -> str:
    """Return the URL of a database without ladders, made anew."""
    file = folder / f"{name}.db"
    _remove(file)
    migrate(url_of(file))
    return url_of(file)


def ladders(folder: Path, count: int) -> str:
    """Return the URL of a database with that many small ladders; made once, and again when their maker has changed.

    It may be of an older schema, so it is migrated each time.
    """
    file = folder / f"ladders-{count}-{_fingerprint()}.db"
    if not file.exists():
        for stale in folder.glob(f"ladders-{count}-*.db*"):
            stale.unlink()
        _fill(file.with_suffix(".part"), count)
        file.with_suffix(".part").rename(file)
    migrate(url_of(file))
    engine = open_engine(url_of(file))
    index_missing(engine)  # else the first server to start would do that, and its start is measured
    engine.dispose()
    return url_of(file)


def key_to(database_url: str) -> str:
    """Return a new key that reads everything."""
    engine = open_engine(database_url)
    with writing(engine) as connection:
        key, _ = create_key(connection, "bench", ["read"], datetime.now(UTC))
    engine.dispose()
    return key


def _fill(file: Path, count: int) -> None:
    _remove(file)
    migrate(url_of(file))
    engine = open_engine(url_of(file))
    for first in range(0, count, _A_TRANSACTION):
        with writing(engine) as connection:
            for number in range(first, min(first + _A_TRANSACTION, count)):
                publish(connection, NewRelease.of(generate(number), FIRST, PUBLISHED))
    engine.dispose()


def _fingerprint() -> str:
    """Changes with the generator."""
    return hashlib.sha256(Path(__file__).with_name("generate.py").read_bytes()).hexdigest()[:12]


def _remove(file: Path) -> None:
    for beside in ("", "-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
