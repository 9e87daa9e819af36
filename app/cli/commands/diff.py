"""`ladder diff`: show the differences between two ladders, and their meaning for people."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.options import Server
from app.rubric.releases import Bump, Version

if TYPE_CHECKING:
    from app.cli.ladder_sources import LadderSource
    from app.rubric.diff import Diff
    from app.rubric.index import Index

_GIVEN: Final = "A file or folder, slug, slug@1.2.0, slug@latest, slug@draft, or the URL of one."


def diff(  # noqa: PLR0913 - the options of one command
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="A", help=_GIVEN)],
    after: Annotated[str, typer.Argument(metavar="B", help="The other ladder, in the same forms.")],
    *,
    format_: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", help="How to print it.")
    ] = "text",
    bump: Annotated[
        Bump | None,
        typer.Option(help="The bump you plan; with --exit-code, the exit code is 8 if it is too low."),
    ] = None,
    level: Annotated[str | None, typer.Option(metavar="SLUG", help="Only what affects this level.")] = None,
    track: Annotated[str | None, typer.Option(metavar="SLUG", help="Only what affects this track.")] = None,
    competency: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Only what belongs to this competency.")
    ] = None,
    server: Server = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3, 4 or 8, as publishing B would.")
    ] = False,
) -> None:
    """Show the differences between two ladders.

    Shows each change with its meaning for people, and the minimum bump of the release number.
    """
    from app.cli.ladder_sources import open_source
    from app.rubric import diff as diffing
    from app.rubric.index import Index

    environment: Environment = context.obj
    one, other = (open_source(text, environment, server) for text in (before, after))
    indexes = Index.of(one.ladder), Index.of(other.ladder)
    changes = diffing.diff(*indexes)
    sought = (("level", level), ("track", track), ("competency", competency))
    wanted = diffing.ChangeFilter(*indexes, *(_slugs(indexes, kind, slug) for kind, slug in sought))
    _print(one, other, wanted.part_of(changes), format_)
    if exit_code:
        raise typer.Exit(_verdict(one, other, changes, bump))


def _slugs(indexes: tuple["Index", "Index"], kind: str, slug: str | None) -> frozenset[str] | None:
    """Return the slugs that an entity has on both sides, by its present or a former slug. None filters nothing."""
    from app.rubric.suggest import did_you_mean

    if slug is None:
        return None
    uuids = {
        node.uuid for index in indexes if (node := index.find(kind, slug) or index.find_renamed(kind, slug))
    }
    found = frozenset(node.address for index in indexes for node in index.of_kind(kind) if node.uuid in uuids)
    if not found:
        meant = did_you_mean(slug, (node.address for index in indexes for node in index.of_kind(kind)))
        raise typer.BadParameter(f"neither has a {kind} {slug[:80]!r}.{meant}", param_hint=f"--{kind}")
    return found


def _print(one: "LadderSource", other: "LadderSource", changes: "Diff", format_: str) -> None:
    from app.rubric.diff.release_notes import release_notes

    if format_ == "json":
        worded = tuple(change.in_words() for change in changes.changes)
        told = changes.model_copy(update={"changes": worded}).model_dump(mode="json", exclude_none=True)
        hashes = {"from_sha256": one.content_sha256, "to_sha256": other.content_sha256}
        output.print_json({"from": one.name, "to": other.name, **hashes, **told})
        return
    if format_ == "markdown":
        output.write(release_notes(changes))
        return
    columns = ("Means", "Change", "What", "Title")
    rows = [
        (change.impact, change.target, ", ".join(change.actions), change.title or "-")
        for change in changes.changes
    ]
    output.print_table(columns, rows)
    honest = f"; the minimum bump is {changes.least_bump}" if changes.least_bump else ""
    output.note(
        f"{one.name} to {other.name}: {output.counted(changes.counts.total_count, 'change')}{honest}."
    )


def _verdict(one: "LadderSource", other: "LadderSource", changes: "Diff", bump: Bump | None) -> ExitCode:
    """Return the exit code that publishing the second ladder would have, as far as the files tell."""
    if not other.sound:
        return ExitCode.INVALID
    if changes.least_bump is None:
        return ExitCode.UNCHANGED
    if too_low(one.version, other.version, bump, changes.least_bump):
        output.note(
            f"ladder: the release number is lower than the changes require: {changes.least_bump}.", "red"
        )
        return ExitCode.BUMP_TOO_LOW
    return ExitCode.DONE


def too_low(one: Version | None, other: Version | None, bump: Bump | None, least: Bump) -> bool:
    """Return whether a bump, or the step from one number to the other, is below the minimum."""
    if bump is not None:
        start = Version(0, 0, 0)
        return start.bumped(bump) < start.bumped(least)
    return one is not None and other is not None and one < other < one.bumped(least)
