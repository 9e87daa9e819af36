"""Seals: plain SQL cannot change a published release in any table."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Engine, Table, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.packaged_files import folder
from app.rubric.releases import Event, Version
from app.store.engine import open_engine, parse_url, reading, writing
from app.store.maintenance.seal_triggers import UNSEALED, find_seals
from app.store.tables import METADATA
from tests.databases import Databases
from tests.store.attacks import FAR, Attack, Row, additions, attacks, content_tables, dump
from tests.store.samples import day, full, release, say

ENGINES: dict[str, Callable[[str], Engine]] = {
    "as the app connects": open_engine,
    "as any program connects": create_engine,
}
"""The second leaves foreign keys unchecked on SQLite, as everybody's connection does by default."""


@dataclass(frozen=True)
class Target:
    """A database with release 1 sealed, and release 9 with the same rows that was never sealed."""

    engine: Engine

    def row(self, table: Table, release_id: int = 1) -> Row:
        """The first row of a release in a table. Every table must have one."""
        owner = {"ladder": "id", "release": "id"}.get(table.name, "release_id")
        with self.engine.connect() as connection:
            found = connection.execute(select(table).where(table.c[owner] == release_id)).mappings().first()
        assert found is not None, f"samples.full() has no row in {table.name}"
        return dict(found)

    def refuses(self, attack: Attack) -> None:
        """Nothing comes through, and it is the seal that says so."""
        with pytest.raises(IntegrityError, match=r"is (sealed|kept)"), self.engine.begin() as connection:
            connection.execute(attack.statement)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_databases(request: pytest.FixtureRequest) -> Databases:
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    return found


@pytest.fixture(scope="module", params=ENGINES)
def target(request: pytest.FixtureRequest, module_databases: Databases) -> Iterator[Target]:
    """One database for all attacks: none of them leaves a trace."""
    with module_databases.fresh("migrated") as url:
        engine = open_engine(url)
        made = release(engine, full())
        release(engine, full().model_copy(update={"title": "Fuller"}), "1.1.0")
        say(engine, made, Event("deprecated", day(2), "Old.", Version(1, 1, 0)))
        _write_history(engine)
        _write_unsealed(engine)
        engine.dispose()
        plain = parse_url(url).render_as_string(hide_password=False)
        engine = ENGINES[request.param](plain)
        before = _dump(engine)
        yield Target(engine)
        assert _dump(engine) == before
        engine.dispose()


def _write_history(engine: Engine) -> None:
    """A row in each append-only table that no release fills."""
    common = {"ladder": "full", "at": day(1), "by": "ada", "content_sha256": "0" * 64}
    review = {"id": 1, "number": 1, "title": "First", "opened_by": "ada", "opened_at": day(1)}
    entry = {"review_id": 1, "position": 0, "kind": "approve", "draft_number": 1}
    audit = {"id": 1, "at": day(1), "who": "ada", "action": "draft.write"}
    with writing(engine) as connection:
        for name, row in (("review", review | common), ("review_entry", entry | common), ("audit", audit)):
            table = METADATA.tables[name]
            connection.execute(insert(table), {key: row[key] for key in row.keys() & table.columns.keys()})


def _write_unsealed(engine: Engine) -> None:
    with writing(engine) as connection:
        for name in ("release", *content_tables()):
            table = METADATA.tables[name]
            owner = "id" if name == "release" else "release_id"
            rows = [
                dict(row) for row in connection.execute(select(table).where(table.c[owner] == 1)).mappings()
            ]
            changes = {"id": 9, "major": 9, "sealed": False} if name == "release" else {"release_id": 9}
            connection.execute(insert(table), [row | changes for row in rows])


def _dump(engine: Engine) -> object:
    with engine.connect() as connection:
        return dump(connection)


@pytest.mark.parametrize("name", content_tables())
def test_no_row_under_a_sealed_release_can_be_changed(target: Target, name: str) -> None:
    table = METADATA.tables[name]
    sealed, dialect = target.row(table), target.engine.dialect.name
    for attack in (
        *attacks(table, sealed, target.row(table, 9), dialect),
        *additions(table, sealed, dialect),
    ):
        target.refuses(attack)


@pytest.mark.parametrize("name", ["release_event", "slug_history"])
def test_no_row_of_a_history_can_be_changed(target: Target, name: str) -> None:
    table = METADATA.tables[name]
    for attack in attacks(table, target.row(table), None, target.engine.dialect.name):
        target.refuses(attack)


def test_no_slug_can_be_added_to_a_sealed_release(target: Target) -> None:
    table = METADATA.tables["slug_history"]
    row = {**target.row(table), "slug": "invented"}
    target.refuses(Attack("insert", insert(table).values(row)))


def test_no_sealed_release_can_be_changed(target: Target) -> None:
    table, dialect = METADATA.tables["release"], target.engine.dialect.name
    for attack in attacks(table, target.row(table), None, dialect):
        target.refuses(attack)


def test_no_release_can_come_sealed(target: Target) -> None:
    table = METADATA.tables["release"]
    row = {**target.row(table), "id": FAR, "major": FAR}
    target.refuses(Attack("insert", insert(table).values(row)))


@pytest.mark.parametrize("taken", [{"id": 1}, {"major": 1}, {"id": 1, "major": 1}], ids=str)
def test_no_unsealed_release_can_take_the_key_of_a_sealed_one(target: Target, taken: dict[str, int]) -> None:
    table = METADATA.tables["release"]
    move = table.update().where(table.c.id == 9).values(taken)
    target.refuses(Attack("update", move))
    if target.engine.dialect.name == "sqlite":
        target.refuses(Attack("update or replace", move.prefix_with("OR REPLACE")))
        row = {**target.row(table, 9), "id": FAR, "major": FAR, **taken}
        target.refuses(Attack("insert or replace", insert(table).prefix_with("OR REPLACE").values(row)))


def test_the_identity_of_a_ladder_cannot_be_changed(target: Target) -> None:
    table, dialect = METADATA.tables["ladder"], target.engine.dialect.name
    for attack in attacks(table, target.row(table), None, dialect):
        if not attack.name.startswith("set ") and (dialect, attack.name) != ("postgresql", "upsert"):
            target.refuses(attack)
    for column in ("id", "slug", "uuid"):
        other = {"id": FAR, "slug": "other", "uuid": UUID(int=1)}[column]
        target.refuses(Attack(f"set {column}", table.update().values({column: other})))
        if dialect == "sqlite":
            row = {"id": FAR, "slug": "other", "uuid": UUID(int=1), "revision": 1}
            row |= {column: target.row(table)[column]}
            target.refuses(Attack("replace", insert(table).prefix_with("OR REPLACE").values(row)))


def test_no_row_can_be_taken_by_its_rowid(target: Target) -> None:
    if target.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no rowid")
    for name in METADATA.tables.keys() - UNSEALED:
        columns = ", ".join(
            f'"{column.name}"' for column in METADATA.tables[name].columns if column.name != "id"
        )
        copied = (
            f'INSERT OR REPLACE INTO "{name}" (rowid, {columns}) SELECT 1, {columns} FROM "{name}" LIMIT 1'  # noqa: S608
        )
        with target.engine.connect() as connection, pytest.raises(DBAPIError) as refusal:
            connection.execute(text(copied))
        assert any(said in str(refusal.value) for said in ("is sealed", "is kept", "no column named rowid"))


def test_no_temporary_table_can_pose_as_the_releases(target: Target) -> None:
    table = METADATA.tables["level"]
    with target.engine.connect() as connection:
        connection.execute(text('CREATE TEMPORARY TABLE "release" (id integer, sealed boolean)'))
        with pytest.raises(IntegrityError, match="is sealed"):
            connection.execute(table.delete().where(table.c.release_id == 1))
        connection.invalidate()  # the pool must not lend it out again


def test_a_release_cannot_be_sealed_while_another_writes_into_it(target: Target) -> None:
    table = METADATA.tables["level"]
    if target.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with target.engine.connect() as writer, target.engine.connect() as sealer:
        writer.execute(table.update().where(table.c.release_id == 9).values(title="Changed"))
        sealer.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            sealer.execute(text("UPDATE release SET sealed = true WHERE id = 9"))


def test_what_is_not_sealed_can_be_changed(target: Target) -> None:
    table = METADATA.tables["level"]
    with target.engine.connect() as connection:
        changed = connection.execute(table.delete().where(table.c.release_id == 9))
        assert changed.rowcount == 2


def test_every_table_that_must_not_change_has_its_seals_and_the_file_of_seals_is_true(engine: Engine) -> None:
    """The doctor compares with that file; `python -m tools.seals` writes it anew."""
    with reading(engine) as connection:
        found = find_seals(connection)
    made = json.loads((folder("migrations") / "seals.json").read_text("utf-8"))
    assert found == made[engine.dialect.name]
    kinds = ("insert", "update", "delete") if engine.dialect.name == "sqlite" else ("rows", "truncate")
    sealed = METADATA.tables.keys() - UNSEALED
    assert {f"trigger seal_{table}_{kind}" for table in sealed for kind in kinds} <= found.keys()
