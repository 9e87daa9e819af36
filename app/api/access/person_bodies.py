"""The bodies of people and of the rights that admins grant to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from app.api.access.key_bodies import SOME, Input
from app.api.reading.bodies import Body, ItemLinks, ListItemLinks, Path, construct, linked
from app.api.reading.patterns import ISSUER
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.rubric.people import MAX_NAME, MAX_SUBJECT
from app.rubric.text import Line, Slug
from app.store.access.granting import MAX_GRANTS
from app.store.access.people import GrantedPerson, PersonGrant
from app.store.access.person_checks import MAX_EMAIL, NewPerson
from app.store.access.rights import Right

_LONGEST_ISSUER: Final = 500


class GrantItem(Body):
    """Rights on one ladder, or on all."""

    ladder: Slug | None = None
    """Slug of the ladder. Left out for all ladders, also future ones."""
    rights: tuple[Right, ...]
    """The rights. More values may be added."""


class PersonLinks(ItemLinks):
    """Links of a person."""

    people: Path
    """All people with granted rights."""


class PersonItem(Body):
    """A person to whom admins granted rights, or an invitation."""

    id: str
    """Id of the person here."""
    status: Literal["active", "invited"]
    """`invited`: nobody has signed in with the invited address yet. More values may be added."""
    issuer: str
    """The OpenID Connect issuer of the account, its claim `iss`."""
    subject: str | None = None
    """The account at the issuer, its claim `sub`. Left out for an invitation."""
    email: str | None = None
    """The address that was invited. The rights belong to the account, whatever address it has later."""
    name: str | None = None
    """The name to show."""
    grants: tuple[GrantItem, ...]
    """The rights that admins granted, in addition to those by group. An admin of single ladders sees only these."""
    created_by: str
    """The person or machine that added the person."""
    created_at: datetime
    """The time when the person was added (UTC)."""
    signed_in_at: datetime | None = None
    """The time of the first sign-in since then (UTC)."""
    links: PersonLinks


class PersonList(Body):
    """One page of people and invitations, the oldest first."""

    items: tuple[PersonItem, ...]
    """The people on this page."""
    links: ListItemLinks


class GrantInput(Input):
    """Rights to grant on one ladder, or on all."""

    ladder: Slug | None = None
    """Slug of the ladder. Leave it out for all ladders, also future ones."""
    rights: Annotated[tuple[Right, ...], SOME]
    """The rights."""


Grants = Annotated[tuple[GrantInput, ...], Field(max_length=MAX_GRANTS)]


class NewPersonBody(Input):
    """A person to grant rights to: an account by `subject`, or an address to invite by `email`."""

    subject: Annotated[Line, Field(max_length=MAX_SUBJECT)] | None = None
    """The account at the issuer, its claim `sub`."""
    email: Annotated[Line, Field(max_length=MAX_EMAIL)] | None = None
    """The address to invite. The rights go to the first account that signs in with it, if the issuer says that it has
    verified the address."""
    issuer: Annotated[str, Field(pattern=ISSUER, max_length=_LONGEST_ISSUER)] | None = None
    """The issuer, its claim `iss`. Leave it out for the issuer that the service is configured with."""
    name: Annotated[Line, Field(max_length=MAX_NAME)] | None = None
    """The name to show until the person signs in."""
    grants: Annotated[Grants, SOME]
    """The rights to grant."""


class PersonPatch(Input):
    """A JSON Merge Patch (RFC 7396) of a person."""

    grants: Grants
    """All rights that the person is to have. An empty list takes them all away."""


def grants_in(bodies: Sequence[GrantInput]) -> tuple[PersonGrant, ...]:
    """Return the grants in a body."""
    return tuple(PersonGrant(body.ladder, body.rights) for body in bodies)


def new_person(body: NewPersonBody, issuer: str) -> NewPerson:
    """Return the person that a body asks to add, with an account at that issuer."""
    return NewPerson(issuer, grants_in(body.grants), body.subject, body.email, body.name)


def person_item(root: str, person: GrantedPerson, fields: str | None = None) -> PersonItem:
    """Return a person as they are shown. Raises InvalidParameter if `fields` names an unknown field."""
    values = _facts(root, person)
    return construct(PersonItem, select_fields(PersonItem, values, requested_fields(PersonItem, fields)))


def person_list(
    root: str, people: Sequence[GrantedPerson], fields: str | None, links: dict[str, str]
) -> PersonList:
    """Return a page of people. Raises InvalidParameter if `fields` names an unknown field."""
    requested_fields(PersonItem, fields)  # also if there is no item to show
    items = tuple(person_item(root, person, fields) for person in people)
    return construct(PersonList, {"items": items, "links": linked(PersonList, links)})


def _facts(root: str, person: GrantedPerson) -> dict[str, Any]:
    home = f"{root}/v1/people"
    return {
        "id": person.id,
        "status": "invited" if person.subject is None else "active",
        "issuer": person.issuer,
        "subject": person.subject,
        "email": person.email,
        "name": person.name,
        "grants": tuple(map(_grant, person.grants)),
        "created_by": person.created_by,
        "created_at": person.created_at,
        "signed_in_at": person.signed_in_at,
        "links": linked(PersonItem, {"self_": f"{home}/{person.id}", "people": home}),
    }


def _grant(grant: PersonGrant) -> GrantItem:
    return construct(GrantItem, {"ladder": grant.ladder, "rights": grant.rights})
