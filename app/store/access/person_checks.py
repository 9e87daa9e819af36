"""The checks of a person whom an admin adds, and of the rights to grant."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.errors import Fault, Invalid
from app.rubric.people import MAX_NAME, MAX_SUBJECT, clean_name, is_subject
from app.store.access.people import PersonGrant, in_order, merged
from app.store.access.rights import is_slug, wrong_rights

MAX_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^\s@<>\x00-\x1f\x7f]+@[^\s@<>\x00-\x1f\x7f]+")
_UPPER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add: an account by its subject, or an address to invite."""

    issuer: str
    grants: tuple[PersonGrant, ...]
    subject: str | None = None
    email: str | None = None
    name: str | None = None


def email_key(address: str) -> str:
    """Return the form in which addresses are compared: letters of ASCII in lower case, everything else as it is.

    No other characters are folded, so an address that only looks like another one is another one.
    """
    return address.strip().translate(_UPPER)


def cleaned(new: NewPerson) -> NewPerson:
    """Return a new person in the form that is stored. Raises Invalid with every fault."""
    faults = list(_identity_faults(new))
    name = None if new.name is None else clean_name(new.name)
    if new.name is not None and name is None:
        faults.append(Fault(f"Use 1 to {MAX_NAME} characters on one line.", "/name"))
    faults += _grant_faults(new.grants)
    if not new.grants:
        faults.append(Fault("Grant at least one right.", "/grants"))
    if faults:
        raise Invalid("The person has an error.", faults=faults)
    grants = checked(new.grants)
    return replace(new, grants=grants, name=name, email=None if new.email is None else email_key(new.email))


def _identity_faults(new: NewPerson) -> Iterable[Fault]:
    if (new.subject is None) == (new.email is None):
        yield Fault("Give either `subject`, the account at the issuer, or `email`, an address to invite.", "")
    if new.subject is not None and not is_subject(new.subject):
        yield Fault(f"Use the claim `sub` of the account: 1 to {MAX_SUBJECT} characters.", "/subject")
    if new.email is not None:
        address = email_key(new.email)
        if len(address) > MAX_EMAIL or _EMAIL.fullmatch(address) is None:
            yield Fault("This is not an email address, such as ada@example.org.", "/email")


def checked(grants: Iterable[PersonGrant]) -> tuple[PersonGrant, ...]:
    """Return grants in order. Raises Invalid with a JSON Pointer to each fault."""
    given = tuple(grants)
    faults = list(_grant_faults(given))
    if faults:
        raise Invalid("The rights have an error.", faults=faults)
    return merged(PersonGrant(grant.ladder, in_order(grant.rights)) for grant in given)


def _grant_faults(grants: Iterable[PersonGrant]) -> Iterator[Fault]:
    seen: set[str | None] = set()
    for place, grant in enumerate(grants):
        pointer, ladder = f"/grants/{place}", grant.ladder
        yield from wrong_rights(grant.rights, f"{pointer}/rights")
        if ladder is not None and not is_slug(ladder):
            yield Fault(
                f"{ladder[:80]!r} is not a ladder's slug. Use lower-case letters, digits and hyphens.",
                f"{pointer}/ladder",
            )
        if ladder in seen:
            yield Fault("Another grant is for the same ladder. Put all its rights there.", pointer)
        seen.add(ladder)
