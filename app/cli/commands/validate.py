"""`ladder validate`: check a ladder in files."""

from typing import Annotated

import typer

from app.cli import output
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath


def validate(
    path: BundlePath,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Check names against what was published before: the URL of a server or database, "
            "a SQLite file, or an exported release.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a ladder in files.

    Prints each finding with file, line and column. The exit code is 3 if there are errors. With --against, slugs are
    also checked against the releases that were published before, as every publish does.
    """
    from app.cli.file_findings import check_files, check_names, has_errors, print_findings, summary

    bundle, findings = check_files(path)
    if bundle is not None and against is not None:
        from app.cli.validate_against import history_in
        from app.rubric.index import Index

        index = Index.of(bundle.ladder)
        findings = check_names(bundle, findings, index, history_in(against, index))
    if as_json:
        slug = None if bundle is None else bundle.ladder.slug
        items = [finding.json() for finding in findings]
        output.print_json({"ladder": slug, "checked_against": against, "items": items})
    else:
        print_findings(findings, to_stdout=True)
        unchecked = "; history was not checked (use --against)" if against is None else ""
        output.note(f"{path}: {summary(findings)}{unchecked}")
    if has_errors(findings):
        raise typer.Exit(ExitCode.INVALID)
