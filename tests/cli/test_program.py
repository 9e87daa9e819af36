"""The command as a whole: help, version, wrong usage, wrong settings, and errors as exit codes."""

from pathlib import Path

import pytest

from app import __version__, errors
from app.cli.exit_codes import MEANINGS, ExitCode, code_of
from app.cli.help import EXAMPLES, GROUPS
from app.main import create_app
from app.settings import SettingsError
from tests.cli.shell import ladder, process_from_nothing


def test_no_command_prints_the_help_as_an_error() -> None:
    ended = ladder()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Usage: ladder [OPTIONS] COMMAND [ARGS]...")


def test_help_lists_every_exit_code() -> None:
    ended = ladder("--help")
    assert (ended.code, ended.err) == (0, "")
    assert [line.strip() for line in ended.out.splitlines()][-len(MEANINGS) :] == [
        f"{code:>5}  {meaning}".strip() for code, meaning in MEANINGS.items()
    ]


def test_help_shows_the_commands_in_groups_each_with_a_whole_sentence() -> None:
    parts = ladder("--help").out.split("\n\n")
    groups = {title: lines.splitlines() for title, _, lines in (part.partition(":\n") for part in parts)}
    assert [title for title in groups if title in GROUPS] == list(GROUPS)
    for title, names in GROUPS.items():
        assert tuple(line.split()[0] for line in groups[title]) == names
        assert [line for line in groups[title] if not line.endswith(".") or line.endswith("...")] == []


def test_every_command_shows_an_example_that_begins_with_it() -> None:
    assert ladder("--help").out.count("\n    ladder ") >= 3
    for name, lines in EXAMPLES.items():
        shown = ladder(*name.split(), "--help").out
        assert all(f"    {line}\n" in shown and line.startswith(f"ladder {name}") for line in lines), name


def test_version_is_that_of_the_software() -> None:
    ended = ladder("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"{__version__}\n", "")


def test_an_unknown_command_is_a_usage_error() -> None:
    ended = ladder("pubish")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[0].startswith("ladder: No such command 'pubish'.")


def test_wrong_settings_are_named_by_their_variables_without_their_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("LADDER_LOG_LEVEL", "s3cret")
    ended = ladder("list")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "ladder: PORT must be a whole number from 0 to 65535.",
        "ladder: LADDER_LOG_LEVEL must be debug, info, warning or error.",
    ]


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("LADDER_DATBASE_URL", "s3cret", "Did you mean LADDER_DATABASE_URL?"),
        ("LADDER_PORT", "9000", "Did you mean PORT?"),
        ("LADDER_KEYS", "s3cret", "Did you mean LADDER_KEY?"),
        ("ladder_hosst", "s3cret", "Did you mean LADDER_HOST?"),
        ("LADDER_ZZZZZZZZZZ", "s3cret", "docs/reference/settings.md lists all settings."),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_with_the_name_that_is_near(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, cure: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in (("list",), ("pull", "acme")):
        ended = ladder(*command)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"ladder: {name} is not a setting. {cure}\n"


def test_the_same_holds_for_the_file_of_settings_and_for_servers(own_folder: Path) -> None:
    (own_folder / ".env").write_text("POSTGRES_PASSWORD=x\nLADDER_WORKER=2\n", "utf-8")
    ended = ladder("list")
    assert (ended.code, ended.err) == (
        2,
        "ladder: LADDER_WORKER is not a setting. Did you mean LADDER_WORKERS?\n",
    )
    with pytest.raises(
        SettingsError, match=r"LADDER_WORKER is not a setting\. Did you mean LADDER_WORKERS\?"
    ):
        create_app()


def test_variables_that_kubernetes_sets_for_a_service_called_ladder_are_ignored(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    links = {
        "LADDER_SERVICE_HOST": "10.0.0.1",
        "LADDER_SERVICE_PORT": "80",
        "LADDER_SERVICE_PORT_HTTP": "80",
        "LADDER_PORT": "tcp://10.0.0.1:80",
        "LADDER_PORT_80_TCP": "tcp://10.0.0.1:80",
        "LADDER_API_PORT_80_TCP_ADDR": "10.0.0.1",
    }
    for name, value in links.items():
        monkeypatch.setenv(name, value)
    assert ladder("list", "--json").json == {"items": []}


def test_a_settings_file_that_is_not_utf_8_is_reported_with_its_line(own_folder: Path) -> None:
    (own_folder / ".env").write_bytes(b"LADDER_SEED=true\nLADDER_HOST=\xff\n")
    ended = ladder("list")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"ladder: {own_folder}/.env, line 2: the file is not UTF-8. Save it as UTF-8.\n"


def test_an_option_that_postgresql_does_not_know_is_reported_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", "postgresql://localhost/x?sslmode=require&nonsense=s3cret")
    ended = ladder("list")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "ladder: The database URL has an option that the PostgreSQL library does not know: 'nonsense'. "
        "Correct it or leave it out. Examples of options: sslmode, connect_timeout.\n"
    )


def test_every_error_has_an_exit_code_that_is_documented() -> None:
    codes = {kind.__name__: code_of(kind) for kind in _below(errors.LadderError)}
    assert codes == {
        "Renamed": ExitCode.UNEXPECTED,
        "BadRequest": ExitCode.INVALID,
        "RequestTimeout": ExitCode.INVALID,
        "UnsupportedEncoding": ExitCode.INVALID,
        "UnsupportedVersion": ExitCode.INVALID,
        "Unauthenticated": ExitCode.REFUSED,
        "Forbidden": ExitCode.REFUSED,
        "NotFound": ExitCode.NOT_FOUND,
        "NothingInForce": ExitCode.NOT_FOUND,
        "MethodNotAllowed": ExitCode.UNEXPECTED,
        "NotAcceptable": ExitCode.UNEXPECTED,
        "Conflict": ExitCode.CONFLICT,
        "Gone": ExitCode.NOT_FOUND,
        "PreconditionFailed": ExitCode.CONFLICT,
        "TooLarge": ExitCode.INVALID,
        "UriTooLong": ExitCode.INVALID,
        "HeadersTooLarge": ExitCode.INVALID,
        "UnsupportedMediaType": ExitCode.INVALID,
        "Invalid": ExitCode.USAGE,
        "InvalidParameter": ExitCode.USAGE,
        "InvalidLadder": ExitCode.INVALID,
        "BumpTooLow": ExitCode.BUMP_TOO_LOW,
        "PreconditionRequired": ExitCode.UNEXPECTED,
        "TooManyRequests": ExitCode.DATABASE,
        "Internal": ExitCode.UNEXPECTED,
        "Unavailable": ExitCode.DATABASE,
        "SchemaMismatch": ExitCode.DATABASE,
        "Overloaded": ExitCode.DATABASE,
    }
    assert set(MEANINGS) == set(ExitCode)


def _below(kind: type[errors.LadderError]) -> list[type[errors.LadderError]]:
    """The classes of the error tree itself, top down."""
    children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [found for child in children for found in (child, *_below(child))]


def test_what_it_says_of_its_arguments_shows_no_secret() -> None:
    ended = ladder("validate", "postgresql://somebody:s3cret@host/name")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(
        "ladder: Invalid value for 'PATH': path 'postgresql://somebody:***@host/name' does not exist.\n"
    )


def test_the_module_is_the_command() -> None:
    ended = process_from_nothing("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"{__version__}\n", "")


def test_openapi_needs_no_database_and_is_always_the_same() -> None:
    ended = ladder("openapi")
    assert (ended.code, ended.err, ended.json["openapi"]) == (0, "", "3.1.0")
    assert ended.out == process_from_nothing("openapi", PYTHONHASHSEED="7").out


def test_completion_knows_the_commands() -> None:
    ended = process_from_nothing(_LADDER_COMPLETE="complete_bash", COMP_WORDS="ladder pub", COMP_CWORD="1")
    assert (ended.code, ended.out) == (0, "publish\n")
