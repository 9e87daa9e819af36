"""`ladder import`: workbooks, tables and other sheets into files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            exists=True,
            dir_okay=False,
            help="A workbook, table or ladder of this software, or any sheet: XLSX, CSV, TSV, Markdown, HTML.",
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file, or a folder (a name without an extension); default: slug.yaml.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            dir_okay=False,
            help="The meaning of columns and rows, written by an earlier import; default: next to the first FILE.",
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="What a workbook or table was made from, if the files changed since: files, slug@1.2.0 or a URL.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove what the FILEs lack, and take all that they have.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Turn workbooks, tables and other sheets into files.

    You can check, preview and publish the files. Existing files are updated in place: only what was edited in a
    workbook or table changes, and comments, order and unchanged parts stay as they are.
    """
    from app.cli.files.imports import ImportOptions, carry_out

    environment: Environment = context.obj
    done = carry_out(ImportOptions(tuple(files), out, mapping, base, replace), environment)
    if as_json:
        output.print_json(done.json())
    else:
        done.print()
    if done.code is not ExitCode.DONE:
        raise typer.Exit(done.code)
