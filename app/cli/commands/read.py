"""The commands for readers: `list` and `export`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.local_releases import catalog_of, load_release
from app.cli.options import AsJson
from app.rubric.releases import Release, Version, latest, next_effective, rfc3339

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from app.rubric.ladder import Ladder


def list_ladders(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List all ladders.

    Shows the release in force, the newest release, and when the next one comes into force.
    """
    from app.store.engine import reading

    environment: Environment = context.obj
    with environment.database() as engine, reading(engine) as connection:
        items = _overview(connection, environment.clock())
    if as_json:
        output.print_json({"items": items})
        return
    columns = ("Ladder", "Title", "In force", "Latest", "Next change")
    names = ("ladder", "title", "in_force", "latest", "next_effective_from")
    output.print_table(columns, [[item[name] or "-" for name in names] for item in items])
    if not items:
        output.note("There are no ladders yet. Run `ladder seed` or `ladder publish PATH`.")


ProfileName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Write a file for another system: a profile's name, or your own file."),
]
Template = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Fill your own template (.xlsx or .csv) by its header row; needs --map.",
    ),
]
TemplateMap = Annotated[
    Path | None,
    typer.Option(
        "--map",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="With --template: what each of its columns holds, as YAML.",
    ),
]
TrackSlug = Annotated[
    str | None,
    typer.Option(metavar="SLUG", help="With --profile or --template: only the levels of this track."),
]
Shorten = Annotated[
    bool,
    typer.Option("--shorten", help="With --profile or --template: cut values that are too long at a word."),
]
Guard = Annotated[
    bool,
    typer.Option(
        "--guard",
        help="With --profile or --template: put an apostrophe before values that Excel would execute.",
    ),
]


def export(  # noqa: PLR0913 - one for each option
    context: typer.Context,
    ladder: Annotated[
        str, typer.Argument(metavar="LADDER", help="slug (in force now), slug@latest or slug@1.2.0.")
    ],
    *,
    format_: Annotated[
        Literal["yaml", "json", "xlsx"],
        typer.Option("--format", help="How to write it. xlsx is a workbook that you can edit and import."),
    ] = "yaml",
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="Write to this file."),
    ] = None,
    profile: ProfileName = None,
    template: Template = None,
    mapping: TemplateMap = None,
    track: TrackSlug = None,
    shorten: Shorten = False,
    guard: Guard = False,
) -> None:
    """Print a release as a file.

    You can edit the file and publish it again, here or elsewhere. An unchanged file keeps its content hash.
    """
    system, xlsx = profile or (None if mapping is None else str(mapping)), format_ == "xlsx"
    _check_options(profile, template, mapping, out, other=bool(track or shorten or guard), xlsx=xlsx)
    release, content, corrects = load_release(context.obj, ladder)
    if system is not None:
        from app.cli.files.systems import ProfileOptions, file_of

        options = ProfileOptions(system, track, shorten, guard)
        written = file_of(template, options, content, str(release.version))
    elif xlsx:
        written = _workbook(release, content)
    else:
        written = _file(release, content, corrects, format_)
    if out is None:
        sys.stdout.write(written.decode())
    else:
        out.write_bytes(written)
        output.note(f"Wrote {release.ladder}@{release.version} to {out}.")


def _check_options(
    profile: str | None,
    template: Path | None,
    mapping: Path | None,
    out: Path | None,
    *,
    other: bool,
    xlsx: bool,
) -> None:
    """Refuse options of an export that do not go together."""
    if (template is None) != (mapping is None):
        raise typer.BadParameter("--template and --map need each other.")
    if template is not None and profile is not None:
        raise typer.BadParameter("Use either --template or --profile.")
    if profile is None and template is None and other:
        raise typer.BadParameter("--track, --shorten and --guard need --profile or --template.")
    binary = template.suffix.lower() == ".xlsx" if template is not None else xlsx and profile is None
    if binary and out is None:
        hint = "--format" if template is None else "--template"
        raise typer.BadParameter("A workbook is not text. Add --output FILE.", param_hint=hint)


def _file(release: Release, ladder: "Ladder", corrects: Version | None, format_: str) -> bytes:
    """Return a release as a file that can be published again."""
    from app.formats.bundle.release_block import ReleaseBlock
    from app.formats.bundle.writer import export_json, export_yaml

    block = ReleaseBlock(
        version=release.version,
        notes=release.notes,
        because=release.because,
        corrects=corrects,
        published_at=release.published_at,
        effective_from=release.effective_from,
    )
    return (export_yaml if format_ == "yaml" else export_json)(ladder, block).encode()


def _workbook(release: Release, ladder: "Ladder") -> bytes:
    """Return a release as a workbook."""
    from app.formats.sheets.workbook.writer import Origin, write_workbook
    from app.rubric.index import Index

    return write_workbook(Index.of(ladder), Origin(str(release.version), published=release.published_at))


def _overview(connection: "Connection", now: "datetime") -> list[dict[str, str | None]]:
    """Return one item per ladder, ordered by slug."""
    catalog = catalog_of(connection, now)
    moments = {slug: catalog.moment_of(slug) for slug in catalog.releases}
    newest = {slug: latest(line, moments[slug]) or line[-1] for slug, line in catalog.releases.items()}
    return [
        {
            "ladder": slug,
            "title": newest[slug].title,
            "in_force": _number(catalog.in_force.get(slug)),
            "latest": _number(latest(line, moments[slug])),
            "next_effective_from": _moment(next_effective(line, moments[slug])),
        }
        for slug, line in catalog.releases.items()
    ]


def _number(release: Release | None) -> str | None:
    return None if release is None else str(release.version)


def _moment(moment: "datetime | None") -> str | None:
    return None if moment is None else rfc3339(moment)
