"""A server process from start to end: what it says, logs and does when told to stop, and with a broken database."""

import shutil
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.cli.exit_codes import ExitCode
from tests.api.process import Server, eventually, running, start
from tests.api.serving import NETFLIX
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, opened

PATH: Final = f"{NETFLIX}/levels/l5"


def ended(server: Server) -> tuple[int, str]:
    """The exit status of a server that does not come up, and what it said."""
    try:
        return server.process.wait(60), server.printed + server.log
    finally:
        server.process.kill()


def test_it_says_where_it_is_answers_logs_json_and_stops_when_told(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh("seeded") as url, running(tmp_path, url) as server:
        with server.client() as client:
            assert client.get(PATH).json()["slug"] == "l5"
            assert client.get(PATH, headers={"x-request-id": "seen"}).status_code == 200
            assert client.get("/v1/nothing", headers={"x-request-id": "missed"}).status_code == 404
        assert server.stop() == -signal.SIGTERM  # passed on once all is finished
        assert server.entries[-1]["event"].startswith("Finished server process")
        lines = server.printed.splitlines()
        assert lines[:3] == [
            f"Explorer: {server.url}/",
            f"Documentation: {server.url}/docs",
            f"First ladder: {server.url}/v1/ladders/netflix-engineering",
        ]
        assert all({"time", "level", "logger", "event"} <= entry.keys() for entry in server.entries)
        requests = {entry["request_id"]: entry for entry in server.entries if entry["event"] == "request"}
        assert "seen" not in requests  # answered from memory
        assert {name: requests["missed"][name] for name in ("method", "path", "status")} == {
            "method": "GET",
            "path": "/v1/nothing",
            "status": 404,
        }
        assert "Traceback" not in server.log


def test_no_log_line_holds_the_password_of_the_database(
    postgresql_databases: PostgresDatabases, tmp_path: Path
) -> None:
    password = "Tr0ub4dor-s3cret"  # noqa: S105 - looked for in the log
    with postgresql_databases.fresh("seeded") as given:
        url = make_url(given).set(password=password).render_as_string(hide_password=False)
        with running(tmp_path, url, LADDER_LOG_LEVEL="debug") as server, server.client() as client:
            client.get(PATH, headers={"authorization": "Bearer t0ken-s3cret"})
            with opened(given) as engine, engine.connect() as connection:
                name = connection.execute(text("SELECT current_database()")).scalar_one()
            _close_connections(given, name)
            eventually(lambda: client.get("/readyz").status_code == 200, "it never got well")
            server.stop()
            assert password not in server.log + server.printed
            assert "s3cret" not in server.log + server.printed


def _close_connections(url: str, name: str) -> None:
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = :name AND pid <> pg_backend_pid()"
        )
        connection.execute(text(others), {"name": name})
    admin.dispose()


def test_a_stopping_server_finishes_running_requests(
    postgresql_databases: PostgresDatabases, tmp_path: Path
) -> None:
    answers: list[httpx.Response] = []
    with postgresql_databases.fresh("seeded") as url, running(tmp_path, url) as server, opened(url) as engine:
        with server.client() as client, engine.begin() as connection:
            client.get(PATH)
            tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE tablename LIKE '%slug%'"))
            (table,) = tables.scalars()
            connection.execute(text(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE'))
            asking = threading.Thread(target=lambda: answers.append(client.get(f"{NETFLIX}/levels/none")))
            asking.start()
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            eventually(lambda: connection.execute(waiting).scalar_one() > 0, "nothing waits for the lock")
            server.process.send_signal(signal.SIGTERM)
            connection.rollback()
            asking.join(20)
        assert [answer.status_code for answer in answers] == [404]
        assert server.process.wait(20) == -signal.SIGTERM


def test_a_sqlite_file_that_is_moved_away_leaves_what_was_served_and_heals(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    with sqlite_databases.fresh("seeded") as url:
        file = Path(url.removeprefix("sqlite:///"))
        with running(tmp_path, url) as server, server.client() as client:
            served = client.get(PATH)
            away = shutil.move(file, tmp_path / "away.db")
            eventually(lambda: client.get("/readyz").json()["status"] == "degraded", "it never noticed")
            assert client.get("/readyz").status_code == 200
            assert client.get("/readyz").json()["reason"]
            again = client.get(PATH)
            assert (again.status_code, again.content) == (200, served.content)
            lost = client.get("/v1/ladders/example-engineering@1.0.0")
            assert (lost.status_code, lost.json()["code"]) == (503, "unavailable")
            assert lost.headers["content-type"] == "application/problem+json"
            assert int(lost.headers["retry-after"]) >= 1
            assert str(file) not in lost.text
            shutil.move(away, file)
            eventually(lambda: client.get("/readyz").json() == {"status": "ok"}, "it never healed")
            assert client.get("/v1/ladders/example-engineering@1.0.0").status_code == 200


def test_a_database_of_newer_software_is_left_alone(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("seeded") as url:
        with opened(url) as engine, engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '2999_01_01_later'"))
        status, said = ended(start(tmp_path, url))
        assert status == ExitCode.DATABASE
        assert "newer" in said
        assert "Traceback" not in said


def test_a_locked_sqlite_file_is_waited_for_and_then_named(
    sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    with sqlite_databases.fresh("blank") as url:
        file = Path(url.removeprefix("sqlite:///"))
        with sqlite3.connect(file, isolation_level=None) as holder:
            holder.execute("PRAGMA journal_mode = WAL")
            holder.execute("BEGIN IMMEDIATE")
            status, said = ended(start(tmp_path, url))
            holder.execute("ROLLBACK")
        holder.close()
        assert status == ExitCode.DATABASE
        assert "locked" in said
        assert "Traceback" not in said


def test_what_is_no_sqlite_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ladder.db"
    file.write_bytes(b"This is a letter, not a database. " * 100)
    status, said = ended(start(tmp_path, f"sqlite:///{file}"))
    assert status == ExitCode.DATABASE
    assert "is not a SQLite file" in said
    assert "Traceback" not in said


def test_a_postgresql_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    status, said = ended(start(tmp_path, "postgresql://someone:s3cret@127.0.0.1:9/ladder"))
    assert status == ExitCode.DATABASE
    assert "cannot be reached" in said
    assert "s3cret" not in said
    assert "Traceback" not in said


def test_a_read_only_postgresql_is_served(postgresql_databases: PostgresDatabases, tmp_path: Path) -> None:
    with postgresql_databases.fresh("seeded") as url:
        with (
            opened(url) as engine,
            engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        with running(tmp_path, url) as server, server.client() as client:
            assert client.get(PATH).status_code == 200
            assert client.get("/readyz").json() == {"status": "ok"}
