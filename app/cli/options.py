"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from app.rubric.releases import Version

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
BundlePath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", exists=True, help="A ladder in files: one YAML or JSON file, or a folder."
    ),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="URL of the server; default: LADDER_SERVER. The key is in LADDER_KEY."),
]


def release_number(text: str, option: str) -> Version:
    """Read a release number. Raises BadParameter with the option's name."""
    try:
        return Version.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
