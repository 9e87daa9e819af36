"""Commands name the database that they use, and only `migrate` and `serve` create one."""

from pathlib import Path

import pytest

from tests.cli.shell import ladder

COMMANDS = (
    ("list",),
    ("seed",),
    ("export", "small"),
    ("publish", "small.yaml"),
    ("doctor",),
    ("audit",),
    ("backup", "copy.db"),
    ("copy", "--to", "sqlite:///copy.db"),
    ("settings", "small"),
    ("deprecate", "small@1.0.0", "--reason", "Old."),
    ("keys", "list"),
    ("keys", "create", "--owner", "ann", "--scope", "read"),
    ("diff", "small@1.0.0", "small.yaml"),
)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("command", COMMANDS)
def test_in_another_folder_a_command_names_the_missing_file_and_creates_nothing(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.delenv("LADDER_DATABASE_URL")
    ended = ladder(*command)
    assert (ended.code, ended.out) == (6, "")
    assert ended.err == (
        f"ladder: There is no database at {own_folder}/var/ladder.db. "
        "LADDER_DATABASE_URL names it relative to the current folder. "
        "Run `ladder migrate` to create it, or set LADDER_DATABASE_URL to another one.\n"
    )
    assert [path.name for path in own_folder.iterdir()] == ["small.yaml"]


def test_an_absolute_path_needs_no_hint_about_the_folder(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{own_folder}/x/y.db")
    assert ladder("list").err == (
        f"ladder: There is no database at {own_folder}/x/y.db. "
        "Run `ladder migrate` to create it, or set LADDER_DATABASE_URL to another one.\n"
    )


def test_migrate_says_which_database_it_creates(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LADDER_DATABASE_URL")
    first, second = ladder("migrate"), ladder("migrate")
    assert first.err == f"Creating the database {own_folder}/var/ladder.db.\n"
    assert (second.out, second.err) == ("The database schema is up to date.\n", "")


def test_publish_names_the_database(database: str, small: Path) -> None:
    ended = ladder("publish", small)
    shown = database.removeprefix("sqlite:///") if database.startswith("sqlite") else "postgresql://"
    assert ended.err.startswith(f"Database: {shown}")


def test_a_folder_that_cannot_be_created_is_named_with_the_setting(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_folder / "file").touch()
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{own_folder}/file/var/ladder.db")
    for command in (("migrate",), ("serve", "--port", "0")):
        ended = ladder(*command)
        assert (ended.code, ended.out) == (6, "")
        assert (
            f"The folder {own_folder}/file/var for the database cannot be created: Not a directory. "
            "Check LADDER_DATABASE_URL.\n"
        ) in ended.err


def test_a_file_that_is_not_a_database_is_named(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_folder / "notes.txt").write_text("no database " * 100, "utf-8")
    monkeypatch.setenv("LADDER_DATABASE_URL", "sqlite:///notes.txt")
    for command in (("list",), ("migrate",), ("serve", "--port", "0")):
        ended = ladder(*command)
        assert (ended.code, ended.out) == (6, "")
        assert ended.err == (
            f"ladder: The database is not a SQLite file.\n  Database: {own_folder}/notes.txt\n"
        )
