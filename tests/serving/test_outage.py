"""A lost database under load: loaded releases stay served, other requests fail soon, the service recovers."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
import pytest

from tests.databases import SqliteDatabases, opened
from tests.serving.load import Load, reading
from tests.serving.outages import PASSWORD, Losable, losable_postgresql, losable_sqlite
from tests.serving.processes import Server, percentile, problem_of, serving, until
from tests.store.samples import day, release, small

HOT: Final = (
    "/v1/ladders",
    "/v1/ladders/netflix-engineering",
    "/v1/ladders/netflix-engineering/document",
    "/v1/ladders/example-engineering@1.1.0/levels",
)
LOADED: Final = tuple(
    f"/v1/ladders/netflix-engineering@1.0.0/levels/l5?fields={field}"
    for field in ("title", "code", "rank", "summary", "scope", "attributes", "years_from", "years_to")
)
"""URLs of a release that is in memory; none was read before."""
NOT_LOADED: Final = tuple(f"/v1/ladders/twice@1.0.0/levels?limit={number}" for number in range(1, 51))
"""Of a release that is not in force, so that no warm-up loads it; more than there are threads for routes."""
UNKNOWN: Final = "/v1/ladders/netflix-engineering/levels/none"
"""Only the database knows whether this ever was a level."""
QUICKLY: Final = 3.5
"""Seconds in which every answer must come, a refusal too: to know of a silence takes up to 2.75."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def losable(request: pytest.FixtureRequest) -> Iterator[Losable]:
    sqlite: SqliteDatabases = request.getfixturevalue("sqlite_databases")
    with losable_sqlite(sqlite) if request.param == "sqlite" else losable_postgresql() as found:
        with opened(found.url) as engine:
            release(engine, small("twice"), "1.0.0")
            release(engine, small("twice", "Second"), "1.0.1")
        yield found


@pytest.mark.parametrize("kind", ["gone", "silent"])
def test_an_outage_is_survived_and_heals_without_a_restart(losable: Losable, kind: str) -> None:
    """Gone: stopped, or moved away. Silent: frozen, or locked, so that whoever asks gets no answer."""
    with serving(losable.url) as server, ThreadPoolExecutor(60) as pool:
        for path in HOT * 2:
            assert server.get(path).status_code == 200
        with reading(server, HOT) as load:
            with losable.ways[kind]():
                _refuses_what_is_not_loaded(server, pool)
                _says_so(server)
                for path in (*NOT_LOADED[:3], UNKNOWN):
                    _refused(_timed(server, path))
                assert server.get("/v1/ladders?limit=7").status_code == 200  # the catalog knows all it says
            healed = until(lambda: _status(server) == "ok", within=5)
            assert [server.get(path).status_code for path in (NOT_LOADED[0], UNKNOWN)] == [200, 404]
        _stayed_quick(load)
        print(f"{losable.url.partition(':')[0]} {kind}: {load.told()}; healed after {healed:.2f} s")  # noqa: T201 - the figures
        _sees_a_publish(losable, server, kind)
        assert PASSWORD not in server.logged()


def _refuses_what_is_not_loaded(server: Server, pool: ThreadPoolExecutor) -> None:
    """First reads at the very moment, before anyone knows: of what is loaded, and of what is not."""
    asked = [pool.submit(_timed, server, path) for path in NOT_LOADED]
    first = list(pool.map(lambda path: _timed(server, path), LOADED))
    refused = [one.result() for one in asked]
    for one in refused:
        _refused(one)
    assert [answer.status_code for answer, _ in first] == [200] * len(LOADED)
    assert _slowest(first) < 1.5
    print(f"refused in {_slowest(refused):.2f} s at most, first reads answered in {_slowest(first):.2f} s")  # noqa: T201 - the figures


def _says_so(server: Server) -> None:
    until(lambda: _status(server) == "degraded", within=QUICKLY)
    readyz = server.get("/readyz")
    assert (readyz.status_code, PASSWORD in readyz.text) == (200, False)
    assert readyz.json()["reason"].startswith("The database ")


def _refused(answered: tuple[httpx.Response, float]) -> None:
    answer, seconds = answered
    assert problem_of(answer) == (503, "unavailable", "1")
    assert PASSWORD not in answer.text
    assert seconds < QUICKLY


def _stayed_quick(load: Load) -> None:
    """No hot read failed or waited: the event loop is never held up, whatever the database does."""
    assert (set(load.statuses), load.failures) == ({200}, [])
    assert percentile(load.seconds, 0.99) < 0.1
    assert max(load.seconds) < QUICKLY


def _sees_a_publish(losable: Losable, server: Server, kind: str) -> None:
    with opened(losable.url) as engine:
        release(engine, small(f"after-{kind}"), "1.0.0", published=day(1))
    until(lambda: server.get(f"/v1/ladders/after-{kind}").status_code == 200, within=1)


def _status(server: Server) -> str:
    return str(server.get("/readyz").json()["status"])


def _timed(server: Server, path: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    answer = server.get(path)
    return answer, time.monotonic() - began


def _slowest(answered: Sequence[tuple[httpx.Response, float]]) -> float:
    return max(seconds for _, seconds in answered)
