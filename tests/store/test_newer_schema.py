"""A newer version migrates the database while an older server runs: the server keeps reading and stops writing."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from app.errors import SchemaMismatch
from app.store.access.keys import create_key
from app.store.engine import reading, writing
from app.store.revision import get_revision, take_revision
from app.store.schema_version import REVISION, hold_schema
from tests.api.process import eventually, running
from tests.databases import Databases, opened

REASON = (
    "The database schema is newer than this version. Start the newer software. "
    "Until then, reads continue and writes are refused."
)
LEVELS = "/v1/ladders/example-engineering/levels"
WRITES = (
    ("PATCH", "/v1/ladders/example-engineering@draft", {"title": "New"}, True),
    (
        "POST",
        "/v1/ladders/example-engineering/releases",
        {"bump": "major", "content_sha256": "0" * 64},
        False,
    ),
    ("POST", "/v1/ladders/example-engineering/reviews", {"title": "New"}, False),
    ("PATCH", "/v1/ladders/example-engineering/settings", {"visibility": "internal"}, True),
)


def headers(tag: str | None) -> dict[str, str]:
    return {} if tag is None else {"if-match": tag, "content-type": "application/merge-patch+json"}


def set_version(connection: Connection, version: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_running_server_stops_writing_and_keeps_reading(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("seeded") as url, opened(url) as engine:
        with writing(engine) as connection:
            key, _ = create_key(connection, "ann", ("admin",), datetime.now(UTC))
        with running(tmp_path, url) as server, server.client() as client:
            client.headers["authorization"] = f"Bearer {key}"
            assert client.get(f"{LEVELS}/l5").status_code == 200
            with engine.begin() as connection:
                set_version(connection, "2999_01_01_later")
            for method, path, body, exists in WRITES:
                tag = client.get(path).headers["etag"] if exists else None
                sent = client.request(method, path, json=body, headers=headers(tag))
                assert (sent.status_code, sent.json()["code"]) == (503, "schema-mismatch"), path
                assert sent.json()["detail"] == REASON.partition(" Until")[0]
            assert client.get(f"{LEVELS}/l5").status_code == 200
            assert client.get("/v1/ladders/netflix-engineering@1.0.0/matrix").status_code == 200
            degraded = {"status": "degraded", "reason": REASON}
            eventually(lambda: client.get("/readyz").json() == degraded, "the server did not notice")
            assert client.get(LEVELS).status_code == 200
            with engine.begin() as connection:
                set_version(connection, REVISION)
            eventually(lambda: client.get("/readyz").json() == {"status": "ok"}, "it did not recover")
            method, path, body, _ = WRITES[0]
            tag = client.get(path).headers["etag"]
            assert client.request(method, path, json=body, headers=headers(tag)).status_code == 200
        assert "Traceback" not in server.log


def test_a_write_that_waited_for_a_migration_is_refused(database_url: str) -> None:
    failures: list[BaseException] = []
    begun = threading.Event()

    def write(engine: Engine) -> None:
        begun.set()
        try:
            with writing(engine) as connection:
                take_revision(connection)
        except SchemaMismatch as error:
            failures.append(error)

    with opened(database_url) as engine, opened(database_url, migrating=True) as migrating:
        with reading(engine) as connection:
            before = get_revision(connection)
        with writing(migrating) as connection:
            hold_schema(connection)
            waiting = threading.Thread(target=write, args=(engine,))
            waiting.start()
            assert begun.wait(10)
            waiting.join(0.3)
            assert waiting.is_alive()
            set_version(connection, "2999_01_01_later")
        waiting.join(10)
        assert [str(failure) for failure in failures] == [REASON.partition(" Until")[0]]
        with reading(engine) as connection:
            assert get_revision(connection) == before


@pytest.mark.parametrize("version", ["2999_01_01_later", "2026_11_22_releases"])
def test_a_transaction_does_not_begin_to_write_to_another_schema(database_url: str, version: str) -> None:
    with opened(database_url) as engine:
        with engine.begin() as connection:
            set_version(connection, version)
        with pytest.raises(SchemaMismatch), writing(engine):
            pytest.fail("the transaction began")
