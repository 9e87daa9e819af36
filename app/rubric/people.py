"""Names of people and machines: cleaned when they come in, and compared by identity.

Authors, approvers and owners of keys are told apart by these names, so names that look the same are one person's.
"""

import unicodedata
from typing import Final

MAX_NAME: Final = 200
RESERVED: Final = "cli:"
"""Prefix of the names that the command line logs; nobody else may have one."""


def clean_name(text: str) -> str | None:
    """Return a name as it is stored: compatibility forms unified, spaces collapsed.

    None if it is not a name: it is empty, longer than `MAX_NAME`, has control characters or lone surrogates, or is
    reserved for the command line.
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
