"""Several processes at once: exactly one wins a number, and who is killed leaves nothing half-written."""

from multiprocessing import Pipe
from time import sleep

import pytest

from app.rubric.releases import Version
from app.store.engine import reading
from app.store.releases import find_releases
from app.store.revision import get_revision
from app.store.verify import verify
from tests.databases import opened
from tests.store.publishers import APART, publish_on, publish_one
from tests.store.samples import day, release, small

PUBLISHERS = 4


@pytest.mark.parametrize("first", [True, False], ids=["a first release", "a later release"])
def test_of_several_that_publish_one_number_exactly_one_wins(database_url: str, *, first: bool) -> None:
    version = "1.0.0" if first else "1.1.0"
    with opened(database_url) as engine:
        if not first:
            release(engine, small())
    start, outcomes = APART.Barrier(PUBLISHERS), APART.Queue()
    processes = [
        APART.Process(target=publish_one, args=(database_url, f"Title {number}", version, start, outcomes))
        for number in range(PUBLISHERS)
    ]
    for process in processes:
        process.start()
    said = sorted(outcomes.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(60)
    refused = f"small is at {version} already: a new number must be greater than {version}."
    assert said == [f"made {version}", *[refused] * (PUBLISHERS - 1)]
    with opened(database_url) as engine, reading(engine) as connection:
        assert [str(made.version) for made in find_releases(connection)][-1:] == [version]
        assert get_revision(connection) == len(find_releases(connection))
        assert list(verify(connection)) == []


@pytest.mark.parametrize("milliseconds", [0, 15, 60])
def test_a_publisher_that_is_killed_leaves_whole_releases_only(database_url: str, milliseconds: int) -> None:
    """The moments of the kill lie at and after an acknowledgement, within the next publish."""
    heard, told = Pipe(duplex=False)
    process = APART.Process(target=publish_on, args=(database_url, told))
    process.start()
    told.close()
    assert heard.poll(60)
    acknowledged = [heard.recv()]
    sleep(milliseconds / 1000)
    process.kill()
    process.join(60)
    while heard.poll():
        try:
            acknowledged.append(heard.recv())
        except EOFError:
            break
    with opened(database_url) as engine:
        with reading(engine) as connection:
            found = [made.version.patch for made in find_releases(connection)]
            assert list(verify(connection)) == []
        assert found == list(range(1, len(found) + 1))
        assert len(found) - len(acknowledged) in {0, 1}
        after = release(engine, small("large", "After"), "2.0.0", published=day(2000))
        assert after.version == Version(2, 0, 0)
