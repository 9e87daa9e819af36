"""The last changes of entities in the store: published, copied, verified, and written later for old releases."""

from sqlalchemy import Connection, Engine, delete, update

from app.rubric.index import Index
from app.rubric.last_changes import of_places
from app.rubric.releases import Event
from app.store.engine import reading, writing
from app.store.loading import load_content, load_last_changes
from app.store.maintenance.copying import copy_all
from app.store.maintenance.doctor import verify
from app.store.maintenance.missing_last_changes import find_unrecorded, forget_last_changes, record_missing
from app.store.releases import find_releases
from app.store.tables import METADATA
from tests.databases import SqliteDatabases, opened
from tests.rubric.drafts import draft
from tests.store.samples import day, release, say

TABLE = METADATA.tables["last_changes"]
ONE, TWO, THREE = (f"1.{number}.0" for number in range(3))


def _fill(engine: Engine) -> None:
    """Publish four releases; the third was withdrawn before the fourth."""
    release(engine, draft())
    release(engine, draft({"/levels/0/title": "Programmer"}), "1.1.0", published=day(2))
    wrong = release(engine, draft({"/levels/1/title": "Wrong"}), "1.2.0", published=day(3))
    say(engine, wrong, Event("withdrawn", day(4), "Wrong."))
    release(engine, draft({"/levels/0/title": "Programmer", "/title": "ACME"}), "1.3.0", published=day(5))


def _levels(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the last change of each level, by release and slug."""
    told = {}
    for made in find_releases(connection, "acme"):
        index = Index.of(load_content(connection, made))
        found = of_places(index, load_last_changes(connection, made.id) or {})
        told[str(made.version)] = {
            node.address: found[node.uuid]
            for node in index.of_kind("level")
            if node.uuid is not None and node.uuid in found
        }
    return told


EXPECTED = {
    "1.0.0": {"l4": ONE, "l5": ONE},
    "1.1.0": {"l4": TWO, "l5": ONE},
    "1.2.0": {"l4": THREE, "l5": THREE},
    "1.3.0": {"l4": TWO, "l5": ONE},
}
"""The last change of each level: 1.3.0 builds on 1.1.0."""


def test_last_changes_follow_the_releases_that_each_builds_on(engine: Engine) -> None:
    _fill(engine)
    with reading(engine) as connection:
        assert _levels(connection) == EXPECTED
        assert list(verify(connection)) == []


def test_releases_of_before_get_their_last_changes_later(engine: Engine) -> None:
    _fill(engine)
    forget_last_changes(engine)
    with reading(engine) as connection:
        assert [str(made.version) for made in find_unrecorded(connection)] == list(EXPECTED)
        assert [(one.code, one.place) for one in verify(connection)] == [
            ("unrecorded", f"acme@{version}") for version in EXPECTED
        ]
    told: list[int] = []
    assert record_missing(engine, told.append) == 4
    assert (told, record_missing(engine)) == ([1, 2, 3, 4], 0)
    with reading(engine) as connection:
        assert _levels(connection) == EXPECTED
        assert list(verify(connection)) == []


def test_a_release_on_one_that_is_not_recorded_is_recorded_later(engine: Engine) -> None:
    release(engine, draft())
    forget_last_changes(engine)
    release(engine, draft({"/levels/0/title": "Programmer"}), "1.1.0", published=day(2))
    with reading(engine) as connection:
        assert _levels(connection) == {"1.0.0": {}, "1.1.0": {}}
    record_missing(engine)
    with reading(engine) as connection:
        assert _levels(connection)["1.1.0"] == {"l4": TWO, "l5": ONE}


def test_the_doctor_finds_last_changes_that_do_not_follow(engine: Engine) -> None:
    _fill(engine)
    with writing(engine) as connection:
        ids = [made.id for made in find_releases(connection, "acme")]
        connection.execute(
            update(TABLE).where(TABLE.c.release_id == ids[3]).values(entities='{"1.0.0":[1,2]}')
        )
    with reading(engine) as connection:
        assert [(one.code, one.place) for one in verify(connection)] == [
            ("last-changes-differ", "acme@1.3.0")
        ]
    with writing(engine) as connection:
        connection.execute(delete(TABLE).where(TABLE.c.release_id == ids[3]))
    record_missing(engine)
    with reading(engine) as connection:
        assert list(verify(connection)) == []


def test_a_copy_has_the_same_last_changes(engine: Engine, sqlite_databases: SqliteDatabases) -> None:
    _fill(engine)
    with sqlite_databases.fresh("blank") as url:
        copy_all(engine, url)
        with opened(url) as copied, reading(copied) as connection:
            assert _levels(connection) == EXPECTED
            assert list(verify(connection)) == []
