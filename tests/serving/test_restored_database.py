"""A database that is restored while the service runs: reads never fail, and answer from the restored data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from app.rubric.ladder import Ladder
from app.store.maintenance.copying import backup, copy_all
from app.store.maintenance.migrating import migrate
from tests.api.serving import Api, problem, serve
from tests.databases import Databases, SqliteDatabases, opened
from tests.store.samples import day, release, small

PINNED = "/v1/ladders/small@1.1.0"
Restore = Callable[[], None]


@dataclass(frozen=True)
class Restorable:
    """A served database, and how to put an older copy in its place."""

    api: Api
    engine: Engine
    restore: Restore

    def title(self, path: str = PINNED) -> str:
        return str(self.api.json(path)["title"])

    def publish(self, ladder: Ladder, version: str) -> None:
        release(self.engine, ladder, version, published=day(2))


@pytest.fixture
def restorable(databases: Databases, tmp_path: Path) -> Iterator[Restorable]:
    with databases.fresh("migrated") as url, restorable_at(url, tmp_path / "backup.db") as found:
        yield found


@contextmanager
def restorable_at(url: str, copy: Path) -> Iterator[Restorable]:
    """Serve ladders of which a backup has only some releases, and those under other ids."""
    with opened(url) as engine:
        release(engine, small(), published=day(1))
        release(engine, small("first"))
        backup(engine, copy)
        release(engine, small("second"))
        release(engine, small("second", title="Second"), "1.0.1", published=day(2))
        release(engine, small(title="Lost"), "1.1.0", published=day(2))
        with serve(url) as api:
            yield Restorable(api, engine, lambda: restore(url, engine, copy))


def restore(url: str, engine: Engine, copy: Path) -> None:
    """Put the backup in the place of the database, as an operator does."""
    if url.startswith("sqlite"):
        replace_file(Path(url.removeprefix("sqlite:///")), copy)
        return
    with engine.begin() as connection:
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    migrate(url)
    with opened(f"sqlite:///{copy}") as source:
        copy_all(source, url)


def replace_file(file: Path, copy: Path) -> None:
    fresh = file.with_suffix(".restored")
    fresh.write_bytes(copy.read_bytes())
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    fresh.rename(file)


def test_reads_answer_from_what_is_there_after_a_restore(restorable: Restorable) -> None:
    assert (restorable.title(), restorable.title("/v1/ladders/second")) == ("Lost", "Second")
    restorable.restore()
    restorable.api.refresh()
    assert restorable.title("/v1/ladders/small") == "Small"
    assert problem(restorable.api.client.get(PINNED))[:2] == (404, "not-found")
    assert problem(restorable.api.client.get("/v1/ladders/second"))[:2] == (404, "not-found")
    assert [one["slug"] for one in restorable.api.json("/v1/ladders")["items"]] == ["first", "small"]


def test_nothing_kept_answers_for_other_content_under_the_same_number(restorable: Restorable) -> None:
    for path in (PINNED, f"{PINNED}/document", f"{PINNED}/search?q=lost"):
        for _ in range(2):
            assert restorable.api.client.get(path).status_code == 200
    restorable.restore()
    restorable.publish(small(title="Found"), "1.1.0")
    restorable.api.refresh()
    assert restorable.title() == "Found"
    assert restorable.api.json(f"{PINNED}/document")["title"] == "Found"
    assert restorable.api.json(f"{PINNED}/search?q=lost")["items"] == []
    assert restorable.api.json(f"{PINNED}/search?q=found")["items"] != []


def test_a_restore_is_seen_even_if_the_revision_has_overtaken_the_old_one(restorable: Restorable) -> None:
    assert restorable.title() == "Lost"
    restorable.restore()
    for number in range(5):
        restorable.publish(small(f"new-{number}"), "1.0.0")
    restorable.publish(small(title="Found"), "1.1.0")
    restorable.api.refresh()
    assert restorable.title() == "Found"
    assert len(restorable.api.json("/v1/ladders")["items"]) == 7


def test_before_the_restore_is_seen_no_read_fails_or_mixes_releases(restorable: Restorable) -> None:
    """Releases in force were loaded before. The ids that the process knows mean other releases by now."""
    restorable.restore()
    restorable.publish(small("zebra", title="Zebra"), "1.0.0")
    restorable.publish(small(title="Found"), "1.1.0")
    second = "/v1/ladders/second@1.0.0"
    for path in (
        second,
        f"{second}/search?q=zebra",
        "/v1/ladders/small/search?q=zebra",
        "/v1/search?q=zebra",
    ):
        answer = restorable.api.client.get(path)
        assert problem(answer)[:2] == (503, "unavailable"), (path, answer.text)
        assert answer.headers["retry-after"] == "1"
    assert restorable.title() == "Lost"
    assert restorable.title("/v1/ladders/small@1.0.0") == "Small"
    restorable.api.refresh()
    assert restorable.title() == "Found"
    assert [one["ladder"] for one in restorable.api.json("/v1/search?q=zebra")["items"]] == ["zebra"]


def test_a_file_that_is_overwritten_in_place_gives_no_500(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    copy = tmp_path / "backup.db"
    with sqlite_databases.fresh("migrated") as url, restorable_at(url, copy) as found:
        file, statuses, ending = Path(url.removeprefix("sqlite:///")), set(), Event()

        def read() -> None:
            number = 0
            while not ending.is_set():
                number += 1
                for slug in ("small@1.0.0", "second", "small@1.1.0"):
                    path = f"/v1/ladders/{slug}/levels?limit={number % 500 + 1}"
                    statuses.add(found.api.client.get(path).status_code)
                found.api.client.get(f"/v1/search?q=small&limit={number % 50 + 1}")
                found.api.refresh()

        thread = Thread(target=read)
        thread.start()
        for _ in range(3):
            for ending_of_file in ("-wal", "-shm"):
                file.with_name(file.name + ending_of_file).unlink(missing_ok=True)
            file.write_bytes(copy.read_bytes())
        ending.set()
        thread.join()
        assert statuses <= {200, 404, 503}
