"""Copies between engines, both ways, and backups while the server runs."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, event, inspect, select, text

from app.errors import Conflict, Internal, SchemaMismatch
from app.rubric.releases import Event, Release, Version
from app.store.access.keys import create_key
from app.store.audit import Action, Actor, record
from app.store.engine import open_engine, reading, writing
from app.store.inserting import NewRelease
from app.store.loading import load_content
from app.store.maintenance.copying import Copied, backup, copy_all
from app.store.maintenance.doctor import verify
from app.store.release_events import record_coming_into_force
from app.store.releases import find_releases, publish
from app.store.revision import get_revision
from app.store.tables import METADATA
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, State, opened
from tests.store.authoring_rows import AT, work
from tests.store.samples import day, full, large, release, say, small

Both = dict[str, Databases]
ROWS = ("draft_author", "ladder_setting", "review", "review_entry", "api_key", "audit")
"""Tables that are copied as they are."""


@pytest.fixture
def both(sqlite_databases: SqliteDatabases, postgresql_databases: PostgresDatabases) -> Both:
    return {"sqlite": sqlite_databases, "postgresql": postgresql_databases}


def _fill(engine: Engine) -> None:
    """Publish two ladders with three releases and a rename, record events, and let authors work."""
    first = release(engine, full(), effective=day(3))
    release(engine, small())
    second = release(
        engine, full().model_copy(update={"title": "Fuller"}), "1.1.0", published=day(4), because="A slip."
    )
    say(engine, first, Event("deprecated", day(5), "Old.", Version(1, 1, 0), day(60)))
    say(engine, second, Event("withdrawn", day(6), "Wrong."))
    with writing(engine) as connection:
        record_coming_into_force(connection, ["full"], day(4))
        work(connection, full(), others=(small("unborn"),))


def _content(connection: Connection) -> dict[str, object]:
    """All there is, without the store's own ids."""
    tables = METADATA.tables
    history = select(
        tables["ladder"].c.slug, *(tables["slug_history"].c[name] for name in ("kind", "slug", "uuid"))
    ).join_from(tables["slug_history"], tables["ladder"])
    releases = find_releases(connection)
    return {
        "releases": [
            (
                *(made.ladder, made.version, made.notes, made.published_at, made.effective_from),
                *(made.came_into_force, made.base, made.events, made.minimum, made.because),
            )
            for made in releases
        ],
        "hashes": [made.content_sha256 for made in releases],
        "content": [load_content(connection, made) for made in releases],
        "history": sorted(tuple(row) for row in connection.execute(history)),
        "rows": {name: _rows(connection, name) for name in ROWS},
        "answers": [row for row in _rows(connection, "idempotency") if row["status"] is not None],
        "drafts": _drafts(connection, releases),
        "revision": get_revision(connection),
        "revisions": sorted(connection.execute(select(tables["ladder"].c.slug, tables["ladder"].c.revision))),
    }


def _rows(connection: Connection, name: str) -> list[dict[str, object]]:
    table = METADATA.tables[name]
    chosen = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def _drafts(connection: Connection, releases: tuple[Release, ...]) -> list[dict[str, object]]:
    """The drafts, each with the number of the release it builds on."""
    bases = {made.id: f"{made.ladder}@{made.version}" for made in releases}
    rows = _rows(connection, "draft")
    return [{**row, "base_id": row["base_id"] and bases[int(str(row["base_id"]))]} for row in rows]


def _assert_same(source: Engine, target: Engine) -> None:
    with reading(source) as one, reading(target) as other:
        assert list(verify(other)) == []
        assert _content(other) == _content(one)


@pytest.mark.parametrize("state", ["blank", "migrated"])
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
@pytest.mark.parametrize("from_", ["sqlite", "postgresql"])
def test_a_copy_holds_everything(both: Both, from_: str, to: str, state: State) -> None:
    with both[from_].fresh("migrated") as url, both[to].fresh(state) as target_url, opened(url) as source:
        _fill(source)
        told: list[Release] = []
        copied = copy_all(source, target_url, on_release=told.append)
        assert copied == Copied(releases=3, drafts=2, reviews=2, keys=2, audit_entries=2)
        assert [(made.ladder, str(made.version)) for made in told] == [
            ("full", "1.0.0"),
            ("small", "1.0.0"),
            ("full", "1.1.0"),
        ]
        with opened(target_url) as target:
            _assert_same(source, target)
            again = release(target, small(title="Two"), "1.2.0", published=day(8))
            assert again.version == Version(1, 2, 0)
            with writing(target) as connection:
                record(connection, Actor("ada"), Action("draft.discard"), AT)
                assert [row["id"] for row in _rows(connection, "audit")] == [1, 2, 3]


def test_a_target_with_a_ladder_is_not_changed(engine: Engine, databases: Databases) -> None:
    _fill(engine)
    with databases.fresh("migrated") as url, opened(url) as target:
        release(target, small())
        with pytest.raises(Conflict, match="The target database is not empty"):
            copy_all(engine, url)
        with reading(target) as connection:
            assert len(find_releases(connection)) == 1


def test_a_target_with_only_a_key_is_not_changed(engine: Engine, databases: Databases) -> None:
    _fill(engine)
    with databases.fresh("migrated") as url, opened(url) as target:
        with writing(target) as connection:
            create_key(connection, "ada", ["admin"], AT)
        with pytest.raises(Conflict, match="The target database is not empty"):
            copy_all(engine, url)


def test_a_target_with_other_tables_is_not_changed(engine: Engine, blank_url: str) -> None:
    with opened(blank_url, migrating=True) as other, writing(other) as connection:
        connection.execute(text("CREATE TABLE payroll (id integer)"))
    with pytest.raises(Conflict, match="is not empty"):
        copy_all(engine, blank_url)
    with opened(blank_url) as other, reading(other) as connection:
        assert inspect(connection).get_table_names() == ["payroll"]


def test_a_source_without_schema_is_refused(blank_url: str, tmp_path: Path) -> None:
    with opened(blank_url) as source, pytest.raises(SchemaMismatch, match="Run `ladder migrate`"):
        copy_all(source, f"sqlite:///{tmp_path}/copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_was_tampered_with_stops_the_copy(engine: Engine, databases: Databases) -> None:
    _fill(engine)
    with writing(engine) as connection:
        sqlite = engine.dialect.name == "sqlite"
        statement = "DROP TRIGGER seal_level_update" if sqlite else "ALTER TABLE level DISABLE TRIGGER USER"
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE level SET title = 'Changed'")
    with databases.fresh("blank") as url:
        with pytest.raises(Internal, match=r"full@1\.0\.0 could not be read back as it was written"):
            copy_all(engine, url)
        with opened(url) as target, reading(target) as connection:
            assert find_releases(connection) == ()


def test_a_backup_holds_everything_and_can_be_worked_on(engine: Engine, tmp_path: Path) -> None:
    _fill(engine)
    backup(engine, tmp_path / "ladder.db")
    assert [file.name for file in tmp_path.iterdir()] == ["ladder.db"]
    with opened(f"sqlite:///{tmp_path}/ladder.db") as restored:
        _assert_same(engine, restored)
        release(restored, small(title="Two"), "1.2.0", published=day(8))


def test_a_backup_is_of_one_moment_though_others_publish(engine: Engine, tmp_path: Path) -> None:
    """The writer publishes two ladders in one transaction each time: a backup has both of them, or neither."""
    release(engine, large(400))
    stop = threading.Event()
    rounds: list[int] = []

    def work() -> None:
        while not stop.is_set():
            title = f"Round {len(rounds)}"
            with writing(engine) as connection:
                for slug in ("one", "two"):
                    new = NewRelease.of(small(slug, title), Version(1, len(rounds), 0), day(1))
                    publish(connection, new)
            rounds.append(1)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(2):
            before = len(rounds)
            backup(engine, tmp_path / f"{number}.db")
            with opened(f"sqlite:///{tmp_path}/{number}.db") as copied, reading(copied) as connection:
                assert list(verify(connection)) == []
                one, two = (len(find_releases(connection, slug)) for slug in ("one", "two"))
            assert one == two >= before
    finally:
        stop.set()
        writer.join(60)
    assert rounds


def test_a_backup_never_replaces_a_file(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "ladder.db"
    file.write_text("mine")
    with pytest.raises(Conflict, match=r"ladder\.db already exists\. Name a new file"):
        backup(engine, file)
    assert file.read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["ladder.db"]


def test_a_backup_that_fails_leaves_nothing(blank_url: str, tmp_path: Path) -> None:
    with opened(blank_url) as source, pytest.raises(SchemaMismatch):
        backup(source, tmp_path / "ladder.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["what?.db", "a%20b.db", "a b#[c]*.db", "mode=ro&x=1.db"])
def test_a_backup_may_have_any_name(engine: Engine, tmp_path: Path, name: str) -> None:
    release(engine, small())
    backup(engine, tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    restored = open_engine(URL.create("sqlite", database=str(tmp_path / name)))
    _assert_same(engine, restored)
    restored.dispose()


def test_a_backup_never_replaces_a_link(engine: Engine, tmp_path: Path) -> None:
    link = tmp_path / "ladder.db"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Conflict, match="already exists"):
        backup(engine, link)
    assert [(file.name, file.is_symlink()) for file in tmp_path.iterdir()] == [("ladder.db", True)]


def test_a_backup_never_replaces_a_file_created_during_it(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "ladder.db"

    def come(_connection: Connection) -> None:
        file.write_text("mine")

    event.listen(engine, "begin", come)
    with pytest.raises(Conflict, match="already exists"):
        backup(engine, file)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("ladder.db", "mine")]
