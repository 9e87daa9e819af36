"""`ladder pull` and `ladder push`: download a server's draft into files, and upload files as the draft."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath, Server

if TYPE_CHECKING:
    from app.rubric.ladder import Ladder


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
    from app.cli.remote_drafts import write_draft

    bundle, findings = check_files(path)
    print_findings(findings, to_stdout=False)
    if bundle is None:
        output.note(f"ladder: {path} was not pushed: {summary(findings)}.", "red")
        raise typer.Exit(ExitCode.INVALID)
    with connected(server) as remote:
        outcome, digest = write_draft(remote, bundle.ladder, expect)
    slug = bundle.ladder.slug
    if as_json:
        output.print_json({"outcome": outcome, "ladder": slug, "content_sha256": digest})
        return
    words = {"created": "Began", "updated": "Updated", "unchanged": "Nothing new in"}
    output.say(f"{words[outcome]} {slug}@draft.")
    output.note(f"Content {digest}")


def write_files(path: Path, ladder: "Ladder") -> bool:
    """Update files with a ladder, or write a new file; return whether anything was written.

    Raises like `in_place.update_files`, and BadRequest if a new file does not have a bundle file's extension.
    """
    from app.errors import BadRequest
    from app.formats.bundle.in_place import update_files
    from app.formats.bundle.writer import export_json, export_yaml
    from app.formats.syntax.files import SUFFIXES

    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        return update_files(path, ladder)
    file = path / f"{ladder.slug}.yaml" if path.is_dir() else path
    if file.suffix.lower() not in SUFFIXES:
        raise BadRequest(f"{file} has an unknown extension. Use one of {', '.join(SUFFIXES)}.")
    export = export_json if file.suffix.lower() == ".json" else export_yaml
    file.write_bytes(export(ladder, None).encode())
    return True
