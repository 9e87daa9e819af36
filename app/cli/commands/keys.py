"""`ladder keys`: create, list, rotate and revoke API keys."""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.dates import lifetime, moment_or_lifetime
from app.cli.environment import Environment
from app.cli.help import example
from app.cli.options import AsJson
from app.rubric.releases import rfc3339

if TYPE_CHECKING:
    from app.store.access.api_key import ApiKey

KeyId = Annotated[str, typer.Argument(metavar="ID", help="The key's id, such as clk_4fT9sQx2Lm.")]

program = typer.Typer(name="keys", help="Create, list, rotate and revoke API keys.")


@program.command(epilog=example("keys create"))
def create(
    context: typer.Context,
    *,
    owner: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The person or machine that uses it. Authors appear under this name."
        ),
    ],
    scope: Annotated[
        list[str],
        typer.Option(metavar="SCOPE", help="read, write, review, publish or admin. May be repeated."),
    ],
    ladder: Annotated[
        list[str] | None,
        typer.Option(metavar="SLUG", help="Limit it to this ladder. May be repeated; default: all ladders."),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|TIME|DAYS", help="When it expires: 2027-01-31, a time, or 90d; default: never."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create an API key and print it.

    The key is shown once, because only its hash is stored.
    """
    environment: Environment = context.obj
    now = environment.clock()
    ends = moment_or_lifetime(expires, now, "--expires")
    key, made = _created(environment, owner, scope, ladder, ends, now)
    _show(key, made, now, as_json=as_json)


def _created(
    environment: "Environment",
    owner: str,
    scopes: list[str],
    ladders: list[str] | None,
    expires_at: datetime | None,
    now: datetime,
) -> "tuple[str, ApiKey]":
    """Create a key, record it, and return the key and its record. Raises Invalid as `create_key`."""
    from app.store.access.keys import create_key, key_action
    from app.store.audit import record
    from app.store.engine import writing

    by = environment.actor
    with environment.database() as engine, writing(engine) as connection:
        key, made = create_key(
            connection, owner, scopes, now, ladders=ladders or None, expires_at=expires_at, by=by
        )
        record(connection, by, key_action("key.create", made), now)
    return key, made


@program.command(name="list", epilog=example("keys list"))
def list_keys(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List all keys, oldest first.

    Shows the ids, which give no access. The keys themselves are not stored.
    """
    from app.store.access.keys import find_keys
    from app.store.engine import reading

    environment: Environment = context.obj
    with environment.database() as engine, reading(engine) as connection:
        keys = find_keys(connection)
    now = environment.clock()
    if as_json:
        output.print_json({"items": [_json(key, now) for key in keys]})
        return
    columns = ("id", "owner", "scopes", "ladders", "state", "created", "by", "expires", "last used")
    output.print_table(columns, [_row(key, now) for key in keys])


@program.command(epilog=example("keys rotate"))
def rotate(
    context: typer.Context,
    key: KeyId,
    *,
    grace: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="How long the old key stays valid: 30m, 24h or 7d; default: it ends now."
        ),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|TIME|DAYS",
            help="When the new key expires: 2027-01-31, a time, or 90d; default: after the lifetime of the old key, "
            "counted from now.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replace a key with a new one that has the same rights.

    The new key is printed once. If the old key never expires, neither does the new one, unless you set --expires.
    """
    from app.store.access.keys import key_action, rotate_key
    from app.store.audit import record
    from app.store.engine import writing

    environment: Environment = context.obj
    now = environment.clock()
    overlap = timedelta(0) if grace is None else lifetime(grace, "--grace")
    with environment.database() as engine, writing(engine) as connection:
        ends = moment_or_lifetime(expires, now, "--expires")
        actor = environment.actor
        fresh, made = rotate_key(connection, key, now, grace=overlap, expires_at=ends, by=actor)
        record(connection, actor, key_action("key.rotate", made, replaced=key), now)
    _show(fresh, made, now, as_json=as_json)


@program.command(epilog=example("keys revoke"))
def revoke(context: typer.Context, key: KeyId, *, as_json: AsJson = False) -> None:
    """Revoke a key for good.

    Every server process rejects it within a second.
    """
    from app.store.access.keys import key_action, revoke_key
    from app.store.audit import record
    from app.store.engine import writing

    environment: Environment = context.obj
    now = environment.clock()
    with environment.database() as engine, writing(engine) as connection:
        ended = revoke_key(connection, key, now)
        record(connection, environment.actor, key_action("key.revoke", ended), now)
    if as_json:
        output.print_json(_json(ended, now))
    else:
        output.say(f"Revoked {ended.id} of {ended.owner}.")


def _show(key: str, made: "ApiKey", now: datetime, *, as_json: bool) -> None:
    """Print only the key to standard output, so that a script can store it, and its rights to standard error."""
    if as_json:
        output.print_json({"key": key, **_json(made, now)})
        return
    sys.stdout.write(key + "\n")  # not `say`, which masks keys
    until = "" if made.expires_at is None else f", until {rfc3339(made.expires_at)}"
    output.note(f"{made.id} belongs to {made.owner}: {', '.join(made.scopes)} on {_ladders(made)}{until}.")
    output.note("Store the key now. It cannot be shown again.")


def _row(key: "ApiKey", now: datetime) -> tuple[str, ...]:
    created, *others = (
        "-" if time is None else rfc3339(time) for time in (key.created_at, key.expires_at, key.last_used_at)
    )
    rights = (key.id, key.owner, " ".join(key.scopes), _ladders(key), key.state(now))
    return (*rights, created, key.created_by or "-", *others)


def _json(key: "ApiKey", now: datetime) -> dict[str, object]:
    times = {
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
    return {
        "id": key.id,
        "owner": key.owner,
        "scopes": list(key.scopes),
        "ladders": None if key.ladders is None else list(key.ladders),
        "state": key.state(now),
        "created_by": key.created_by,
        **{name: None if time is None else rfc3339(time) for name, time in times.items()},
    }


def _ladders(key: "ApiKey") -> str:
    return "all ladders" if key.ladders is None else " ".join(key.ladders)
