"""Names of people and machines: cleaned when they come in, and compared by identity.

Authors, approvers and owners of keys are told apart by these names, so names that look the same are one person's.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

MAX_NAME: Final = 200
MAX_SUBJECT: Final = 255
"""Most characters of a subject (OpenID Connect Core, 2)."""
COMMAND: Final = "cli:"
"""Prefix of the names that the command line logs; nobody else may have one."""
_PERSON: Final = "person:"
"""Prefix of the identities of people at an issuer; nobody may have such a name."""
RESERVED: Final = (COMMAND, _PERSON)


class Account(NamedTuple):
    """An account at an OpenID Connect issuer. It stays the same if the person gets another name or address."""

    issuer: str
    """The claim `iss`."""
    subject: str
    """The claim `sub`."""

    @property
    def identity(self) -> str:
        """Return the name under which the account is compared in reviews; it is not shown."""
        return _PERSON + hashlib.sha256(json.dumps([*self]).encode()).hexdigest()[:32]


def is_subject(text: str) -> bool:
    """Return whether a text can be the subject of an account."""
    return text.isprintable() and 0 < len(text) <= MAX_SUBJECT


def clean_name(text: str) -> str | None:
    """Return a name as it is stored: compatibility forms unified, spaces collapsed.

    None if it is not a name: it is empty, longer than `MAX_NAME`, has control characters or lone surrogates, or
    begins with a reserved prefix.
    """
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        return None
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    identity = identity_of(name)
    if not identity or len(name) > MAX_NAME or identity.replace(" ", "").startswith(RESERVED):
        return None
    return name


def identity_of(name: str) -> str:
    """Return what two names of the same person share: case, width, spaces and invisible characters do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    visible = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return " ".join(visible.split())


def same_person(one: str, other: str) -> bool:
    """Return whether two names are the same person's."""
    return identity_of(one) == identity_of(other)


def share_a_person(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two groups of names have a person in common."""
    return not {identity_of(name) for name in some}.isdisjoint(map(identity_of, others))


def shown_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that people know, in order; the identities of accounts are left out."""
    return tuple(sorted(name for name in names if not name.startswith(_PERSON)))
