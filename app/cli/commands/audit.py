"""`ladder audit`: print the audit log."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.dates import instant
from app.cli.environment import Environment
from app.cli.options import AsJson
from app.rubric.releases import rfc3339

if TYPE_CHECKING:
    from app.store.audit import AuditRecord

Since = Annotated[
    str | None,
    typer.Option(
        metavar="DATE|TIME", help="Only actions from this time on; a date means its first moment in UTC."
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        metavar="DATE|TIME", help="Only actions up to this time; a date means its first moment in UTC."
    ),
]


def audit(
    context: typer.Context,
    *,
    ladder: Annotated[str | None, typer.Option(metavar="SLUG", help="Only actions on this ladder.")] = None,
    who: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only actions of this person or machine.")
    ] = None,
    action: Annotated[
        str | None, typer.Option(metavar="ACTION", help="Only this action, such as release.publish.")
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Largest number of entries.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Print the audit log, the newest entry first."""
    from app.store.audit import AuditFilter, find_entries
    from app.store.engine import reading

    environment: Environment = context.obj
    wanted = AuditFilter(
        ladder=ladder,
        who=who,
        action=action,
        since=None if since is None else instant(since, "--since"),
        until=None if until is None else instant(until, "--until"),
    )
    with environment.database() as engine, reading(engine) as connection:
        entries = find_entries(connection, wanted, limit)
    if as_json:
        output.print_json({"items": [{**entry.fields, "at": rfc3339(entry.at)} for entry in entries]})
        return
    columns = ("at", "who", "action", "ladder", "target", "via", "from")
    output.print_table(columns, [_row(entry) for entry in entries])


def _row(entry: "AuditRecord") -> tuple[str, ...]:
    actor, action = entry.actor, entry.action
    known = (action.ladder, action.target, actor.via, actor.address)
    return (rfc3339(entry.at), actor.who, action.name, *(value or "-" for value in known))
