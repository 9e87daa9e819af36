"""`ladder validate`: check a ladder in files."""

import typer

from app.cli import output
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath


def validate(path: BundlePath, *, as_json: AsJson = False) -> None:
    """Check a ladder in files.

    Prints everything found, each with file, line and column. Ends with 3 where something must be mended.
    """
    from app.cli.findings import examine, has_errors, print_remarks, summary

    bundle, remarks = examine(path)
    if as_json:
        slug = None if bundle is None else bundle.ladder.slug
        output.print_json({"ladder": slug, "items": [remark.json() for remark in remarks]})
    else:
        print_remarks(remarks, to_stdout=True)
        output.note(f"{path}: {summary(remarks)}")
    if has_errors(remarks):
        raise typer.Exit(ExitCode.INVALID)
