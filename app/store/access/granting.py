"""Granting rights to people: adding a person, inviting an address, changing and taking away, binding an invitation.

Each function runs in the caller's write transaction and takes a revision, so that every process learns of the change.
The audit log gets one entry for each ladder whose rights change, so that the admins of a ladder see them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, update

from app.errors import Conflict, Fault, Invalid
from app.rubric.people import Account, clean_name
from app.store.access.people import (
    GRANT,
    PERSON,
    GrantedPerson,
    PersonGrant,
    Within,
    find_account,
    find_invitation,
    get_person,
    merged,
)
from app.store.access.person_checks import NewPerson, checked, cleaned, email_key
from app.store.access.rights import random_letters, refuse_beyond, require_admin_left
from app.store.audit import Action, Actor, record
from app.store.revision import take_revision

MAX_GRANTS: Final = 100
"""Most ladders on which one person has rights of their own."""
_MARK: Final = "per_"
_ID_LETTERS: Final = 10


def add_person(
    connection: Connection, new: NewPerson, actor: Actor, now: datetime, within: Within = None
) -> GrantedPerson:
    """Grant rights to an account, or invite an address.

    If another admin added the same person for ladders that this admin does not see, the rights are added to theirs.

    Raises:
        Forbidden: A right is for other ladders than the admin administers.
        Invalid: The subject, the address, the name or a grant is wrong; every fault is listed.
        Conflict: The person has been added already.
    """
    new = cleaned(new)
    refuse_beyond(within, (grant.ladder for grant in new.grants))
    take_revision(connection)
    known = _known(connection, new)
    if known is not None:
        if within is None or any(grant.within(within) for grant in known.grants):
            raise Conflict(f"{known.label} has been added already ({known.id}). Change the rights there.")
        return _replace(connection, known, merged(known.grants, new.grants), actor, now, within)
    person = GrantedPerson(
        _MARK + random_letters(_ID_LETTERS),
        new.issuer,
        new.subject,
        new.email,
        new.name,
        actor.who,
        now,
        None,
    )
    facts = ("id", "issuer", "subject", "email", "name", "created_by", "created_at", "signed_in_at")
    connection.execute(insert(PERSON), {name: getattr(person, name) for name in facts})
    return _replace(connection, person, new.grants, actor, now, within)


def change_grants(
    connection: Connection,
    number: str,
    grants: Iterable[PersonGrant],
    actor: Actor,
    now: datetime,
    within: Within = None,
) -> GrantedPerson:
    """Replace the rights of a person that an admin of these ladders sees, and return the person as they see it.

    Raises:
        NotFound: The admin sees no such person.
        Forbidden: A right is for other ladders than the admin administers.
        Invalid: A grant is wrong; every fault is listed.
        Conflict: No admin of all ladders would be left.
    """
    wanted = checked(grants)
    refuse_beyond(within, (grant.ladder for grant in wanted))
    take_revision(connection)
    seen = get_person(connection, number, within)
    whole = get_person(connection, number)
    others = tuple(grant for grant in whole.grants if grant not in seen.grants)
    return _replace(connection, whole, merged(others, wanted), actor, now, within)


def remove_person(
    connection: Connection, number: str, actor: Actor, now: datetime, within: Within = None
) -> None:
    """Take away all rights of a person that an admin of these ladders sees. An invitation no longer counts.

    The person is deleted unless admins of other ladders granted rights, too. Raises as `change_grants` does.
    """
    changed = change_grants(connection, number, (), actor, now, within)
    if not get_person(connection, number).grants:
        connection.execute(delete(PERSON).where(PERSON.c.id == changed.id))


def note_sign_in(
    connection: Connection, account: Account, name: str, email: str | None, actor: Actor, now: datetime
) -> GrantedPerson | None:
    """Bind the invitation of a verified address to the account that signs in, and note the name to show.

    Args:
        connection: The write transaction of the sign-in.
        account: The account that signs in.
        name: The name to show.
        email: The address that the issuer says it verified; None without one.
        actor: The person.
        now: The time of the sign-in.

    Returns the person with their rights; None if admins granted them none.
    """
    address = None if email is None else email_key(email)
    if address is not None and find_invitation(connection, account.issuer, address) is not None:
        take_revision(
            connection
        )  # the lock: only one of two simultaneous sign-ins finds the invitation below
        invited = find_invitation(connection, account.issuer, address)
        if invited is not None:
            _bind(connection, invited, account, actor, now)
    person = find_account(connection, account)
    if person is None:
        return None
    noted = {"name": clean_name(name) or person.name, "signed_in_at": person.signed_in_at or now}
    connection.execute(update(PERSON).where(PERSON.c.id == person.id).values(noted))
    return person


def _bind(
    connection: Connection, invited: GrantedPerson, account: Account, actor: Actor, now: datetime
) -> None:
    """Give the rights of an invitation to an account. The invitation is used up."""
    known = find_account(connection, account)
    if known is None:
        bound = update(PERSON).where(PERSON.c.id == invited.id)
        connection.execute(bound.values(subject=account.subject))
    else:
        _write(connection, known.id, merged(known.grants, invited.grants))
        connection.execute(delete(GRANT).where(GRANT.c.person_id == invited.id))
        connection.execute(delete(PERSON).where(PERSON.c.id == invited.id))
    detail = {"email": invited.email, "issuer": account.issuer, "subject": account.subject}
    number = invited.id if known is None else known.id
    for grant in invited.grants:
        told: dict[str, object] = {**detail, "rights": list(grant.rights)}
        record(connection, actor, Action("person.bind", grant.ladder, number, detail=told), now)


def _replace(
    connection: Connection,
    person: GrantedPerson,
    grants: tuple[PersonGrant, ...],
    actor: Actor,
    now: datetime,
    within: Within,
) -> GrantedPerson:
    """Write all grants of a person, log each change, and return the person as an admin of these ladders sees it."""
    if len(grants) > MAX_GRANTS:
        detail = (
            f"A person can have rights on at most {MAX_GRANTS} ladders. Grant them on all ladders instead."
        )
        raise Invalid(detail, faults=[Fault(detail, "/grants")])
    before = {grant.ladder: grant.rights for grant in person.grants}
    after = {grant.ladder: grant.rights for grant in grants}
    _write(connection, person.id, grants)
    if person.is_admin_of_all and not replace(person, grants=grants).is_admin_of_all:
        require_admin_left(connection, now)
    told: dict[str, object] = {"issuer": person.issuer, "subject": person.subject, "email": person.email}
    for ladder in sorted(before.keys() | after.keys(), key=lambda one: one or ""):
        old, new = list(before.get(ladder, ())), list(after.get(ladder, ()))
        if old != new:
            change = {**told, "before": old, "after": new}
            record(connection, actor, Action("person.grant", ladder, person.id, detail=change), now)
    seen = grants if within is None else tuple(grant for grant in grants if grant.within(within))
    return replace(person, grants=seen)


def _write(connection: Connection, number: str, grants: Iterable[PersonGrant]) -> None:
    connection.execute(delete(GRANT).where(GRANT.c.person_id == number))
    rows = [
        {"person_id": number, "ladder": grant.ladder or "", "rights": " ".join(grant.rights)}
        for grant in grants
    ]
    if rows:
        connection.execute(insert(GRANT), rows)


def _known(connection: Connection, new: NewPerson) -> GrantedPerson | None:
    if new.subject is not None:
        return find_account(connection, Account(new.issuer, new.subject))
    assert new.email is not None  # noqa: S101 - one of the two is there, see `cleaned`
    return find_invitation(connection, new.issuer, new.email)
