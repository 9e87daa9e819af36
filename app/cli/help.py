"""The help texts: commands in groups, and an example for each."""

from collections.abc import Mapping
from typing import Any, Final

from typer.core import TyperGroup

from app.cli.exit_codes import MEANINGS

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Start": ("init", "serve", "preview", "seed"),
    "Write": ("validate", "diff", "import", "pull", "push"),
    "Publish": ("publish", "deprecate", "withdraw", "reschedule", "settings"),
    "Read": ("list", "export", "schema", "openapi"),
    "Operate": ("migrate", "doctor", "copy", "backup", "audit", "keys", "people"),
}
"""Every command, in the order of the help."""

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ('ladder init acme --title "Acme engineering"',),
    "serve": ("ladder serve", "ladder serve --host 0.0.0.0 --port 8080"),
    "preview": ("ladder preview acme/ladder.yaml",),
    "seed": ("ladder seed",),
    "validate": ("ladder validate acme/ladder.yaml",),
    "diff": ("ladder diff acme acme/ladder.yaml", "ladder diff acme@1.0.0 acme@latest --format markdown"),
    "import": ("ladder import acme.xlsx --output acme.yaml",),
    "pull": ("ladder pull acme --server https://ladders.example.org",),
    "push": ("ladder push acme.yaml --server https://ladders.example.org",),
    "publish": ("ladder publish acme/ladder.yaml", 'ladder publish acme/ladder.yaml --notes "Clearer L4."'),
    "deprecate": ('ladder deprecate acme@1.0.0 --reason "Use 2.0.0." --successor 2.0.0',),
    "reschedule": (
        'ladder reschedule acme@2.0.0 --to 2027-03-31 --reason "Training takes longer than planned."',
    ),
    "withdraw": ('ladder withdraw acme@1.1.0 --reason "Published by mistake."',),
    "settings": ("ladder settings acme --require-review yes",),
    "list": ("ladder list",),
    "export": (
        "ladder export acme@latest --output acme.yaml",
        "ladder export acme --format xlsx --output acme.xlsx",
    ),
    "schema": ("ladder schema > ladder.schema.json",),
    "openapi": ("ladder openapi > openapi.json",),
    "migrate": ("ladder migrate",),
    "doctor": ("ladder doctor",),
    "copy": ("ladder copy --to postgresql://user@host/ladders",),
    "backup": ("ladder backup ladders.db",),
    "audit": ("ladder audit --ladder acme --since 2026-01-01",),
    "keys create": ("ladder keys create --owner ann --scope write --scope publish --expires 90d",),
    "keys list": ("ladder keys list",),
    "keys rotate": ("ladder keys rotate clk_4fT9sQx2Lm --grace 24h",),
    "keys revoke": ("ladder keys revoke clk_4fT9sQx2Lm",),
    "people add": ("ladder people add --email grace@example.org --right write --ladder acme",),
    "people list": ("ladder people list",),
    "people change": ("ladder people change per_7Kq2ZtR9vB --right review --right publish",),
    "people remove": ("ladder people remove per_7Kq2ZtR9vB",),
}
"""At least one example for each command."""

_START: Final = ("ladder migrate", "ladder init acme", "ladder publish acme/ladder.yaml", "ladder serve")


class GroupedCommands(TyperGroup):
    """The list of commands, which the help shows in groups."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - a type that typer keeps private
        """Return the names of all commands, group by group."""
        return [name for names in GROUPS.values() for name in names]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - types that typer keeps private
        """Write a section for each group."""
        width = formatter.width - 6 - max(len(name) for names in GROUPS.values() for name in names)
        for title, names in GROUPS.items():
            commands = ((name, self.get_command(ctx, name)) for name in names)
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name, command.get_short_help_str(width))
                        for name, command in commands
                        if command is not None
                    ]
                )


def example(command: str) -> str:
    """Return the last part of a command's help."""
    lines = EXAMPLES[command]
    return _block("Example" if len(lines) == 1 else "Examples", lines)


def epilog() -> str:
    """Return the last part of the whole help: how to start, and the exit codes."""
    codes = tuple(f"{code:>3}  {meaning}" for code, meaning in MEANINGS.items())
    return f"{_block('Example', _START)}\n\n{_block('Exit codes', codes)}"


def _block(title: str, lines: tuple[str, ...]) -> str:
    """Return lines that the help does not wrap."""
    return "\n".join(("\b", f"{title}:", *(f"  {line}" for line in lines)))
