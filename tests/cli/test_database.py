"""`ladder migrate`, `seed`, `doctor`, `copy` and `backup`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.cli.seeding import seed_missing
from app.store.engine import parse_url, reading
from app.store.releases import find_releases
from app.store.revision import get_revision
from tests.cli.shell import NOW, database_line, ladder
from tests.databases import opened

SEEDS = ["example-engineering@1.0.0", "example-engineering@1.1.0", "netflix-engineering@1.0.0"]


@pytest.fixture
def blank(blank_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database without tables that the command works on."""
    monkeypatch.setenv("LADDER_DATABASE_URL", blank_url)
    return blank_url


def break_schema(url: str, statement: str) -> None:
    """Do to a database what no command of ours would."""
    engine = create_engine(parse_url(url))
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def test_migrate_creates_the_tables_and_can_be_repeated(blank: str) -> None:
    created = (
        f"Creating the database {blank.removeprefix('sqlite:///')}.\n" if blank.startswith("sqlite") else ""
    )
    for said in (created, ""):
        ended = ladder("migrate")
        assert (ended.code, ended.out, ended.err) == (0, "The database schema is up to date.\n", said)
    assert ladder("list", "--json").json == {"items": []}


def test_migrate_rebuilds_a_changed_search_index(seeded: str) -> None:
    break_schema(seeded, "UPDATE search_text SET title = 'Other'")
    assert {item["code"] for item in ladder("doctor", "--json").json["items"]} == {"index-changed"}
    assert ladder("migrate").code == 0
    assert ladder("doctor").code == 3
    assert ladder("migrate", "--reindex").out == "The database schema is up to date.\n"
    assert ladder("doctor").code == 0


@pytest.mark.parametrize(
    "command", [("list",), ("seed",), ("export", "any"), ("doctor",), ("copy", "--to", "sqlite:///copy.db")]
)
def test_without_tables_each_command_says_which_one_to_run_first(
    blank: str, command: tuple[str, ...]
) -> None:
    if blank.startswith("sqlite"):
        Path(blank.removeprefix("sqlite:///")).touch()
    ended = ladder(*command)
    assert (ended.code, ended.out, ended.err) == (
        6,
        "",
        f"ladder: The database has no tables yet. Run `ladder migrate`.\n  {database_line()}",
    )


def test_a_database_of_newer_software_is_not_changed(database: str) -> None:
    break_schema(database, "UPDATE alembic_version SET version_num = 'from_the_future'")
    for command in ("migrate", "list"):
        ended = ladder(command)
        assert (ended.code, ended.out) == (6, "")
        assert "newer" in ended.err


@pytest.mark.usefixtures("database")
def test_seed_adds_only_missing_ladders(small: Path) -> None:
    ladder("publish", small)
    first = ladder("seed")
    assert (first.code, first.out, first.err) == (
        0,
        "".join(f"Added {name}.\n" for name in SEEDS),
        database_line(),
    )
    before = ladder("list").out
    again = ladder("seed")
    assert (again.code, again.out, again.err) == (
        0,
        "",
        f"{database_line()}All bundled ladders exist already.\n",
    )
    assert ladder("list").out == before


@pytest.mark.usefixtures("database")
def test_seed_does_not_change_an_existing_ladder(small: Path) -> None:
    content = small.read_text(encoding="utf-8").replace("slug: small", "slug: netflix-engineering")
    small.write_text(content, encoding="utf-8")
    ladder("publish", small)
    assert ladder("seed", "--json").json == {
        "items": [
            {"ladder": "example-engineering", "release": "1.0.0"},
            {"ladder": "example-engineering", "release": "1.1.0"},
        ]
    }
    assert "netflix-engineering\tSmall ladder\t1.0.0\t1.0.0\t-\n" in ladder("list").out


def test_an_interrupted_seeding_adds_nothing(database: str) -> None:
    with opened(database) as engine:
        with pytest.raises(KeyboardInterrupt):
            seed_missing(engine, NOW, _interrupt_at("netflix-engineering"))
        with reading(engine) as connection:
            assert (find_releases(connection), get_revision(connection)) == ((), 0)
    assert ladder("seed").out == "".join(f"Added {name}.\n" for name in SEEDS)


def _interrupt_at(slug: str) -> Callable[[str], None]:
    def step(current: str) -> None:
        if current == slug:
            raise KeyboardInterrupt

    return step


@pytest.mark.usefixtures("seeded")
def test_doctor_finds_no_problem_in_the_seeds() -> None:
    ended = ladder("doctor")
    assert (ended.code, ended.out, ended.err) == (0, "", "3 releases, 0 problems\n")
    assert ladder("doctor", "--json").json == {"releases": 3, "items": []}


def test_doctor_names_each_problem(seeded: str) -> None:
    trigger = "seal_release_update" if seeded.startswith("sqlite") else "seal_release_rows"
    break_schema(seeded, f"DROP TRIGGER {trigger}" + ("" if seeded.startswith("sqlite") else " ON release"))
    ended = ladder("doctor")
    assert (ended.code, ended.err) == (3, "3 releases, 1 problem\n")
    assert ended.out == (
        f"database: trigger {trigger} is missing, so published rows can be changed: "
        "restore a backup, or copy everything into a new database. [seal-missing]\n"
    )
    (item,) = ladder("doctor", "--json").json["items"]
    assert (item["code"], item["place"]) == ("seal-missing", "database")


@pytest.mark.usefixtures("seeded")
def test_copy_copies_everything(blank_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [ladder("export", name, "--format", "json").json for name in SEEDS]
    ended = ladder("copy", "--to", blank_url)
    assert (ended.code, ended.out, ended.err) == (
        0,
        "Copied 3 releases, 0 drafts, 0 reviews, 0 keys and the audit log.\n",
        "",
    )
    monkeypatch.setenv("LADDER_DATABASE_URL", blank_url)
    assert [ladder("export", name, "--format", "json").json for name in SEEDS] == before
    assert ladder("doctor").code == 0


@pytest.mark.usefixtures("seeded")
def test_copy_from_one_engine_to_the_other_and_back(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [ladder("export", name).out for name in SEEDS]
    for target in (postgresql_url, f"sqlite:///{tmp_path}/back.db"):
        assert ladder("copy", "--to", target, "--json").json == {
            "releases": 3,
            "drafts": 0,
            "reviews": 0,
            "keys": 0,
            "audit_entries": 0,
        }
        monkeypatch.setenv("LADDER_DATABASE_URL", target)
    assert [ladder("export", name).out for name in SEEDS] == before


def test_copy_refuses_a_database_that_is_not_empty(seeded: str) -> None:
    ended = ladder("copy", "--to", seeded)
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("ladder: ")


@pytest.mark.usefixtures("seeded")
def test_no_password_is_ever_printed() -> None:
    ended = ladder("copy", "--to", "postgresql://somebody:s3cret@127.0.0.1:1/nothing")
    assert ended.code == 6
    assert "s3cret" not in ended.out + ended.err
    assert "cannot be reached" in ended.err


@pytest.mark.usefixtures("seeded")
def test_an_invalid_database_url_is_a_usage_error() -> None:
    ended = ladder("copy", "--to", "mysql://somebody:s3cret@host/name")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "ladder: The database URL must be sqlite:///file or postgresql://… (LADDER_DATABASE_URL). "
        "SQLite in memory is not supported.\n"
    )


@pytest.mark.usefixtures("seeded")
def test_a_backup_can_replace_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ladder("list").out
    path = tmp_path / "backup.db"
    ended = ladder("backup", path)
    assert (ended.code, ended.out, ended.err) == (0, f"Wrote {path}.\n", "")
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{path}")
    assert (ladder("list").out, ladder("doctor").code) == (before, 0)


@pytest.mark.usefixtures("seeded")
def test_a_backup_overwrites_nothing(small: Path) -> None:
    content = small.read_bytes()
    ended = ladder("backup", small)
    assert (ended.code, ended.out, small.read_bytes()) == (5, "", content)
    assert str(small) in ended.err
