"""`docs/reference/cli.md` documents every command, argument, option and exit code, and only existing ones."""

import re
from collections.abc import Iterator
from typing import Any, Final

import typer
from typer.core import TyperGroup

from app.cli.exit_codes import MEANINGS
from app.cli.program import build
from tests.cli.shell import ROOT

TEXT: Final = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")


def commands(group: TyperGroup, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its name, those of groups included."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS: Final = dict(commands(typer.main.get_group(build())))


def section(command: str) -> str:
    """Return the section of a command."""
    found = re.search(rf"^### `ladder {command}\b.*?(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/reference/cli.md has no heading for `ladder {command}`"
    return found[0]


def test_every_command_has_a_section_and_no_other_thing_has() -> None:
    assert re.findall(r"^### `ladder ([a-z]+(?: [a-z]+)?)", TEXT, re.MULTILINE) == list(COMMANDS)


def test_every_option_has_a_row_in_its_commands_table_and_no_other_thing_has() -> None:
    documented = {
        name: re.findall(r"^\| `(-.+?)`", section(name).replace(r"\|", "|"), re.MULTILINE)
        for name in COMMANDS
    }
    assert documented == {
        name: [
            ", ".join(reversed(parameter.opts)) + (f" {parameter.metavar}" if parameter.metavar else "")
            for parameter in command.params
            if parameter.param_type_name == "option" and parameter.name != "help"
        ]
        for name, command in COMMANDS.items()
    }


def test_every_heading_shows_the_arguments() -> None:
    for name, command in COMMANDS.items():
        arguments = [
            parameter.metavar for parameter in command.params if parameter.param_type_name == "argument"
        ]
        assert section(name).splitlines()[0] == f"### `{' '.join(['ladder', name, *map(str, arguments)])}`"


def test_the_table_of_exit_codes_is_complete() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+?) \|$", TEXT, re.MULTILINE)
    assert rows == [(str(int(code)), meaning) for code, meaning in MEANINGS.items()]
