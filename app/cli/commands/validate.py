"""`ladder validate`: check a ladder in files."""

import typer

from app.cli import output
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath


def validate(path: BundlePath, *, as_json: AsJson = False) -> None:
    """Check a ladder in files.

    Prints each finding with file, line and column. The exit code is 3 if there are errors.
    """
    from app.cli.file_findings import check_files, has_errors, print_findings, summary

    bundle, findings = check_files(path)
    if as_json:
        slug = None if bundle is None else bundle.ladder.slug
        output.print_json({"ladder": slug, "items": [finding.json() for finding in findings]})
    else:
        print_findings(findings, to_stdout=True)
        output.note(f"{path}: {summary(findings)}")
    if has_errors(findings):
        raise typer.Exit(ExitCode.INVALID)
