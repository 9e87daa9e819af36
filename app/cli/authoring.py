"""The commands of those who write ladders: `validate` and `publish`."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.exits import ExitCode
from app.cli.options import AsJson, BundlePath
from app.cli.surroundings import Surroundings
from app.rubric.releases import Bump, Version, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.formats.bundle import Bundle
    from app.store.publishing import Plan, Wish


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


def publish(
    context: typer.Context,
    path: BundlePath,
    *,
    bump: Annotated[Bump | None, typer.Option(help="Raise this part of the newest release's number.")] = None,
    version: Annotated[
        str | None, typer.Option(metavar="X.Y.Z", help="Give the release this number.")
    ] = None,
    notes: Annotated[str | None, typer.Option(help="What changed, for the readers.")] = None,
    effective_from: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|TIME",
            help="From when it holds, such as 2026-03-31 (its first moment in UTC); else at once.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish a ladder as a new release.

    A first release is 1.0.0; a later one names --bump or --version. Where neither is given, the number, notes
    and dates of the files' `release` block count, so that history can be brought along. Content that did not
    change makes no release and ends with 4.
    """
    if bump is not None and version is not None:
        raise typer.BadParameter("say one of --bump and --version, not both", param_hint="--version")
    number = bump if version is None else _version(version)
    instant = None if effective_from is None else _instant(effective_from)
    surroundings: Surroundings = context.obj
    bundle = _sound_bundle(path)
    said = None if notes is None else _notes(notes)
    with surroundings.database() as engine:
        plan = _carry_through(
            engine,
            bundle,
            lambda: _wish(bundle, surroundings.clock(), number, said, instant),
            dry_run=dry_run,
        )
    _tell(plan, dry_run=dry_run, as_json=as_json)
    if plan.same is not None:
        raise typer.Exit(ExitCode.UNCHANGED)


def _sound_bundle(path: BundlePath) -> "Bundle":
    """The bundle, its findings printed to standard error. Ends the command where one is an error."""
    from app.cli.findings import examine, has_errors, print_remarks, summary

    bundle, remarks = examine(path)
    print_remarks(remarks, to_stdout=False)
    if bundle is None or has_errors(remarks):
        output.note(f"ladder: {path} was not published: {summary(remarks)}.", "red")
        raise typer.Exit(ExitCode.INVALID)
    return bundle


def _wish(
    bundle: "Bundle",
    now: datetime,
    number: Version | Bump | None,
    notes: str | None,
    effective_from: datetime | None,
) -> "Wish":
    """What is asked for: by the options, and by the `release` block unless a number is given by option."""
    from app.formats.release_block import ReleaseBlock
    from app.store.publishing import Wish

    block = bundle.release if number is None and bundle.release is not None else ReleaseBlock()
    return Wish(
        now=now,
        number=number or block.version,
        notes=block.notes if notes is None else notes,
        published_at=block.published_at,
        effective_from=effective_from or block.effective_from,
    )


def _carry_through(
    engine: "Engine", bundle: "Bundle", wish: Callable[[], "Wish"], *, dry_run: bool
) -> "Plan":
    """Publish in one transaction; a dry run does all of it, too, and rolls it back.

    The wish is made, and so the clock read, only once it is this publisher's turn.
    """
    from app.store.engine import writing
    from app.store.publishing import carry_out, plan_release
    from app.store.revision import take_revision

    with writing(engine) as connection:
        revision = take_revision(connection)
        plan = plan_release(connection, bundle.ladder, wish())
        if plan.same is None:
            carry_out(connection, plan, revision)
        if dry_run or plan.same is not None:
            connection.rollback()
        return plan


def _tell(plan: "Plan", *, dry_run: bool, as_json: bool) -> None:
    name = f"{plan.ladder.slug}@{plan.version}"
    effective_from = rfc3339(plan.effective_from)
    if as_json:
        outcome = "unchanged" if plan.same else "planned" if dry_run else "published"
        output.print_json(
            {
                "outcome": outcome,
                "ladder": plan.ladder.slug,
                "release": str(plan.version),
                "notes": plan.notes,
                "published_at": rfc3339(plan.published_at),
                "effective_from": effective_from,
                "content_sha256": plan.content_sha256,
            }
        )
    elif plan.same:
        output.note(f"Nothing to publish: {name} has this content already.")
    else:
        output.say(f"{'Would publish' if dry_run else 'Published'} {name}, in force from {effective_from}.")


def _version(text: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--version") from None


def _notes(text: str) -> str | None:
    """The notes, held to what those of a file are held to."""
    from pydantic import ValidationError

    from app.formats.release_block import ReleaseBlock

    try:
        return ReleaseBlock(notes=text).notes
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint="--notes") from None


def _instant(text: str) -> datetime:
    from pydantic import TypeAdapter, ValidationError

    from app.formats.release_block import Instant

    try:
        moment: datetime = TypeAdapter(Instant).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"], param_hint="--effective-from") from None
    return moment
