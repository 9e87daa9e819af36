"""The command as a whole: help, version, wrong usage, wrong settings, and errors as exit codes."""

import pytest

from app import __version__, errors
from app.cli.exits import MEANINGS, ExitCode, code_of
from tests.cli.shell import ladder, process


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


def test_help_shows_each_command_with_a_whole_sentence() -> None:
    lines = ladder("--help").out.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line for line in lines if not line.endswith(".") or line.endswith("...")] == []


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
        "ladder: A setting is wrong.",
        "  PORT: Input should be a valid integer, unable to parse string as an integer",
        "  LADDER_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'",
    ]


def test_every_error_has_an_exit_code_that_is_documented() -> None:
    codes = {kind.__name__: code_of(kind) for kind in _below(errors.LadderError)}
    assert codes == {
        "Renamed": ExitCode.UNEXPECTED,
        "BadRequest": ExitCode.INVALID,
        "Unauthenticated": ExitCode.UNEXPECTED,
        "Forbidden": ExitCode.UNEXPECTED,
        "NotFound": ExitCode.NOT_FOUND,
        "NothingInForce": ExitCode.NOT_FOUND,
        "MethodNotAllowed": ExitCode.UNEXPECTED,
        "NotAcceptable": ExitCode.UNEXPECTED,
        "Conflict": ExitCode.CONFLICT,
        "Gone": ExitCode.NOT_FOUND,
        "TooLarge": ExitCode.INVALID,
        "UnsupportedMediaType": ExitCode.INVALID,
        "Invalid": ExitCode.USAGE,
        "InvalidParameter": ExitCode.USAGE,
        "InvalidLadder": ExitCode.INVALID,
        "TooManyRequests": ExitCode.UNEXPECTED,
        "Internal": ExitCode.UNEXPECTED,
        "Unavailable": ExitCode.DATABASE,
        "SchemaMismatch": ExitCode.DATABASE,
    }
    assert set(MEANINGS) == set(ExitCode)


def _below(kind: type[errors.LadderError]) -> list[type[errors.LadderError]]:
    """The classes of the error tree itself, top down."""
    children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [found for child in children for found in (child, *_below(child))]


def test_the_module_is_the_command() -> None:
    ended = process("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"{__version__}\n", "")


def test_openapi_needs_no_database_and_is_always_the_same() -> None:
    ended = ladder("openapi")
    assert (ended.code, ended.err, ended.json["openapi"]) == (0, "", "3.1.0")
    assert ended.out == process("openapi", PYTHONHASHSEED="7").out


def test_completion_knows_the_commands() -> None:
    ended = process(_LADDER_COMPLETE="complete_bash", COMP_WORDS="ladder pu", COMP_CWORD="1")
    assert (ended.code, ended.out) == (0, "publish\n")
