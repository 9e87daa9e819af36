"""People to whom admins granted rights: accounts at an OpenID Connect issuer, and invitations to an email address.

An invitation belongs to nobody until somebody signs in whose address the issuer has verified. From then on it belongs
to that account, whatever address the account gets later. Admins of single ladders see and change only what is within
their ladders: every function takes `within`, the slugs of those ladders; None means all ladders.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select

from app.errors import NotFound
from app.rubric.people import Account
from app.rubric.suggest import nearest
from app.store.access.rights import RIGHTS, Right
from app.store.tables.mapping import table_of
from app.store.tables.people import PersonGrantRow, PersonRow

Within = frozenset[str] | None
"""Slugs of the ladders that an admin administers; None for all ladders, also future ones."""

PERSON: Final = table_of(PersonRow)
GRANT: Final = table_of(PersonGrantRow)


@dataclass(frozen=True, slots=True)
class PersonGrant:
    """Rights of a person on one ladder, or on all."""

    ladder: str | None
    """Slug of the ladder; None for all ladders, also future ones."""
    rights: tuple[Right, ...]

    @property
    def is_admin_of_all(self) -> bool:
        """True if it makes the person an admin of all ladders."""
        return self.ladder is None and "admin" in self.rights

    def within(self, ladders: Within) -> bool:
        """Return whether an admin of these ladders sees and changes it."""
        return ladders is None or (self.ladder is not None and self.ladder in ladders)


@dataclass(frozen=True, slots=True)
class GrantedPerson:
    """A person with granted rights, or an invitation. All times are UTC and aware."""

    id: str
    """`per_` and ten letters."""
    issuer: str
    subject: str | None
    """The subject at the issuer; None for an invitation."""
    email: str | None
    """The address that was invited, in lower case."""
    name: str | None
    """The name to show."""
    created_by: str
    created_at: datetime
    signed_in_at: datetime | None
    """The first sign-in after the person was added; None if there was none."""
    grants: tuple[PersonGrant, ...] = ()
    """The rights, those on all ladders first, then by slug."""

    @property
    def label(self) -> str:
        """The best name to call the person by."""
        return self.name or self.email or self.subject or self.id

    @property
    def is_admin_of_all(self) -> bool:
        """True if the person has signed in as an admin of all ladders. Until then, the account may be a typo."""
        signed_in = self.subject is not None and self.signed_in_at is not None
        return signed_in and any(grant.is_admin_of_all for grant in self.grants)


def find_people(connection: Connection, within: Within = None) -> tuple[GrantedPerson, ...]:
    """Return all people and invitations that an admin of these ladders sees, oldest first, in two statements."""
    rows = connection.execute(select(PERSON).order_by(PERSON.c.created_at, PERSON.c.id)).all()
    grants = _grants(connection)
    people = (_person(row, grants.get(row.id, ())) for row in rows)
    return tuple(seen for seen in (_seen(person, within) for person in people) if seen is not None)


def get_person(connection: Connection, number: str, within: Within = None) -> GrantedPerson:
    """Return a person by id, as an admin of these ladders sees them. Raises NotFound with similar ids."""
    row = connection.execute(select(PERSON).where(PERSON.c.id == number)).one_or_none()
    if row is not None:
        seen = _seen(_person(row, _grants(connection, number).get(number, ())), within)
        if seen is not None:
            return seen
    near = nearest(number, [person.id for person in find_people(connection, within)])
    suggestion = f" Did you mean {' or '.join(near)}?" if near else ""
    raise NotFound(f"There is no person {number[:80]!r}.{suggestion}")


def find_account(connection: Connection, account: Account) -> GrantedPerson | None:
    """Return the person with an account, with all their grants; None if nobody was granted anything."""
    return _one(connection, PERSON.c.issuer == account.issuer, PERSON.c.subject == account.subject)


def find_invitation(connection: Connection, issuer: str, email: str) -> GrantedPerson | None:
    """Return the open invitation of an address to accounts of an issuer; None if there is none."""
    invited = (PERSON.c.issuer == issuer, PERSON.c.email == email, PERSON.c.subject.is_(None))
    return _one(connection, *invited)


def find_granted(connection: Connection) -> dict[Account, tuple[PersonGrant, ...]]:
    """Return the rights that admins granted to each account, in one statement."""
    columns = (PERSON.c.issuer, PERSON.c.subject, GRANT.c.ladder, GRANT.c.rights)
    joined = select(*columns).join_from(GRANT, PERSON, GRANT.c.person_id == PERSON.c.id)
    chosen = joined.where(PERSON.c.subject.is_not(None)).order_by(GRANT.c.person_id, GRANT.c.ladder)
    found: dict[Account, tuple[PersonGrant, ...]] = {}
    for row in connection.execute(chosen):
        account = Account(row.issuer, row.subject)
        found[account] = (
            *found.get(account, ()),
            PersonGrant(row.ladder or None, in_order(row.rights.split())),
        )
    return found


def merged(*several: Iterable[PersonGrant]) -> tuple[PersonGrant, ...]:
    """Return all these rights, one grant for each ladder, in order."""
    found: dict[str | None, set[Right]] = {}
    for grant in (grant for grants in several for grant in grants):
        found.setdefault(grant.ladder, set()).update(grant.rights)
    grants = (PersonGrant(ladder, in_order(rights)) for ladder, rights in found.items() if rights)
    return tuple(sorted(grants, key=lambda grant: grant.ladder or ""))


def in_order(rights: Iterable[str]) -> tuple[Right, ...]:
    """Return rights without repetition, the least first."""
    given = set(rights)
    return tuple(right for right in RIGHTS if right in given)


def _one(connection: Connection, *conditions: ColumnElement[bool]) -> GrantedPerson | None:
    row = connection.execute(select(PERSON).where(*conditions)).one_or_none()
    return None if row is None else _person(row, _grants(connection, row.id).get(row.id, ()))


def _seen(person: GrantedPerson, within: Within) -> GrantedPerson | None:
    """Return a person with the grants that an admin of these ladders sees; None if there are none."""
    if within is None:
        return person
    grants = tuple(grant for grant in person.grants if grant.within(within))
    return replace(person, grants=grants) if grants else None


def _grants(connection: Connection, number: str | None = None) -> Mapping[str, Sequence[PersonGrant]]:
    """Return the grants of one person, or of all, by id."""
    chosen = select(GRANT).order_by(GRANT.c.person_id, GRANT.c.ladder)
    found: dict[str, list[PersonGrant]] = {}
    for row in connection.execute(chosen if number is None else chosen.where(GRANT.c.person_id == number)):
        grant = PersonGrant(row.ladder or None, in_order(row.rights.split()))
        found.setdefault(row.person_id, []).append(grant)
    return found


def _person(row: Row[Any], grants: Sequence[PersonGrant]) -> GrantedPerson:
    facts = (row.id, row.issuer, row.subject, row.email, row.name)
    ordered = tuple(sorted(grants, key=lambda grant: grant.ladder or ""))
    return GrantedPerson(*facts, row.created_by, row.created_at, row.signed_in_at, ordered)
