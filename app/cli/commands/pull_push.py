"""`ladder pull` and `ladder push`: download a server's draft into files, and upload files as the draft."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import output
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath, Server


def pull(
    ladder: Annotated[
        str, typer.Argument(metavar="LADDER", help="slug (its draft), slug@latest or slug@1.2.0.")
    ],
    *,
    server: Server = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="PATH", help="A new file, or existing files; default: slug.yaml."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download the draft of a ladder into files.

    Existing files are updated in place: comments, order and unchanged parts stay as they are.
    """
    from app.cli.files.ladders import write_files
    from app.cli.ladder_sources import fetch_source
    from app.cli.remote import connected
    from app.rubric.canonical import canonical, content_sha256

    with connected(server) as remote:
        source = fetch_source(remote, ladder if "@" in ladder else f"{ladder}@draft")
    path = out or Path(f"{source.ladder.slug}.yaml")
    changed = write_files(path, source.ladder)
    digest = content_sha256(canonical(source.ladder))
    if as_json:
        output.print_json(
            {"from": source.name, "path": str(path), "changed": changed, "content_sha256": digest}
        )
        return
    output.say(f"{'Wrote' if changed else 'Nothing new:'} {source.name} {'to' if changed else 'is'} {path}.")
    output.note(f"Content {digest}")


def push(
    path: BundlePath,
    *,
    server: Server = None,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="SHA256",
            help="Content hash from `pull`, which the draft must still have. If not, the exit code is 5.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replace the draft of a ladder with files.

    Creates the ladder if it does not exist. Findings do not prevent a push, only a publish.
    """
    from app.cli.file_findings import check_files, print_findings, summary
    from app.cli.remote import connected
    from app.cli.remote_drafts import known_slug, write_draft

    bundle, findings = check_files(path)
    print_findings(findings, to_stdout=False)
    if bundle is None:
        output.note(f"ladder: {path} was not pushed: {summary(findings)}.", "red")
        raise typer.Exit(ExitCode.INVALID)
    with connected(server) as remote:
        slug = known_slug(remote, bundle.ladder)
        outcome, digest = write_draft(remote, bundle.ladder, slug, expect)
    if as_json:
        output.print_json({"outcome": outcome, "ladder": slug, "content_sha256": digest})
        return
    words = {"created": "Began", "updated": "Updated", "unchanged": "Nothing new in"}
    output.say(f"{words[outcome]} {slug}@draft.")
    output.note(f"Content {digest}")
