"""`ladder doctor` finds changes that bypassed the seals."""

import sqlite3
from contextlib import closing
from typing import Final

import pytest
from sqlalchemy import Connection, Engine

from app.store.engine import reading, writing
from app.store.maintenance.doctor import Problem, verify
from tests.databases import SqliteDatabases, opened
from tests.store.authoring_rows import work
from tests.store.samples import day, full, release, small

_EMPTY: Final = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
"""SHA-256 of `{}`."""
_DRAFT_CHANGED: Final = f"was changed: its content has the hash {_EMPTY}, not "


def _verified(engine: Engine) -> list[Problem]:
    with reading(engine) as connection:
        return list(verify(connection))


def _unseal(connection: Connection, table: str) -> None:
    """Take the seal from a table, as somebody with all rights could."""
    if connection.dialect.name == "sqlite":
        for event in ("insert", "update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER seal_{table}_{event}")
    else:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _tampered(engine: Engine, table: str, statement: str) -> list[Problem]:
    with writing(engine) as connection:
        _unseal(connection, table)
        connection.exec_driver_sql(statement)
    return [problem for problem in _verified(engine) if problem.code != "seal-missing"]


def test_a_sound_database_has_no_problem(engine: Engine) -> None:
    release(engine, full())
    release(engine, full().model_copy(update={"title": "Fuller"}), "1.1.0", published=day(2))
    assert _verified(engine) == []


def test_a_changed_word_is_found(engine: Engine) -> None:
    made = release(engine, full())
    (problem,) = _tampered(engine, "level", "UPDATE level SET title = 'Changed' WHERE title = 'Beginner'")
    assert (problem.code, problem.place) == ("changed", "full@1.0.0")
    assert problem.detail.endswith(f", not {made.content_sha256}: restore a backup.")


def test_a_lost_row_is_found(engine: Engine) -> None:
    release(engine, full())
    (problem,) = _tampered(engine, "tip", "DELETE FROM tip")
    assert (problem.code, problem.place) == ("changed", "full@1.0.0")


def test_a_release_that_no_longer_reads_is_found(engine: Engine) -> None:
    release(engine, full())
    (problem,) = _tampered(engine, "external_id", "UPDATE external_id SET system = 'Not A Slug'")
    assert str(problem) == "full@1.0.0: cannot be read from its rows (ValidationError): restore a backup."


def test_dates_that_no_longer_read_are_found(sqlite_databases: SqliteDatabases) -> None:
    """PostgreSQL takes no such value in its columns."""
    with sqlite_databases.fresh("migrated") as url, opened(url) as engine:
        release(engine, small())
        release(engine, full())
        (one, other) = _tampered(engine, "release", "UPDATE release SET effective_from = 'soon'")
    detail = "its releases cannot be read from their rows (ValueError): restore a backup."
    assert [one, other] == [Problem("unreadable", slug, detail) for slug in ("full", "small")]


def test_a_release_that_was_never_sealed_is_found(engine: Engine) -> None:
    release(engine, small())
    statement = "UPDATE release SET sealed = false"
    assert [problem.code for problem in _tampered(engine, "release", statement)] == ["unsealed"]


def test_a_slug_without_entry_in_the_registry_is_found(engine: Engine) -> None:
    release(engine, small())
    (problem,) = _tampered(engine, "slug_history", "DELETE FROM slug_history WHERE kind = 'level'")
    detail = "level:l1 is not in the registry of slugs: copy everything into a new database."
    assert problem == Problem("unregistered", "small@1.0.0", detail)


def test_releases_out_of_line_are_found(engine: Engine) -> None:
    release(engine, small(), effective=day(5))
    release(engine, small(title="Two"), "1.1.0", published=day(2), effective=day(6))
    statement = "UPDATE release SET effective_from = published_at WHERE minor = 1"
    (problem,) = _tampered(engine, "release", statement)
    assert (problem.code, problem.place) == ("out-of-line", "small@1.1.0")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE release SET base_id = NULL WHERE minor = 1", "UPDATE release SET base_id = id WHERE minor = 1"],
)
def test_a_wrong_base_is_found(engine: Engine, statement: str) -> None:
    release(engine, small(), effective=day(5))
    release(engine, small(title="Two"), "1.1.0", published=day(2), effective=day(6))
    (problem,) = _tampered(engine, "release", statement)
    detail = "does not build on a release that was published before it: restore a backup."
    assert problem == Problem("wrong-base", "small@1.1.0", detail)


def test_a_lost_revision_is_found(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM revision")
    assert [problem.code for problem in _verified(engine)] == ["revision-missing"]


def test_a_missing_seal_is_found(engine: Engine) -> None:
    with writing(engine) as connection:
        _unseal(connection, "level")
    names = ("delete", "insert", "update") if engine.dialect.name == "sqlite" else ("rows", "truncate")
    assert [problem.detail.split(" is ")[0] for problem in _verified(engine)] == [
        f"trigger seal_level_{name}" for name in names
    ]


def test_a_seal_that_no_longer_refuses_is_found_behind_its_name(engine: Engine) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            seal = "trigger seal_level_delete"
            connection.exec_driver_sql("DROP TRIGGER seal_level_delete")
            connection.exec_driver_sql(
                "CREATE TRIGGER seal_level_delete BEFORE DELETE ON level BEGIN SELECT 1; END"
            )
        else:
            seal = "function seal_content"
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION seal_content() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RETURN coalesce(NEW, OLD); END $$"
            )
    detail = (
        f"{seal} differs from the one that the migrations created, so published rows may be changed: "
        "restore a backup, or copy everything into a new database."
    )
    assert _verified(engine) == [Problem("seal-missing", "database", detail)]


def test_a_database_with_drafts_and_reviews_has_no_problem(engine: Engine) -> None:
    release(engine, full())
    with writing(engine) as connection:
        work(connection, full(), others=(small(),))
    assert _verified(engine) == []


@pytest.mark.parametrize(
    ("statement", "code", "place", "detail"),
    [
        ("UPDATE draft SET content = '{}'", "draft-changed", "full@draft", _DRAFT_CHANGED),
        (
            "UPDATE draft SET ladder = 'other'",
            "draft-unreadable",
            "other@draft",
            "is not a ladder with this slug, now or formerly: discard it, or restore a backup.",
        ),
        (
            "DELETE FROM draft_author WHERE author = 'bob'",
            "author-missing",
            "full@draft",
            "does not list the last author among its authors: save it again.",
        ),
        (
            "UPDATE api_key SET owner = ' ', id = 'clk_0' WHERE owner = 'ada'",
            "key-without-owner",
            "clk_0",
            "has no owner, so its actions cannot be attributed: revoke it.",
        ),
        (
            "UPDATE person SET email = NULL",
            "person-without-account",
            "per_0000000001",
            "has neither an account nor an address: remove it.",
        ),
        (
            "UPDATE person_grant SET rights = 'read root'",
            "grant-unreadable",
            "per_0000000001",
            "has a grant with unknown or no rights (root): grant them anew.",
        ),
        (
            "UPDATE review SET closed = NULL",
            "review-open-twice",
            "full",
            "has several open reviews: close all but one.",
        ),
        (
            "DELETE FROM review_entry WHERE position = 0",
            "review-out-of-order",
            "full",
            "review 2 has a missing or misplaced entry: restore a backup.",
        ),
    ],
)
def test_changes_to_drafts_and_reviews_are_found(
    engine: Engine, statement: str, code: str, place: str, detail: str
) -> None:
    release(engine, full())
    with writing(engine) as connection:
        work(connection, full())
    problem, *more = _tampered(engine, "review_entry", statement)
    assert (problem.code, problem.place) == (code, place)
    assert problem.detail.startswith(detail)
    assert [other.code for other in more] == (["author-missing"] if code == "draft-unreadable" else [])


def test_keys_that_share_a_hash_are_found(engine: Engine) -> None:
    with writing(engine) as connection:
        work(connection, small())
        connection.exec_driver_sql("UPDATE api_key SET secret_sha256 = '0'")
    detail = "has the same hash as another key: revoke both and create new ones."
    assert [(one.code, one.detail) for one in _verified(engine)] == [("key-twice", detail)] * 2


def test_a_broken_reference_is_found(sqlite_databases: SqliteDatabases) -> None:
    """PostgreSQL checks references whoever connects; SQLite only where the program asked for it."""
    with sqlite_databases.fresh("migrated") as url, opened(url) as engine:
        release(engine, full())
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
            other.execute("DROP TRIGGER seal_level_delete")
            other.execute("DELETE FROM level WHERE code = 'L1'")
            other.commit()
        problems = _verified(engine)
    assert {problem.code for problem in problems} == {"seal-missing", "broken-reference", "unreadable"}


def test_a_table_that_lost_its_order_is_found(sqlite_databases: SqliteDatabases) -> None:
    """A rowid is a second key, by which INSERT OR REPLACE passes the seals."""
    with sqlite_databases.fresh("migrated") as url, opened(url) as engine:
        with writing(engine) as connection:
            connection.exec_driver_sql("DROP TABLE tip")
            connection.exec_driver_sql("CREATE TABLE tip (release_id INTEGER, id INTEGER, text VARCHAR)")
        problems = _verified(engine)
    assert problems[-1].detail.startswith("table tip has a rowid")
