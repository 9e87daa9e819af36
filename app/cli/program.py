"""The `ladder` program: its commands, and the exit code for each result."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer
from typer.exceptions import TyperException

from app import __version__
from app.cli import output
from app.cli.commands import (
    audit,
    contract,
    database,
    diff,
    imports,
    init,
    keys,
    people,
    preview,
    publish,
    pull_push,
    read,
    releases,
    seed,
    serve,
    validate,
)
from app.cli.environment import Clock, Environment, utc_now
from app.cli.exit_codes import ExitCode, code_of
from app.cli.help import GroupedCommands, epilog, example
from app.errors import LadderError
from app.settings import SettingsError

_COMMANDS: Final = (
    init.init,
    serve.serve,
    preview.preview,
    seed.seed,
    validate.validate,
    diff.diff,
    imports.import_,
    pull_push.pull,
    pull_push.push,
    publish.publish,
    releases.deprecate,
    releases.withdraw,
    releases.reschedule,
    releases.settings,
    read.list_ladders,
    read.export,
    contract.schema,
    contract.openapi,
    database.migrate,
    database.doctor,
    database.copy,
    database.backup,
    audit.audit,
)
_NAMES: Final = {"import_": "import", "list_ladders": "list"}


def build(clock: Clock = utc_now) -> typer.Typer:
    """Build the command line with a clock for all its commands."""
    program = typer.Typer(
        name="ladder", cls=GroupedCommands, rich_markup_mode=None, pretty_exceptions_enable=False
    )

    @program.callback(invoke_without_command=True, epilog=epilog())
    def ladder(
        context: typer.Context,
        *,
        version: Annotated[
            bool, typer.Option("--version", help="Print the version of this software.")
        ] = False,
    ) -> None:
        """Write, publish, serve and read career ladders.

        Settings come from the environment (LADDER_DATABASE_URL, PORT, …) or from a file `.env`.
        """
        context.obj = Environment(clock)
        if version:
            output.say(__version__)
            raise typer.Exit
        if context.invoked_subcommand is None:
            sys.stderr.write(context.get_help() + "\n")
            raise typer.Exit(ExitCode.USAGE)

    for command in _COMMANDS:
        name = _NAMES.get(command.__name__, command.__name__)
        program.command(name, epilog=example(name))(command)
    program.add_typer(keys.program)
    program.add_typer(people.program)
    return program


def main(arguments: Sequence[str] | None = None, *, clock: Clock = utc_now) -> int:
    """Run `ladder` with these arguments, by default those of the process, and return the exit code."""
    output.prepare_streams()
    code: int = ExitCode.DONE
    try:
        code = _run(arguments, clock)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:
        # typer exits by itself when a pipe is closed; the broken pipe is the context of that exit.
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        _drop_output()
        return ExitCode.PIPE_CLOSED
    except OSError as error:  # the disk is too full for all of the output
        _drop_output()
        if code != ExitCode.UNEXPECTED:  # otherwise it has been reported already
            _report_failure(error)
        return ExitCode.UNEXPECTED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code


def _drop_output() -> None:
    """Discard what is left in the buffer, so that it cannot fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str] | None, clock: Clock) -> int:
    try:
        given = build(clock)(args=arguments, prog_name="ladder", standalone_mode=False)
    except LadderError as error:
        output.report(error)
        return code_of(type(error))
    except TyperException as error:
        output.note(f"ladder: {_usage(error)}", "red")
        output.note("Run `ladder --help`, or `ladder COMMAND --help`.")
        return ExitCode.USAGE
    except SettingsError as error:
        for message in error.messages:
            output.note(f"ladder: {message}", "red")
        return ExitCode.USAGE
    except OSError as error:
        _report_failure(error)
        return ExitCode.UNEXPECTED
    return given or ExitCode.DONE


def _usage(error: TyperException) -> str:
    """Return the error in the arguments, without the words of pydantic, which typer uses to check values."""
    from pydantic import ValidationError

    from app.validation import in_words

    if isinstance(error.__cause__, ValidationError):
        error.message = in_words(error.__cause__.errors()[0])
    return error.format_message()


def _report_failure(error: OSError) -> None:
    named = f"{error.filename}: " if error.filename else ""
    output.note(f"ladder: {named}{error.strerror or error}", "red")
