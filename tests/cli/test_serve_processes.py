"""`ladder serve` as a family of processes: how it ends when it is killed, and where it listens."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.cli.temporary_folder import owned_folder
from tests.api.process import eventually
from tests.databases import SqliteDatabases
from tests.serving.processes import Server, serving


@pytest.fixture(scope="module")
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    with sqlite_databases.fresh("seeded") as url:
        yield url


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def runs(pid: int) -> bool:
    """Return whether a process runs. A zombie, which has ended, does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@contextmanager
def watched(seeded: str, folder: Path, port: int) -> Iterator[Server]:
    """Start two workers from nothing, with metrics, and temporary files in the folder."""
    metrics = f"127.0.0.1:{free_port()}"
    options = ("--port", str(port))
    with serving(seeded, *options, workers=2, LADDER_METRICS=metrics, TMPDIR=str(folder)) as server:
        yield server


def test_when_the_parent_is_killed_its_workers_end_and_free_the_port(seeded: str, tmp_path: Path) -> None:
    port = free_port()
    with watched(seeded, tmp_path, port) as server:
        workers = server.pids()
        assert len(workers) == 2
        os.kill(server.process.pid, signal.SIGKILL)
        eventually(lambda: not any(runs(pid) for pid in workers), "a worker outlived its parent")
        assert len(list(tmp_path.glob("ladder-metrics-*"))) == 1
    with watched(seeded, tmp_path, port) as server:  # the same port, and the folder of the first is gone
        assert server.get("/readyz").status_code == 200
        assert len(list(tmp_path.glob("ladder-metrics-*"))) == 1
    assert list(tmp_path.glob("*ladder-metrics-*")) == []


def test_a_folder_whose_owner_lives_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    foreign = tmp_path / "owned-without-a-lock"
    foreign.mkdir()
    with owned_folder("owned-") as first, owned_folder("owned-") as second:
        assert first.is_dir()
        assert second.is_dir()
        assert first != second
    assert list(tmp_path.iterdir()) == [foreign]


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return socket.has_dualstack_ipv6()


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


def answers(host: str, port: int) -> bool:
    try:
        return httpx.get(f"http://{host}:{port}/healthz", trust_env=False, timeout=30).status_code == 200
    except httpx.ConnectError:
        return False


def port_of(server: Server) -> int:
    found = re.search(r"Documentation: http://\S+:(\d+)/docs", server.out.read_text("utf-8"))
    assert found is not None
    return int(found[1])


@needs_ipv6
def test_every_ipv6_address_includes_ipv4(seeded: str) -> None:
    with serving(seeded, "--host", "::") as server:
        port = port_of(server)
        assert server.base == f"http://localhost:{port}"
        assert [answers(host, port) for host in ("127.0.0.1", "[::1]")] == [True, True]


def test_several_hosts_share_one_port(seeded: str) -> None:
    with serving(seeded, "--host", "127.0.0.2", "--host", "127.0.0.3") as server:
        hosts = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
        assert [answers(host, port_of(server)) for host in hosts] == [False, True, True]
    with serving(seeded, LADDER_HOST="127.0.0.3, 127.0.0.1", workers=2) as server:
        assert [answers(host, port_of(server)) for host in hosts] == [True, False, True]
