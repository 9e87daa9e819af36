"""Keys in real processes: a new or revoked key is known within a second, also while the database is away."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import Engine

from app.serving.access.key_usage import Usage
from app.serving.access.session_cookie import session_cookie
from app.store.access.api_key import ApiKey
from app.store.access.keys import create_key, find_keys, note_uses, revoke_key, rotate_key
from app.store.access.sessions import create_session, end_session
from app.store.engine import reading, writing
from tests.api.serving import NETFLIX, NOW, Clock, problem, serve
from tests.databases import Databases, SqliteDatabases, opened
from tests.serving.hiding import hide, show
from tests.serving.locks import locked
from tests.serving.outages import Losable, losable_postgresql, losable_sqlite
from tests.serving.processes import PAUSE, Server, serving, until
from tests.store.samples import release, small

PROMISED_SECONDS: Final = 1.0
_BUSY: Final = 4
"""Additional seconds, because other tests share the cores. The measured time is printed."""
AUDIT: Final = "/v1/audit"


@dataclass(frozen=True)
class Cluster:
    """One database, and a connection to each process that serves it; reading needs a key."""

    engine: Engine
    servers: tuple[Server, ...]
    workers: tuple[httpx.Client, ...]

    def key(
        self, *scopes: str, ladders: tuple[str, ...] | None = None, seconds: float | None = None
    ) -> tuple[str, str]:
        """A new key, and its id."""
        now = datetime.now(UTC)
        expires = None if seconds is None else now + timedelta(seconds=seconds)
        with writing(self.engine) as connection:
            key, made = create_key(connection, "ada", scopes, now, ladders=ladders, expires_at=expires)
        return key, made.id

    def seconds_until(self, what: str, path: str, key: str | None, status: int) -> None:
        """Wait until every worker answers with that status; within what is promised."""
        began, waiting, took = time.monotonic(), set(self.workers), []
        while waiting:
            assert time.monotonic() - began < 10, f"{len(waiting)} workers never gave {status}"
            for worker in tuple(waiting):
                if worker.get(path, headers=bearer(key)).status_code == status:
                    waiting.discard(worker)
                    took.append(time.monotonic() - began)
            time.sleep(PAUSE)
        figures = ", ".join(f"{one * 1000:.0f} ms" for one in took)
        print(f"{what} on {self.engine.dialect.name}: {figures}")  # noqa: T201 - the figures
        assert max(took) < PROMISED_SECONDS * _BUSY


def bearer(key: str | None) -> dict[str, str]:
    return {} if key is None else {"authorization": f"Bearer {key}"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Two servers, one of them with two workers."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with ExitStack() as stack:
        url = stack.enter_context(databases.fresh("seeded"))
        engine = stack.enter_context(opened(url))
        servers = [
            stack.enter_context(
                serving(url, workers=workers, LADDER_READ_ACCESS="key", LADDER_RATE_FAILURES="0")
            )
            for workers in (2, 1)
        ]
        found = [stack.enter_context(server.workers()) for server in servers]
        clients = tuple(client for clients in found for client in clients.values())
        assert len(clients) == 3
        yield Cluster(engine, tuple(servers), clients)


def test_every_process_accepts_a_new_key_and_rejects_a_revoked_one(cluster: Cluster) -> None:
    key, number = cluster.key("read")
    cluster.seconds_until("a new key", NETFLIX, key, 200)
    for worker in cluster.workers:  # hot, so that what is kept is asked as well
        assert [worker.get(NETFLIX, headers=bearer(key)).status_code for _ in range(3)] == [200] * 3
    with writing(cluster.engine) as connection:
        revoke_key(connection, number, datetime.now(UTC))
    cluster.seconds_until("a revoked key", NETFLIX, key, 401)


def test_a_rotated_key_is_rejected_after_its_grace_period(cluster: Cluster) -> None:
    old, number = cluster.key("admin")
    cluster.seconds_until("a new key", AUDIT, old, 200)
    with writing(cluster.engine) as connection:
        new, _ = rotate_key(connection, number, datetime.now(UTC), grace=timedelta(seconds=2))
    cluster.seconds_until("its successor", AUDIT, new, 200)
    assert {worker.get(AUDIT, headers=bearer(old)).status_code for worker in cluster.workers} == {200}
    time.sleep(1.5)
    cluster.seconds_until("the end of grace", AUDIT, old, 401)


def test_an_expired_key_is_rejected_also_for_hot_reads(cluster: Cluster) -> None:
    key, _ = cluster.key("read", seconds=2.5)
    cluster.seconds_until("a new key", NETFLIX, key, 200)
    time.sleep(1.5)
    cluster.seconds_until("an expired key", NETFLIX, key, 401)


def test_a_ladder_is_hidden_and_shown_in_every_process(cluster: Cluster) -> None:
    """Test with open reading, because with protected reading a key for another ladder never sees this one."""
    url = cluster.engine.url.render_as_string(hide_password=False)
    path = "/v1/ladders/example-engineering@1.0.0/levels"
    with serving(url, workers=2) as server, server.workers() as found:
        here = Cluster(cluster.engine, (server,), tuple(found.values()))
        for worker in here.workers:
            assert [worker.get(path).status_code for _ in range(3)] == [200] * 3
        hide(cluster.engine, "example-engineering")
        here.seconds_until("a hidden ladder", path, None, 404)
        assert {worker.get("/v1/ladders").text.count("example-engineering") for worker in here.workers} == {0}
        show(cluster.engine, "example-engineering")
        here.seconds_until("a ladder shown again", path, None, 200)


def test_a_session_begins_and_ends_in_every_process(cluster: Cluster) -> None:
    key, number = cluster.key("read")
    cluster.seconds_until("a new key", NETFLIX, key, 200)
    now = datetime.now(UTC)
    with writing(cluster.engine) as connection:
        left, other = (create_session(connection, number, now, now + timedelta(hours=1)) for _ in range(2))
    page = "/ladders/netflix-engineering"

    def told(token: str) -> set[int]:
        sent = {"cookie": f"{session_cookie('')}={token}"}
        return {worker.get(page, headers=sent).status_code for worker in cluster.workers}

    assert (told(left), told(other)) == ({200}, {200})
    with writing(cluster.engine) as connection:
        end_session(connection, left)
    assert (told(left), told(other)) == ({404}, {200})
    with writing(cluster.engine) as connection:
        revoke_key(connection, number, datetime.now(UTC))
    assert told(other) == {404}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def losable(request: pytest.FixtureRequest) -> Iterator[Losable]:
    sqlite: SqliteDatabases = request.getfixturevalue("sqlite_databases")
    with losable_sqlite(sqlite) if request.param == "sqlite" else losable_postgresql() as found:
        yield found


def test_with_the_database_away_known_keys_work_and_unknown_ones_are_503(losable: Losable) -> None:
    with opened(losable.url) as engine:
        known, revoked = _two_keys(engine)
    stranger = f"clk_{'a' * 10}_{'b' * 43}"
    with serving(losable.url, LADDER_READ_ACCESS="key") as server:
        assert server.get(NETFLIX, **bearer(known)).status_code == 200
        with losable.ways["gone"]():
            until(lambda: server.get("/readyz").json()["status"] == "degraded", within=5)
            assert [server.get(NETFLIX, **bearer(known)).status_code for _ in range(3)] == [200] * 3
            refused = server.get(NETFLIX, **bearer(stranger))
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            for surely in (revoked, "no key", known[:-1] + ("a" if known[-1] != "a" else "b")):
                assert server.get(NETFLIX, **bearer(surely)).status_code == 401
            assert server.get(NETFLIX).status_code == 401
        until(lambda: server.get(NETFLIX, **bearer(stranger)).status_code == 401, within=5)


def _two_keys(engine: Engine) -> tuple[str, str]:
    now = datetime.now(UTC)
    with writing(engine) as connection:
        known, _ = create_key(connection, "ada", ["read"], now)
        revoked, made = create_key(connection, "gone", ["read"], now)
        revoke_key(connection, made.id, now)
    return known, revoked


def test_before_first_contact_every_key_gets_503(tmp_path: Path) -> None:
    with serve(f"sqlite:///{tmp_path}/none.db", Clock()) as api:
        answer = api.client.get(NETFLIX, headers=bearer(f"clk_{'a' * 10}_{'b' * 43}"))
        assert problem(answer)[:2] == (503, "unavailable")


def keys(engine: Engine) -> dict[str, ApiKey]:
    with reading(engine) as connection:
        return {key.owner: key for key in find_keys(connection)}


def test_the_last_use_is_written_in_the_background_once_a_minute(database_url: str) -> None:
    clock = Clock()
    with serve(database_url, clock) as api:
        served = api.application.serving
        ada, _ = api.key("ada", "read"), api.key("grace", "read")
        for _ in range(3):
            assert api.client.get("/v1/ladders", headers=ada).status_code == 200
        assert keys(served.engine)["ada"].last_used_at is None  # no request writes it
        served.usage.write()
        assert {owner: key.last_used_at for owner, key in keys(served.engine).items()} == {
            "ada": NOW,
            "grace": None,
        }
        for seconds, written in ((59, NOW), (60, NOW + timedelta(seconds=60))):
            clock.moment = NOW + timedelta(seconds=seconds)
            served.usage._ask_again()  # noqa: SLF001 - what its loop does
            assert api.client.get("/v1/ladders", headers=ada).status_code == 200
            served.usage.write()
            assert keys(served.engine)["ada"].last_used_at == written


def test_several_processes_write_a_use_once_a_minute_together(engine: Engine) -> None:
    with writing(engine) as connection:
        _, made = create_key(connection, "ada", ["read"], NOW)
    for seconds, expected in ((0, 0), (30, 0), (59, 0), (60, 60), (61, 60)):
        with writing(engine) as connection:
            note_uses(connection, {made.id: NOW + timedelta(seconds=seconds)}, timedelta(minutes=1))
        assert keys(engine)["ada"].last_used_at == NOW + timedelta(seconds=expected)


def test_a_last_use_that_cannot_be_written_causes_no_error(
    sqlite_databases: SqliteDatabases, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url, Clock(), log_level="info") as api:
        ada = api.key("ada", "read")
        assert api.client.get("/v1/ladders", headers=ada).status_code == 200
        usage: Usage = api.application.serving.usage
        file = Path(url.removeprefix("sqlite:///"))
        capsys.readouterr()
        file.rename(file.with_suffix(".away"))
        usage.write()
        file.with_suffix(".away").rename(file)
        assert capsys.readouterr().err == ""
        usage.write()
        assert keys(api.application.serving.engine)["ada"].last_used_at is None


def test_a_read_does_not_wait_for_a_use_to_be_written(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock()) as api:
        ada = api.key("ada", "read")
        assert api.client.get(NETFLIX, headers=ada).status_code == 200
        api.application.serving.engine.dispose()
        with locked(Path(url.removeprefix("sqlite:///"))):
            began = time.monotonic()
            assert [api.client.get(NETFLIX, headers=ada).status_code for _ in range(3)] == [200] * 3
            assert time.monotonic() - began < 2


def test_a_read_with_a_key_is_hot_from_the_second_on(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), read_access="key") as api:
        ada, meter = api.key("ada", "read"), api.application.serving.meter
        hits = []
        for _ in range(4):
            assert api.client.get(NETFLIX, headers=ada).status_code == 200
            hits.append(meter.hits)
        assert hits == [0, 1, 2, 3]
        release(api.application.serving.engine, small())
        api.refresh()  # a new catalog admits everybody anew, once
        for _ in range(3):
            assert api.client.get(NETFLIX, headers=ada).status_code == 200
        assert meter.hits == 5


def test_no_secret_is_in_any_log_line_body_or_header(cluster: Cluster) -> None:
    """At the most talkative level, over everything that can go wrong with a credential."""
    key, number = cluster.key("read")
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"  # noqa: S105 - nobody's
    secret = key.removeprefix(f"{number}_")
    url = cluster.engine.url.render_as_string(hide_password=False)
    with serving(url, LADDER_LOG_LEVEL="debug", LADDER_ACCESS_LOG="all") as server:
        said = []
        for sent in (key, key[:-1], token, f"{key} {key}", f"{key}%"):
            for path in (NETFLIX, AUDIT, "/v1/ladders/none", f"/v1/ladders/{key}", f"{NETFLIX}?cursor={key}"):
                answer = server.get(path, authorization=f"Bearer {sent}")
                said.append(_without_path(answer.text, path) + str(answer.headers))
        server.get("/v1/ladders", authorization=key)
        log = server.logged()
    assert "request" in {json.loads(line)["event"] for line in log.splitlines()}
    for text in (log, *said):
        for hidden in (secret, secret[:-1], token, token.rpartition(".")[2]):
            assert hidden not in text
    for server in cluster.servers:
        assert secret not in server.logged()


def _without_path(text: str, path: str) -> str:
    """A body that repeats what the caller wrote into the URL tells nobody else of it."""
    word = path.rpartition("/")[2].rpartition("=")[2]
    return text.replace(word, "")
