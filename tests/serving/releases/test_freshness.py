"""Freshness on both engines, with the clock of the test: when rows are read, and what a lost database changes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from app.errors import Unavailable
from app.rubric.releases import Event
from app.serving.releases.freshness import Freshness
from app.store.engine import open_engine
from app.store.revision import take_revision
from tests.api.serving import Clock
from tests.databases import SqliteDatabases
from tests.serving.locks import locked
from tests.store.samples import day, release, say, small, undone

STARTING = "The database has not been reached yet."


@pytest.fixture
def clock() -> Clock:
    return Clock(day(10))


@pytest.fixture
def freshness(engine: Engine, clock: Clock) -> Freshness:
    return Freshness(engine, clock, 0.5)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent in the block, without those that open and close transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def in_force(freshness: Freshness, slug: str = "small") -> str | None:
    found = freshness.catalog.in_force.get(slug)
    return None if found is None else str(found.version)


def test_before_first_contact_there_is_no_catalog(freshness: Freshness) -> None:
    assert (freshness.status, freshness.newest, freshness.reason) == ("starting", None, STARTING)
    with pytest.raises(Unavailable) as raised:
        _ = freshness.catalog
    assert (raised.value.detail, raised.value.retry_after) == (STARTING, 1)


def test_first_contact_reads_all_releases(freshness: Freshness, engine: Engine) -> None:
    one, other = release(engine, small()), release(engine, small("other"))
    freshness.refresh()
    assert (freshness.status, freshness.reason) == ("ok", None)
    assert freshness.catalog.releases == {"other": (other,), "small": (one,)}


def test_a_look_without_changes_reads_one_row_and_keeps_the_catalog(
    freshness: Freshness, engine: Engine
) -> None:
    release(engine, small())
    freshness.refresh()
    seen = freshness.catalog
    with statements(engine) as sent:
        freshness.refresh()
    assert (len(sent), freshness.catalog is seen) == (1, True)


def test_a_publish_is_seen_at_the_next_look_and_only_that_ladder_is_read(
    freshness: Freshness, engine: Engine
) -> None:
    """Revision, changed ladders, keys, settings; then releases and events of the one that changed."""
    release(engine, small())
    untouched = release(engine, small("other"))
    freshness.refresh()
    before = freshness.catalog
    release(engine, small(title="Second"), "1.0.1", published=day(5))
    with statements(engine) as sent:
        freshness.refresh()
    assert (in_force(freshness), len(sent)) == ("1.0.1", 8)
    assert before.in_force["small"].version != freshness.catalog.in_force["small"].version
    assert freshness.catalog.releases["other"][0] == untouched


def test_a_withdrawal_is_seen_at_the_next_look(freshness: Freshness, engine: Engine) -> None:
    release(engine, small())
    second = release(engine, small(title="Second"), "1.0.1", published=day(5))
    freshness.refresh()
    say(engine, second, Event("withdrawn", day(10), "Wrong."))
    freshness.refresh()
    assert in_force(freshness) == "1.0.0"


def test_a_rolled_back_change_is_never_seen(freshness: Freshness, engine: Engine) -> None:
    release(engine, small())
    freshness.refresh()
    seen = freshness.catalog
    with undone(engine) as connection:
        take_revision(connection)
    freshness.refresh()
    assert freshness.catalog is seen


def test_a_date_ahead_comes_into_force_without_reading_anything(
    freshness: Freshness, engine: Engine, clock: Clock
) -> None:
    release(engine, small())
    release(engine, small(title="Second"), "2.0.0", published=day(5), effective=day(11))
    freshness.refresh()
    assert (in_force(freshness), freshness.catalog.valid_until) == ("1.0.0", day(11))
    clock.moment = day(11)
    engine.dispose()
    with statements(engine) as sent:
        freshness._tick()  # noqa: SLF001 - what the timer does
    assert (in_force(freshness), freshness.catalog.valid_until, sent) == ("2.0.0", None, [])


def test_a_withdrawal_dated_by_a_faster_clock_holds_at_once(freshness: Freshness, engine: Engine) -> None:
    """Clocks of machines differ. A record of one machine holds for all."""
    release(engine, small())
    second = release(engine, small(title="Second"), "1.0.1", published=day(5))
    say(engine, second, Event("withdrawn", day(11), "Wrong."))
    freshness.refresh()
    assert (in_force(freshness), freshness.catalog.valid_until) == ("1.0.0", None)


def test_many_changed_ladders_are_read_in_one_statement(freshness: Freshness, engine: Engine) -> None:
    freshness.refresh()
    for number in range(50):
        release(engine, small(f"many-{number}"))
    with statements(engine) as sent:
        freshness.refresh()
    assert (len(freshness.catalog.releases), len(sent)) == (50, 8)


def test_a_lost_database_leaves_the_catalog_and_is_found_again(
    sqlite_databases: SqliteDatabases, clock: Clock
) -> None:
    with sqlite_databases.fresh("migrated") as url:
        file, engine = Path(url.removeprefix("sqlite:///")), open_engine(url)
        release(engine, small())
        freshness = Freshness(engine, clock, 0.5)
        freshness.refresh()
        file.rename(file.with_suffix(".away"))
        freshness.refresh()
        reason = "The database cannot be opened: check that the file exists and may be read and written."
        assert (freshness.status, freshness.reason, in_force(freshness)) == ("degraded", reason, "1.0.0")
        file.with_suffix(".away").rename(file)
        freshness.refresh()
        assert (freshness.status, freshness.reason) == ("ok", None)
        engine.dispose()


def test_after_any_error_of_a_look_the_next_one_may_succeed(freshness: Freshness, engine: Engine) -> None:
    """A fault that no one foresaw must not end the looking: nothing would ever change again."""
    release(engine, small())
    freshness.refresh()

    def fail(*_: object) -> None:
        raise RecursionError

    event.listen(engine, "before_cursor_execute", fail)
    freshness.refresh()
    assert (freshness.status, freshness.reason) == (
        "degraded",
        "The database could not be read (RecursionError).",
    )
    event.remove(engine, "before_cursor_execute", fail)
    freshness.refresh()
    assert freshness.status == "ok"


def test_a_look_that_hangs_is_noticed_and_dates_ahead_are_kept(
    sqlite_databases: SqliteDatabases, clock: Clock
) -> None:
    """A held lock stands for any silent database: the query hangs in its thread, and the event loop continues."""
    with sqlite_databases.fresh("migrated") as url:
        engine = open_engine(url)
        release(engine, small())
        release(engine, small(title="Second"), "2.0.0", published=day(5), effective=day(11))
        freshness = Freshness(engine, clock, 0.05)
        freshness.refresh()
        file = Path(url.removeprefix("sqlite:///"))
        engine.dispose()
        asyncio.run(_hang(freshness, file, clock))
        freshness.refresh()
        assert freshness.status == "ok"  # the lock is gone
        engine.dispose()


async def _hang(freshness: Freshness, file: Path, clock: Clock) -> None:
    with locked(file):
        running = asyncio.create_task(freshness.run(lambda: None))
        await asyncio.sleep(0.3)
        clock.moment = day(11)
        await asyncio.sleep(0.2)
        assert (in_force(freshness), freshness.status) == ("2.0.0", "ok")
        await asyncio.sleep(1.5)
        assert freshness.reason == "The database does not answer."
        running.cancel()
