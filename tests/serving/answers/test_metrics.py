"""`/metrics`: sums over the workers of a host, without names of ladders or keys; a failure stops nothing."""

import os
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.store.engine import writing
from app.store.release_events import record_coming_into_force
from tests.databases import SqliteDatabases, opened
from tests.serving.processes import Server, serving, until

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
SEEDS: Final = ("example-engineering", "netflix-engineering")
LEVEL: Final = "/v1/ladders/netflix-engineering/levels/l5"
LABELS: Final = {"event", "method", "status", "le"}


@pytest.fixture
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """The seeds, with every coming into force recorded: recording one while reads run would make them cold again."""
    with sqlite_databases.fresh("seeded") as url:
        with opened(url) as engine, writing(engine) as connection:
            assert record_coming_into_force(connection, SEEDS, datetime.now(UTC))
        yield url


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def scraped(address: str) -> Samples:
    """Every sample that is not about Python itself."""
    families = text_string_to_metric_families(httpx.get(f"http://{address}/metrics", timeout=30).text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith("ladder_")
    }


def count(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0)


def hits(address: str) -> float:
    return count(scraped(address), "ladder_cache_total", event="hit")


def test_metrics_are_summed_over_workers_and_survive_the_end_of_one(seeded: str) -> None:
    address = free_address()
    with serving(seeded, workers=2, LADDER_METRICS=address) as server:
        _reads(server, 30)
        until(lambda: hits(address) == 60, within=5)  # 30 hot reads by each of two
        samples = scraped(address)
        assert count(samples, "ladder_cache_total", event="not-modified") == 2
        assert count(samples, "ladder_requests_total", method="GET", status="401") == 2
        assert count(samples, "ladder_workers_reaching_database") == 2
        assert count(samples, "ladder_cache_bytes") > 2000
        _names_no_one(samples)
        _kill_one(server)
        assert hits(address) == 60
        _reads(server, 5)  # hot from the first for the one that lives
        until(lambda: hits(address) == 71, within=5)
        until(lambda: count(scraped(address), "ladder_workers_reaching_database") == 2, within=5)


def _reads(server: Server, number: int) -> None:
    """By each worker: a first read, that many hot ones, the last of them a 304, and one with a wrong key."""
    with server.workers() as workers:
        assert len(workers) == 2
        for worker in workers.values():
            first = worker.get(LEVEL)
            for _ in range(number - 1):
                worker.get(LEVEL)
            known = worker.get(LEVEL, headers={"if-none-match": first.headers["etag"]})
            assert known.status_code == 304
            worker.get(LEVEL, headers={"authorization": "Bearer secret-key"})


def _names_no_one(samples: Samples) -> None:
    labels = {pair for _, pairs in samples for pair in pairs}
    assert {name for name, _ in labels} <= LABELS
    told = " ".join(value for _, value in labels)
    assert [word for word in ("netflix", "example-engineering", "l5", "secret") if word in told] == []


def _kill_one(server: Server) -> None:
    before = server.pids()
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(set(server.pids()) - set(before)) == 1 and _both_answer(server), within=90)


def _both_answer(server: Server) -> bool:
    try:
        with server.workers() as workers:
            return len(workers) == server.number
    except httpx.TransportError:
        return False


def test_metrics_are_not_served_at_the_address_of_the_api(seeded: str) -> None:
    with serving(seeded) as server:  # LADDER_METRICS=off
        assert server.get("/metrics").status_code == 404


def test_one_worker_is_counted_too_and_a_file_that_is_just_made_is_no_obstacle(
    seeded: str, tmp_path: Path
) -> None:
    address = free_address()
    with serving(seeded, LADDER_METRICS=address, TMPDIR=str(tmp_path)) as server:
        for _ in range(3):
            assert server.get(LEVEL).status_code == 200
        until(lambda: hits(address) == 2, within=5)
        (folder,) = tmp_path.glob("ladder-metrics-*")
        (folder / "counter_999999.db").touch()
        assert hits(address) == 2


def test_an_address_in_use_for_metrics_only_causes_a_warning(seeded: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with serving(seeded, LADDER_METRICS=address) as server:
            assert server.get(LEVEL).status_code == 200
            assert '"event": "no metrics"' in server.logged()
            assert address in server.logged()
