"""Migrations: up, down and up again, by several processes at once, without harm to seals and data."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import packaged_files
from app.errors import SchemaMismatch
from app.rubric.releases import Event
from app.store import schema_version
from app.store.engine import reading, writing
from app.store.loading import load_content
from app.store.maintenance import migrating
from app.store.maintenance.doctor import verify
from app.store.maintenance.migrating import alembic_config, migrate
from app.store.maintenance.missing_last_changes import record_missing
from app.store.maintenance.schema_check import has_schema, require_current
from app.store.maintenance.seal_triggers import find_missing_seals
from app.store.releases import find_releases
from app.store.tables import METADATA
from tests.databases import opened
from tests.forked import forking
from tests.store.attacks import additions, attacks, content_tables
from tests.store.samples import day, full, release, say, small

LATER = '''
"""A migration of the sort that is to come: it rebuilds tables that are sealed, and fills a new column."""

import sqlalchemy as sa
from alembic import op

revision = "2999_01_01_later"
down_revision = "NEWEST"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seals = op.get_context().environment_context.script.get_revision("2026_11_22_seals").module
    recreate = "always" if seals.on_sqlite() else "never"
    with seals.lifted():
        for table in ("release", "level", "statement"):
            with op.batch_alter_table(table, recreate=recreate, table_kwargs=kept(table)) as batch:
                batch.add_column(sa.Column("note", sa.String(), nullable=True))
        op.execute("UPDATE level SET note = 'new'")


def kept(table: str) -> dict[str, bool]:
    return {} if table == "release" else {"sqlite_with_rowid": False}


def downgrade() -> None:
    raise NotImplementedError
'''.replace("NEWEST", schema_version.REVISION)


def _tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names())


def _downgrade(database_url: str, revision: str) -> None:
    with opened(database_url, migrating=True) as engine, writing(engine) as connection:
        command.downgrade(alembic_config(connection), revision)


def test_migrations_go_up_down_and_up_again(blank_url: str) -> None:
    migrate(blank_url)
    _downgrade(blank_url, "base")
    with opened(blank_url) as engine:
        assert _tables(engine) == {"alembic_version"}
        assert _functions(engine) == []
    migrate(blank_url)
    migrate(blank_url)
    with opened(blank_url) as engine:
        require_current(engine)
        made = release(engine, full())
        with reading(engine) as connection:
            assert load_content(connection, made) == full()
            assert list(verify(connection)) == []


def test_reasons_of_lowered_changes_become_the_reason_of_their_release(database_url: str) -> None:
    lowered = [
        {"change": "level:l1", "was": "asks-other", "now": "asks-less", "reason": "A slip."},
        {"change": "faq:why", "was": "clarifies", "now": "editorial", "reason": "Only style."},
    ]
    with opened(database_url, migrating=True) as engine:
        made = release(engine, full())
        _downgrade(database_url, "2026_12_03_rescheduling")
        with writing(engine) as connection:
            sealed = text("UPDATE release SET lowered = :lowered WHERE id = :id")
            with _unsealed(connection):
                connection.execute(sealed, {"lowered": json.dumps(lowered), "id": made.id})
    migrate(database_url)
    with opened(database_url) as engine:
        record_missing(engine)
    with opened(database_url) as engine, reading(engine) as connection:
        (kept,) = find_releases(connection)
        assert (kept.minimum, kept.because) == (
            None,
            "level:l1 as asks-less: A slip.; faq:why as editorial: Only style.",
        )
        assert list(verify(connection)) == []


@contextmanager
def _unsealed(connection: Connection) -> Iterator[None]:
    """Let a test write into a sealed release."""
    with Operations.context(MigrationContext.configure(connection)):
        script = ScriptDirectory(str(packaged_files.folder("migrations")))
        with script.get_revision("2026_11_22_seals").module.lifted():
            yield


def _functions(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        return []
    with reading(engine) as connection:
        return list(
            connection.execute(text("SELECT proname FROM pg_proc WHERE proname LIKE 'seal%'")).scalars()
        )


def test_the_newest_migration_is_the_one_that_servers_ask_for() -> None:
    script = ScriptDirectory(str(packaged_files.folder("migrations")))
    assert script.get_heads() == [schema_version.REVISION]
    for revision in script.walk_revisions():
        assert Path(revision.path).stem == revision.revision


def test_tables_and_migrations_agree(database_url: str) -> None:
    with opened(database_url, migrating=True) as engine, writing(engine) as connection:
        command.check(alembic_config(connection))


def test_every_constraint_has_the_name_that_the_tables_give_it(engine: Engine) -> None:
    """Alembic does not compare checks, nor the names of keys."""
    with reading(engine) as connection:
        inspector = inspect(connection)
        for name, table in METADATA.tables.items():
            found = {
                inspector.get_pk_constraint(name)["name"],
                *(key["name"] for key in inspector.get_foreign_keys(name)),
                *(key["name"] for key in inspector.get_unique_constraints(name)),
                *(check["name"] for check in inspector.get_check_constraints(name)),
            }
            assert found == {str(constraint.name) for constraint in table.constraints}, name


def test_every_key_of_content_begins_with_its_release(engine: Engine) -> None:
    with reading(engine) as connection:
        inspector = inspect(connection)
        for name in content_tables():
            keys = [
                inspector.get_pk_constraint(name)["constrained_columns"],
                *(key["column_names"] for key in inspector.get_unique_constraints(name)),
            ]
            assert {key[0] for key in keys} == {"release_id"}, name


def test_every_table_is_sealed_after_migrating(engine: Engine) -> None:
    with reading(engine) as connection:
        assert list(find_missing_seals(connection)) == []


def test_several_processes_may_migrate_at_once(blank_url: str) -> None:
    apart = forking()
    processes = [apart.Process(target=migrate, args=(blank_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    with opened(blank_url) as engine:
        require_current(engine)


def test_migrating_what_is_current_waits_for_no_writer(database_url: str) -> None:
    with opened(database_url) as engine, writing(engine) as connection:
        connection.execute(text("UPDATE revision SET number = 1"))
        migrate(database_url)


def test_a_blank_database_has_no_schema(blank_url: str) -> None:
    with opened(blank_url) as engine:
        assert not has_schema(engine)
        with pytest.raises(SchemaMismatch, match="has no tables yet"):
            require_current(engine)
        migrate(blank_url)
        assert has_schema(engine)
        require_current(engine)


def test_an_older_schema_is_reported_with_a_fix(database_url: str) -> None:
    _downgrade(database_url, "2026_11_22_releases")
    with (
        opened(database_url) as engine,
        pytest.raises(SchemaMismatch, match="older than this version"),
    ):
        require_current(engine)


def test_old_releases_build_on_the_greatest_number_that_was_not_withdrawn(database_url: str) -> None:
    with opened(database_url) as engine:
        release(engine, small())
        release(engine, small(title="Two"), "1.1.0", published=day(2))
        wrong = release(engine, small(title="Three"), "1.2.0", published=day(3))
        say(engine, wrong, Event("withdrawn", day(4), "Wrong."))
        release(engine, small(title="Four"), "1.10.0", published=day(5))
        release(engine, full())
        with reading(engine) as connection:
            before = find_releases(connection)
        engine.dispose()
        _downgrade(database_url, "2026_12_04_lower_numbers")
        migrate(database_url)
        record_missing(engine)
        with reading(engine) as connection:
            assert find_releases(connection) == before
            assert list(verify(connection)) == []
    bases = {str(made.version): made.base and str(made.base) for made in before if made.ladder == "small"}
    assert bases == {"1.0.0": None, "1.1.0": "1.0.0", "1.2.0": "1.1.0", "1.10.0": "1.1.0"}


def test_a_newer_schema_is_not_changed(database_url: str) -> None:
    with opened(database_url) as engine:
        with writing(engine) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '2999_01_01_future'"))
        with pytest.raises(SchemaMismatch, match="newer than this version"):
            require_current(engine)
        with pytest.raises(SchemaMismatch, match="newer than this version"):
            migrate(database_url)


@pytest.fixture
def later_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations folder with one more revision, in place of the real one."""
    copied = tmp_path / "migrations"
    shutil.copytree(packaged_files.folder("migrations"), copied)
    (copied / "versions" / "2999_01_01_later.py").write_text(LATER)
    monkeypatch.setattr(migrating, "folder", lambda _name: copied)
    monkeypatch.setattr(schema_version, "folder", lambda _name: copied)
    return copied


@pytest.mark.usefixtures("later_migrations")
def test_a_later_migration_that_rebuilds_tables_puts_the_seals_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database_url) as engine:
        made = release(engine, full())
        engine.dispose()
        monkeypatch.setattr(schema_version, "REVISION", "2999_01_01_later")
        migrate(database_url)
        with reading(engine) as connection:
            assert load_content(connection, made) == full()
            assert list(verify(connection)) == []
            assert connection.execute(text("SELECT DISTINCT note FROM level")).scalars().all() == ["new"]
        for name in ("level", "statement"):
            _attack(engine, name)


def _attack(engine: Engine, name: str) -> None:
    table = METADATA.tables[name]
    with reading(engine) as connection:
        found = connection.execute(table.select()).mappings().first()
    assert found is not None
    row = dict(found)
    tries = (*attacks(table, row, None, engine.dialect.name), *additions(table, row, engine.dialect.name))
    for attack in tries:
        with pytest.raises(IntegrityError, match=r"is (sealed|kept)"), engine.begin() as connection:
            connection.execute(attack.statement)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(
    database_url: str, later_migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_version, "REVISION", "2999_01_01_later")
    broken = LATER.replace("op.execute(", "op.execute('nonsense') or op.execute(")
    (later_migrations / "versions" / "2999_01_01_later.py").write_text(broken)
    with opened(database_url) as engine:
        before = _tables(engine)
        engine.dispose()
        with pytest.raises(DBAPIError, match="nonsense"):
            migrate(database_url)
        assert _tables(engine) == before
        with reading(engine) as connection:
            assert list(find_missing_seals(connection)) == []
            assert "note" not in {column["name"] for column in inspect(connection).get_columns("level")}
