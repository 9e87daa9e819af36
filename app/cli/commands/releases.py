"""The commands that manage releases and ladders: `deprecate`, `withdraw`, `reschedule` and `settings`."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.cli import output
from app.cli.dates import instant
from app.cli.environment import Environment
from app.cli.options import AsJson, release_number
from app.rubric.releases import Event, Version, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.store.ladder_settings import LadderSettings

ReleaseName = Annotated[
    str, typer.Argument(metavar="LADDER@VERSION", help="The release, such as example-engineering@1.0.0.")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="The reason, which readers see.")]
Successor = Annotated[
    str | None, typer.Option(metavar="X.Y.Z", help="Number of the release to read instead.")
]


class Answer(StrEnum):
    """The values of `--require-review`."""

    YES = "yes"
    NO = "no"
    DEFAULT = "default"


def deprecate(
    context: typer.Context,
    release: ReleaseName,
    *,
    reason: Reason,
    successor: Successor = None,
    sunset: Annotated[
        str | None,
        typer.Option(metavar="DATE|TIME", help="Date from which nobody should use it, such as 2027-06-30."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Mark a release as deprecated.

    It stays readable. Its responses have the headers Deprecation and Sunset.
    """
    ends = None if sunset is None else instant(sunset, "--sunset")
    _announce(context.obj, release, "deprecated", (reason, successor, ends), as_json=as_json)


def withdraw(
    context: typer.Context,
    release: ReleaseName,
    *,
    reason: Reason,
    successor: Successor = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw a release for good.

    It is never in force again. It stays readable by its number, which is not used again.
    """
    _announce(context.obj, release, "withdrawn", (reason, successor, None), as_json=as_json)


def reschedule(
    context: typer.Context,
    release: ReleaseName,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="DATE|TIME", help="The new date, such as 2027-03-31 (UTC).")
    ],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Change the date from which a scheduled release is in force.

    The release must not be in force yet. The new date is in the future.
    """
    date = instant(to, "--to")
    _announce(context.obj, release, "rescheduled", (reason, None, None), date, as_json=as_json)


def settings(
    context: typer.Context,
    ladder: Annotated[str, typer.Argument(metavar="LADDER", help="Slug of the ladder.")],
    *,
    visibility: Annotated[
        Literal["public", "internal"] | None,
        typer.Option(help="Who can see it: everyone, or only callers with a right to it."),
    ] = None,
    require_review: Annotated[
        Answer | None,
        typer.Option(help="Whether a draft needs an approval before it is published."),
    ] = None,
    allow_lower_version: Annotated[
        Literal["yes", "no"] | None,
        typer.Option(help="Whether a release may get a number below the minimum, with a reason."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change the settings of a ladder.

    `--require-review default` uses LADDER_REQUIRE_REVIEW.
    """
    from app.store.engine import writing
    from app.store.ladder_settings import LadderSettings, change_settings, get_settings
    from app.store.revision import hold_revision

    environment: Environment = context.obj
    with environment.database() as engine, writing(engine) as connection:
        hold_revision(connection)
        _refuse_unknown(connection, ladder)
        old = get_settings(connection, ladder)
        lower = old.allow_lower_version if allow_lower_version is None else allow_lower_version == "yes"
        new = LadderSettings(visibility or old.visibility, _required(require_review, old), lower)
        change_settings(connection, ladder, new, environment.actor, environment.clock())
    _show(ladder, new, default=environment.settings.require_review, as_json=as_json)


def _announce(
    environment: Environment,
    release: str,
    kind: Literal["deprecated", "withdrawn", "rescheduled"],
    said: tuple[str, str | None, datetime | None],
    date: datetime | None = None,
    *,
    as_json: bool,
) -> None:
    from app.store.engine import writing
    from app.store.release_events import announce
    from app.store.releases import get_release
    from app.store.revision import take_revision

    slug, version = _named(release)
    reason, successor, sunset = said
    if not reason.strip():
        raise typer.BadParameter("give a reason", param_hint="--reason")
    follows = None if successor is None else release_number(successor, "--successor")
    with environment.database() as engine, writing(engine) as connection:
        take_revision(connection)
        known = get_release(connection, slug, version)
        event = Event(kind, environment.clock(), reason, follows, sunset, date)
        dated = announce(connection, known, event, environment.actor).events[-1]
    if as_json:
        output.print_json({"ladder": slug, "release": str(version)} | _event_fields(dated))
    else:
        output.say(f"{kind.capitalize()} {slug}@{version}.")


def _named(release: str) -> tuple[str, Version]:
    """Return the ladder and the version that a `LADDER@VERSION` names."""
    slug, at, number = release.partition("@")
    if not at:
        raise typer.BadParameter(
            "give the number of a release, such as acme@1.0.0", param_hint="LADDER@VERSION"
        )
    return slug, release_number(number, "LADDER@VERSION")


def _event_fields(event: Event) -> dict[str, str | None]:
    """Return the properties of an event in the output with `--json`."""
    return {
        "kind": event.kind,
        "at": rfc3339(event.at),
        "reason": event.reason,
        "successor": None if event.successor is None else str(event.successor),
        "sunset": None if event.sunset is None else rfc3339(event.sunset),
        "effective_from": None if event.effective_from is None else rfc3339(event.effective_from),
    }


def _refuse_unknown(connection: "Connection", ladder: str) -> None:
    from app.errors import NotFound
    from app.store.drafts import find_draft_head
    from app.store.releases import find_releases

    if find_draft_head(connection, ladder) is None and not find_releases(connection, ladder):
        raise NotFound(f"There is no ladder {ladder!r}. `ladder list` shows all ladders.")


def _required(answer: Answer | None, old: "LadderSettings") -> bool | None:
    if answer is None:
        return old.require_review
    return None if answer is Answer.DEFAULT else answer is Answer.YES


def _show(ladder: str, found: "LadderSettings", *, default: bool, as_json: bool) -> None:
    required, own = found.requires_review(default), found.require_review is not None
    if as_json:
        output.print_json(
            {
                "ladder": ladder,
                "visibility": found.visibility,
                "require_review": found.require_review,
                "review_required": required,
                "review_required_by": "ladder" if own else "service",
                "allow_lower_version": found.allow_lower_version,
            }
        )
        return
    said = f"{'yes' if required else 'no'}{'' if own else ' (set by the server)'}"
    lower = "yes" if found.allow_lower_version else "no"
    rows = [("visibility", found.visibility), ("require-review", said), ("allow-lower-version", lower)]
    output.print_table(("setting", "value"), rows)
