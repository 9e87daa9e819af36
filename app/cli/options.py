"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
BundlePath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH", exists=True, help="A ladder in files: one YAML or JSON file, or a folder."
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="The service to talk to; default LADDER_SERVER. The key is in LADDER_KEY."
    ),
]
