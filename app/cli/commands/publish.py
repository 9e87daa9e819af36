"""`ladder publish`: publish a ladder in files as a release."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import output
from app.cli.dates import instant
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson, BundlePath, release_number
from app.cli.publish_options import PublishOptions
from app.rubric.releases import Bump, rfc3339

if TYPE_CHECKING:
    from app.formats.bundle.reader import Bundle
    from app.store.publishing import Plan, PublishRequest


def publish(  # noqa: PLR0913 - the options of one command
    context: typer.Context,
    path: BundlePath,
    *,
    bump: Annotated[Bump | None, typer.Option(help="Part of the newest release's number to raise.")] = None,
    version: Annotated[str | None, typer.Option(metavar="X.Y.Z", help="Number of the release.")] = None,
    notes: Annotated[str | None, typer.Option(help="What changed, for readers.")] = None,
    effective_from: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|TIME",
            help="Date or time from which it is in force, such as 2026-03-31 (UTC); default: at once.",
        ),
    ] = None,
    because: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="Reason for a number below the minimum, with --version or --bump. Readers see it.",
        ),
    ] = None,
    corrects: Annotated[
        str | None,
        typer.Option(
            metavar="X.Y.Z",
            help="Correct this release, the one in force, while another is scheduled. The draft stays as it is.",
        ),
    ] = None,
    override_review: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Publish without the required review. This is logged."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen, and write nothing.")
    ] = False,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Publish on this server, through its draft, with the key in LADDER_KEY; default: in the database.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish a ladder as a new release.

    The first release is 1.0.0. Later ones get the minimum number for their changes. Use --bump or --version for
    another one; a lower number needs --because. Without both, the number, reason, notes and dates in the `release`
    block of the files are used, so you can import history. If the content did not change, nothing is published, and
    the exit code is 4. With --corrects, the files correct the release in force, and the block is ignored.
    """
    if bump is not None and version is not None:
        raise typer.BadParameter("use either --bump or --version, not both", param_hint="--version")
    number = bump if version is None else release_number(version, "--version")
    options = PublishOptions(
        number,
        None if notes is None else _checked("notes", notes),
        None if effective_from is None else instant(effective_from, "--effective-from"),
        None if because is None else _checked("because", because),
        override_review,
        None if corrects is None else release_number(corrects, "--corrects"),
    )
    bundle = _sound_bundle(path)
    options = options.with_block(bundle.release)
    if server is not None:
        _publish_elsewhere(bundle, options, server, dry_run=dry_run, as_json=as_json)
        return
    plan = _carry_through(context.obj, bundle, options, dry_run=dry_run)
    _tell(plan, dry_run=dry_run, as_json=as_json)
    output.note(f"Database: {context.obj.database_name}")
    if plan.same is not None:
        raise typer.Exit(ExitCode.UNCHANGED)


def _publish_elsewhere(
    bundle: "Bundle", options: PublishOptions, server: str, *, dry_run: bool, as_json: bool
) -> None:
    """Publish on a server, and print the result."""
    from app.cli.remote import connected
    from app.cli.remote_publishing import publish_by

    if dry_run:
        raise typer.BadParameter(
            "not possible on a server; `ladder diff` shows the changes", param_hint="--dry-run"
        )
    if options.override_review is not None:
        raise typer.BadParameter("not possible on a server", param_hint="--override-review")
    with connected(server) as remote:
        told = publish_by(remote, bundle, options)
    if as_json:
        output.print_json(told)
    elif told["outcome"] == "published":
        output.say(f"Published {told['ladder']}@{told['release']}, in force from {told['effective_from']}.")
        _tell_lower(told["minimum_version"], told["because"])
        _tell_missing(told["missing_in"])
    else:
        output.note(f"Nothing to publish: {told['ladder']}@{told['release']} already has this content.")
    if told["outcome"] == "unchanged":
        raise typer.Exit(ExitCode.UNCHANGED)


def _sound_bundle(path: BundlePath) -> "Bundle":
    """Read the bundle and print its findings to standard error. Exit if one is an error."""
    from app.cli.file_findings import check_files, has_errors, print_findings, summary

    bundle, findings = check_files(path)
    print_findings(findings, to_stdout=False)
    if bundle is None or has_errors(findings):
        output.note(f"ladder: {path} was not published: {summary(findings)}.", "red")
        raise typer.Exit(ExitCode.INVALID)
    return bundle


def _publish_request(now: datetime, options: PublishOptions) -> "PublishRequest":
    from app.store.publishing import PublishRequest

    return PublishRequest(
        now=now,
        number=options.number,
        notes=options.notes,
        published_at=options.published_at,
        effective_from=options.effective_from,
        because=options.because,
        override_review=options.override_review,
        corrects=options.corrects,
    )


def _carry_through(
    environment: Environment, bundle: "Bundle", options: PublishOptions, *, dry_run: bool
) -> "Plan":
    """Publish in one transaction, which a dry run rolls back.

    The clock is read after all other publishers have finished.
    """
    from app.store.engine import writing
    from app.store.publishing import carry_out, plan_release
    from app.store.revision import take_revision

    required = environment.settings.require_review
    with environment.database() as engine, writing(engine) as connection:
        revision = take_revision(connection)
        now = environment.clock()
        plan = plan_release(
            connection, bundle.ladder, _publish_request(now, options), require_review=required
        )
        if plan.same is None:
            carry_out(connection, plan, environment.actor, now, revision)
        if dry_run or plan.same is not None:
            connection.rollback()
        return plan


def _tell(plan: "Plan", *, dry_run: bool, as_json: bool) -> None:
    slug, shown = plan.new.ladder.slug, plan.shown
    name = f"{slug}@{shown.version}"
    effective_from = rfc3339(shown.effective_from)
    if as_json:
        outcome = "unchanged" if plan.same else "planned" if dry_run else "published"
        output.print_json(
            {
                "outcome": outcome,
                "ladder": slug,
                "release": str(shown.version),
                "corrects": None if plan.new.corrects is None else str(plan.new.corrects),
                "minimum_version": None if shown.minimum is None else str(shown.minimum),
                "because": shown.because,
                "notes": shown.notes,
                "published_at": rfc3339(shown.published_at),
                "effective_from": effective_from,
                "content_sha256": shown.content_sha256,
                "missing_in": _missing_in(plan),
            }
        )
    elif plan.same:
        output.note(f"Nothing to publish: {name} already has this content.")
    else:
        output.say(f"{'Would publish' if dry_run else 'Published'} {name}, in force from {effective_from}.")
        _tell_lower(shown.minimum, shown.because)
        _tell_missing(_missing_in(plan))


def _tell_lower(minimum: object, because: object) -> None:
    """Print the minimum and the reason if the number is below the minimum."""
    if because is not None:
        known = "" if minimum is None else f"The minimum is {minimum}. "
        output.say(f"{known}Reason for the lower number: {because}")


def _missing_in(plan: "Plan") -> list[dict[str, Any]]:
    return [{"version": str(one.release), "changes": list(one.changes)} for one in plan.missing_in]


def _tell_missing(missing_in: list[dict[str, Any]]) -> None:
    """Print what scheduled releases lack of a correction."""
    for one in missing_in:
        output.note(
            f"{one['version']} is scheduled and lacks: {', '.join(one['changes'])}. "
            "Make these changes in the draft too, and publish it for the same date."
        )


def _checked(name: str, text: str) -> str | None:
    """Return the text of an option, checked like the property of a file's `release` block with that name."""
    from pydantic import ValidationError

    from app.formats.bundle.release_block import ReleaseBlock
    from app.validation import in_words

    try:
        found: str | None = getattr(ReleaseBlock.model_validate({name: text}), name)
    except ValidationError as error:
        raise typer.BadParameter(in_words(error.errors()[0]), param_hint=f"--{name}") from None
    return found
