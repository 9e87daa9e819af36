"""`ladder import`: a workbook into files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import output


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="A workbook written by `ladder export`."
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="PATH", help="A new file, or existing files; default: slug.yaml."
        ),
    ] = None,
) -> None:
    """Turn a workbook into files.

    You can check, preview and publish the files. Existing files are updated in place: comments, order and unchanged
    parts stay as they are.
    """
    from app.cli.files.ladders import write_files
    from app.formats.sheets.workbook.importing import import_workbook
    from app.formats.sheets.xlsx_reader import read_xlsx

    found = import_workbook(read_xlsx(file.read_bytes(), file.name), file.name)
    for fault in found.faults:
        output.note(f"Left out: {fault.detail}", "yellow")
    path = out or Path(f"{found.ladder.slug}.yaml")
    changed = write_files(path, found.ladder)
    output.say(
        f"{'Wrote' if changed else 'Nothing new:'} {found.ladder.slug} {'to' if changed else 'is'} {path}."
    )
