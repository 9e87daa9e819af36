"""`ladder people`: rights that are granted to accounts of the OpenID Connect issuer, and invitations."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.help import example
from app.cli.options import AsJson
from app.rubric.releases import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.store.access.people import GrantedPerson, PersonGrant

PersonId = Annotated[str, typer.Argument(metavar="ID", help="The person's id, such as per_7Kq2ZtR9vB.")]
Rights = Annotated[
    list[str],
    typer.Option("--right", metavar="RIGHT", help="read, write, review, publish or admin. May be repeated."),
]
Ladders = Annotated[
    list[str] | None,
    typer.Option(
        "--ladder", metavar="SLUG", help="Only on this ladder. May be repeated; default: on all ladders."
    ),
]

program = typer.Typer(name="people", help="Grant rights to people who sign in, and take them away.")


@program.command(epilog=example("people add"))
def add(
    context: typer.Context,
    *,
    right: Rights,
    ladder: Ladders = None,
    email: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Invite the first account with this verified address."),
    ] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="SUB", help="The account at the issuer: its claim `sub`.")
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The issuer; default: LADDER_OIDC_ISSUER."),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The name to show.")] = None,
    as_json: AsJson = False,
) -> None:
    """Grant rights to an account, or invite an address.

    Name either the account (--subject) or the address (--email).
    """
    from app.store.access.granting import add_person
    from app.store.access.person_checks import NewPerson
    from app.store.engine import writing

    environment: Environment = context.obj
    chosen = issuer or environment.settings.oidc_issuer
    if not chosen:
        raise typer.BadParameter("Name the issuer, or set LADDER_OIDC_ISSUER.", param_hint="--issuer")
    new = NewPerson(chosen, _grants(right, ladder), subject, email, name)
    with environment.database() as engine, writing(engine) as connection:
        person = add_person(connection, new, environment.actor, environment.clock())
    _show(person, as_json=as_json)


@program.command(name="list", epilog=example("people list"))
def list_people(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List people with granted rights and invitations, oldest first."""
    from app.store.access.people import find_people
    from app.store.engine import reading

    environment: Environment = context.obj
    with environment.database() as engine, reading(engine) as connection:
        people = find_people(connection)
    if as_json:
        output.print_json({"items": [_json(person) for person in people]})
        return
    rows = [(one.id, one.label, one.subject or "invited", _words(one.grants)) for one in people]
    output.print_table(("id", "name", "account", "rights"), rows)


@program.command(epilog=example("people change"))
def change(
    context: typer.Context,
    person: PersonId,
    *,
    right: Rights,
    ladder: Ladders = None,
    as_json: AsJson = False,
) -> None:
    """Replace all granted rights of a person.

    Every server process uses the new rights within a second.
    """
    from app.store.access.granting import change_grants
    from app.store.engine import writing

    environment: Environment = context.obj
    with environment.database() as engine, writing(engine) as connection:
        grants = _grants(right, ladder)
        changed = change_grants(connection, person, grants, environment.actor, environment.clock())
    _show(changed, as_json=as_json)


@program.command(epilog=example("people remove"))
def remove(context: typer.Context, person: PersonId) -> None:
    """Take away all granted rights of a person.

    An invitation no longer counts. Rights by group stay.
    """
    from app.store.access.granting import remove_person
    from app.store.access.people import get_person
    from app.store.engine import writing

    environment: Environment = context.obj
    with environment.database() as engine, writing(engine) as connection:
        label = get_person(connection, person).label
        remove_person(connection, person, environment.actor, environment.clock())
    output.say(f"Took all granted rights of {label} away.")


def _grants(rights: list[str], ladders: list[str] | None) -> "tuple[PersonGrant, ...]":
    from app.store.access.people import PersonGrant

    given: tuple[str | None, ...] = tuple(dict.fromkeys(ladders)) if ladders else (None,)
    return tuple(PersonGrant(ladder, tuple(rights)) for ladder in given)  # type: ignore[arg-type]  # checked by the store


def _show(person: "GrantedPerson", *, as_json: bool) -> None:
    if as_json:
        output.print_json(_json(person))
        return
    invited = "" if person.subject else " (invited)"
    output.say(f"{person.id}: {person.label}{invited}: {_words(person.grants)}.")


def _words(grants: "Iterable[PersonGrant]") -> str:
    words = (f"{', '.join(grant.rights)} on {grant.ladder or 'all ladders'}" for grant in grants)
    return "; ".join(words) or "no rights"


def _json(person: "GrantedPerson") -> dict[str, object]:
    signed_in = person.signed_in_at
    return {
        "id": person.id,
        "issuer": person.issuer,
        "subject": person.subject,
        "email": person.email,
        "name": person.name,
        "grants": [{"ladder": grant.ladder, "rights": list(grant.rights)} for grant in person.grants],
        "created_by": person.created_by,
        "created_at": rfc3339(person.created_at),
        "signed_in_at": None if signed_in is None else rfc3339(signed_in),
    }
