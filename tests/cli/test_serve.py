"""`ladder serve`: preparation, first output, refusals, and shutdown."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pexpect
import pytest

from tests import forked
from tests.api.process import Server, eventually
from tests.cli.shell import database_line, ladder, surroundings
from tests.forked import LADDER


@pytest.fixture
def file_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a SQLite file that is not there yet, in a folder that is not there either."""
    url = f"sqlite:///{tmp_path}/var/ladder.db"
    monkeypatch.setenv("LADDER_DATABASE_URL", url)
    return url


@contextmanager
def serving(*, anew: bool = False, **environment: str) -> Iterator[tuple[Server, list[str]]]:
    """A running server on a free port, and the lines it printed first; `anew` starts it from nothing."""
    folder = Path.cwd()
    out, err = folder / "out.txt", folder / "log.txt"
    around = surroundings(LADDER_METRICS="off", **environment)
    running = Server(forked.start(("serve", "--port", "0"), folder, around, out, err, anew=anew), out, err)
    try:
        eventually(lambda: "Stop with" in running.printed, "the server did not say where it is")
        yield running, running.printed.splitlines()
    finally:
        running.process.kill()
        running.process.wait(60)


@pytest.mark.usefixtures("file_url")
def test_serve_prepares_a_sqlite_database_and_prints_the_urls() -> None:
    with serving(anew=True) as (running, lines):
        base = lines[0].removeprefix("Explorer: ").removesuffix("/")
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", base)
        assert lines == [
            f"Explorer: {base}/",
            f"Documentation: {base}/docs",
            f"First ladder: {base}/v1/ladders/netflix-engineering",
            f"Database: {Path.cwd()}/var/ladder.db (created)",
            "Stop with Ctrl-C.",
        ]
        level = httpx.get(f"{base}/v1/ladders/netflix-engineering/levels/l5", timeout=30)
        assert (level.status_code, level.json()["code"], "server" in level.headers) == (200, "L5", False)
        code = running.stop(signal.SIGINT)
    assert code == 0
    assert all(entry.keys() >= {"time", "level", "logger", "event"} for entry in running.entries)
    assert running.entries[-1]["event"] == f"Finished server process [{running.process.pid}]"


@pytest.mark.usefixtures("file_url")
def test_sigterm_ends_it_after_an_orderly_shutdown() -> None:
    ladder("migrate")
    with serving(LADDER_SEED="false") as (running, lines):
        base = lines[0].removeprefix("Explorer: ").removesuffix("/")
        assert lines[3] == f"Database: {Path.cwd()}/var/ladder.db"
        assert (
            lines[2] == f"Ladders: {base}/v1/ladders (none yet: run `ladder seed` or `ladder publish PATH`)"
        )
        assert httpx.get(f"{base}/v1/ladders", timeout=30).json()["items"] == []
        code = running.stop(signal.SIGTERM)
    assert code in {0, -signal.SIGTERM}
    assert running.entries[-1]["event"] == f"Finished server process [{running.process.pid}]"


@pytest.mark.usefixtures("file_url")
def test_serve_does_not_seed_a_database_with_a_ladder(small: Path) -> None:
    ladder("migrate")
    ladder("publish", small)
    with serving() as (_, lines):
        assert lines[2].endswith("/v1/ladders/small")
    assert [item["ladder"] for item in ladder("list", "--json").json["items"]] == ["small"]


@pytest.mark.usefixtures("file_url")
def test_ctrl_c_on_a_terminal_ends_it_with_0() -> None:
    ladder("migrate")
    child = pexpect.spawn(
        LADDER[0],
        [*LADDER[1:], "serve", "--port", "0"],
        env=surroundings(LADDER_SEED="false", LADDER_METRICS="off"),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Application startup complete")
    child.sendintr()
    shown = child.read()
    child.close()
    assert (child.exitstatus, "Traceback" in shown) == (0, False)


@pytest.mark.usefixtures("file_url")
def test_a_taken_port_is_reported_before_anything_is_created(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = ladder("serve", "--port", str(port))
    assert (ended.code, ended.out, list(tmp_path.iterdir())) == (5, "", [])
    assert ended.err == (
        f"ladder: Cannot listen on 127.0.0.1 port {port}: address already in use. "
        "Choose another address with --host (LADDER_HOST) or --port (PORT).\n"
    )


def test_serve_does_not_migrate_postgresql(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", postgresql_url)
    ended = ladder("serve", "--port", "0")
    assert (ended.code, ended.out, ended.err) == (
        6,
        "",
        "ladder: The database is empty. Run `ladder migrate`, then `ladder seed`.\n",
    )
    assert ladder("list").err == (
        f"ladder: The database has no tables yet. Run `ladder migrate`.\n  {database_line()}"
    )


def test_serve_does_not_seed_postgresql(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", postgresql_url)
    ladder("migrate")
    ended = ladder("serve", "--port", "0")
    assert (ended.code, ended.out, ended.err) == (
        5,
        "",
        (
            "ladder: The database has no ladder. Run `ladder seed` or `ladder publish PATH`, "
            "or set LADDER_SEED=false.\n"
        ),
    )
    assert ladder("list", "--json").json == {"items": []}


def test_a_prepared_postgresql_database_is_served(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", postgresql_url)
    ladder("migrate")
    ladder("seed")
    with serving() as (_, lines):
        first = lines[2].removeprefix("First ladder: ")
        assert httpx.get(first, timeout=30).json()["release"] == "1.0.0"
