"""Simultaneous processes: exactly one gets a number, and a killed one leaves nothing half-written."""

from multiprocessing import Pipe
from random import Random
from time import sleep

import pytest
from sqlalchemy import Engine, func, select

from app.store.drafts import find_draft_head
from app.store.engine import reading
from app.store.maintenance.doctor import verify
from app.store.releases import find_releases
from app.store.revision import get_revision
from app.store.tables import METADATA
from tests.databases import opened
from tests.forked import forking
from tests.store.publishers import publish_next, publish_on, publish_one, write_next
from tests.store.samples import release, small

PROCESSES = 5
THREADS = 10
"""Publishers in each process: 50 in all."""
BUSY = "The database is locked by another writer."
"""What one is told who waited too long for their turn, on a slow machine."""
KILLS = 20
MANY_KILLS = 500
_LONGEST = 0.06
"""Seconds after an acknowledgement within which a publisher is killed: about as long as the next one takes."""


@pytest.mark.parametrize("first", [True, False], ids=["a first release", "a later release"])
def test_of_fifty_that_publish_one_number_exactly_one_wins(database_url: str, *, first: bool) -> None:
    version = "1.0.0" if first else "1.1.0"
    with opened(database_url) as engine:
        if not first:
            release(engine, small())
    apart = forking()
    start, outcomes = apart.Barrier(PROCESSES), apart.Queue()
    titles = [[f"Title {one}-{other}" for other in range(THREADS)] for one in range(PROCESSES)]
    processes = [
        apart.Process(target=publish_one, args=(database_url, some, version, start, outcomes))
        for some in titles
    ]
    for process in processes:
        process.start()
    said = [outcomes.get(timeout=60) for _ in range(PROCESSES * THREADS)]
    for process in processes:
        process.join(60)
    refused = f"The newest release of 'small' is {version}. A new number must be greater."
    assert said.count(f"made {version}") == 1
    assert set(said) - {f"made {version}"} <= {refused, BUSY}
    with opened(database_url) as engine, reading(engine) as connection:
        assert [str(made.version) for made in find_releases(connection)][-1:] == [version]
        assert get_revision(connection) == len(find_releases(connection))
        assert list(verify(connection)) == []


def test_a_publisher_that_is_killed_at_any_moment_leaves_none_or_a_whole_release(database_url: str) -> None:
    _kill(database_url, KILLS)


@pytest.mark.soak
def test_many_publishers_that_are_killed_leave_whole_releases_only(database_url: str) -> None:
    _kill(database_url, MANY_KILLS)


def _kill(database_url: str, times: int) -> None:
    """Kill that many publishers at random moments; each time, what there is must be whole."""
    moments = Random(times)  # noqa: S311 - moments, not secrets
    with opened(database_url) as engine:
        for _ in range(times):
            before = _count(engine)
            acknowledged = _publish_until_killed(database_url, moments.uniform(0, _LONGEST))
            write_next(engine)  # waits for what the killed one had begun
            assert _count(engine) - before - acknowledged in {0, 1}
        assert str(publish_next(engine)) == f"{_count(engine)}.0.0"
        with reading(engine) as connection:
            assert list(verify(connection)) == []


def _publish_until_killed(database_url: str, seconds: float) -> int:
    """Kill a publisher so long after its first acknowledgement; gives how many it told of."""
    heard, told = Pipe(duplex=False)
    process = forking().Process(target=publish_on, args=(database_url, told))
    process.start()
    told.close()
    assert heard.poll(60)
    heard.recv()
    sleep(seconds)
    process.kill()
    process.join(60)
    acknowledged = 1
    while heard.poll():
        try:
            heard.recv()
        except EOFError:
            break
        acknowledged += 1
    heard.close()
    return acknowledged


def _count(engine: Engine) -> int:
    """Return the number of releases. Each is logged once, and no draft is left."""
    audit = METADATA.tables["audit"]
    published = select(func.count()).where(audit.c.action == "release.publish")
    with reading(engine) as connection:
        line = find_releases(connection)
        assert [made.version.major for made in line] == list(range(1, len(line) + 1))
        assert connection.execute(published).scalar_one() == len(line)
        head = find_draft_head(connection, "large")
        assert head is None or head.content_sha256 not in {made.content_sha256 for made in line}
    return len(line)
