"""Coming into force is recorded once; from then on, no clock changes which release is in force."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine

from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import Event, Release
from app.serving.releases.coming_into_force import ForceRecorder
from app.serving.releases.freshness import Freshness
from app.store.engine import reading, writing
from app.store.release_events import record_coming_into_force
from app.store.releases import find_releases
from app.store.revision import get_revision
from tests.api.drafting import write_draft
from tests.api.serving import Clock, problem, serve
from tests.databases import Databases, opened
from tests.store.samples import day, release, say, small, undone


def record(engine: Engine, moment: int) -> tuple[str, ...]:
    with writing(engine) as connection:
        return tuple(str(one.version) for one in record_coming_into_force(connection, ["small"], day(moment)))


def scheduled(engine: Engine) -> Release:
    """Publish a release that is in force at once, and one that comes into force on day 5."""
    release(engine, small())
    return release(engine, small(title="Two"), "2.0.0", published=day(2), effective=day(5))


def recorded(engine: Engine) -> list[bool]:
    with reading(engine) as connection:
        return [one.came_into_force for one in find_releases(connection)]


def revision_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return get_revision(connection)


class Process:
    """One process with a clock of its own."""

    def __init__(self, engine: Engine, today: int) -> None:
        self.clock = Clock(day(today))
        self.freshness = Freshness(engine, self.clock, 0.5)
        self.recorder = ForceRecorder(engine, self.freshness)

    def look(self) -> tuple[str | None, str]:
        """Look at the database and record; return the release in force and the status of 2.0.0."""
        self.freshness.refresh()
        catalog = self.freshness.catalog
        self.recorder.record(catalog)
        found = catalog.in_force.get("small")
        return None if found is None else str(found.version), catalog.status_of(catalog.releases["small"][-1])


def test_a_date_that_has_passed_is_recorded_once(engine: Engine) -> None:
    scheduled(engine)
    assert record(engine, 4) == ()
    before = revision_of(engine)
    assert record(engine, 5) == ("2.0.0",)
    assert (revision_of(engine), recorded(engine)) == (before + 1, [False, True])
    assert record(engine, 6) == ()
    assert revision_of(engine) == before + 1


def test_several_processes_record_a_date_once(engine: Engine) -> None:
    scheduled(engine)
    before = revision_of(engine)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: record(engine, 5), range(4)))
    assert sorted(found) == [(), (), (), ("2.0.0",)]
    assert revision_of(engine) == before + 1


def test_a_release_that_was_withdrawn_before_its_date_never_comes_into_force(engine: Engine) -> None:
    say(engine, scheduled(engine), Event("withdrawn", day(3), "Wrong."))
    assert record(engine, 6) == ()
    assert recorded(engine) == [False, False]


def test_a_record_is_never_changed_or_removed(engine: Engine) -> None:
    scheduled(engine)
    record(engine, 5)
    for statement in (
        "UPDATE coming_into_force SET recorded_at = recorded_at",
        "DELETE FROM coming_into_force",
    ):
        with undone(engine) as connection:
            try:
                connection.exec_driver_sql(statement)
            except Exception as error:  # noqa: BLE001 - each driver has errors of its own
                assert "kept for ever" in str(error)  # noqa: PT017 - as above
            else:
                raise AssertionError(statement)


def test_a_process_whose_clock_is_behind_follows_the_record(engine: Engine) -> None:
    scheduled(engine)
    ahead, behind = Process(engine, 5), Process(engine, 4)
    assert behind.look() == ("1.0.0", "scheduled")
    assert ahead.look() == ("2.0.0", "in-force")
    assert behind.look() == ("2.0.0", "in-force")
    assert behind.freshness.catalog.valid_until is None


def test_a_process_whose_clock_is_set_back_changes_nothing(engine: Engine) -> None:
    scheduled(engine)
    process = Process(engine, 5)
    assert process.look() == ("2.0.0", "in-force")
    process.clock.moment = day(3)
    release(engine, small("other"))
    assert process.look() == ("2.0.0", "in-force")
    assert Process(engine, 3).look() == ("2.0.0", "in-force")


def test_a_record_that_cannot_be_written_is_tried_again_later(engine: Engine) -> None:
    scheduled(engine)
    process = Process(engine, 5)
    process.freshness.refresh()
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
    process.recorder.look()
    process.recorder.close()
    with undone(engine) as connection:
        assert [one.came_into_force for one in find_releases(connection)] == [False, False]


def test_every_read_agrees_with_the_answer_to_a_publish_when_the_clock_is_set_back(
    databases: Databases,
) -> None:
    with databases.fresh("migrated") as url:
        clock = Clock(day(5))
        with opened(url) as engine, serve(url, clock) as api:
            ann = api.key("ann", "write", "publish")
            ladder = Ladder(slug="small", title="Small")
            write_draft(api, ladder)
            wanted = {"content_sha256": content_sha256(canonical(ladder))}
            made = api.client.post("/v1/ladders/small/releases", json=wanted, headers=ann)
            assert (made.status_code, made.json()["status"]) == (201, "in-force")
            clock.moment -= timedelta(hours=1)
            release(engine, small("other"), published=day(1))
            api.refresh()
            assert api.json("/v1/ladders/small")["release"] == "1.0.0"
            assert api.json("/v1/ladders/small/releases/1.0.0")["status"] == "in-force"
            assert [one["status"] for one in api.json("/v1/ladders/small/releases")["items"]] == ["in-force"]
            gone = {"kind": "withdrawn", "reason": "Wrong."}
            clock.moment += timedelta(hours=2)
            told = api.client.post("/v1/ladders/small/releases/1.0.0/events", json=gone, headers=ann)
            assert told.json()["status"] == "withdrawn"
            clock.moment -= timedelta(hours=3)
            release(engine, small("third"), published=day(1))
            api.refresh()
            assert api.json("/v1/ladders/small/releases/1.0.0")["status"] == "withdrawn"
            assert problem(api.client.get("/v1/ladders/small"))[:2] == (404, "nothing-in-force")
