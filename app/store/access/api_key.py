"""The value of an API key: its id, owner, rights and times. The key itself is a secret that nobody stores."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.store.access.rights import Right

ID_LETTERS: Final = 10
SECRET_LETTERS: Final = 43
"""The length of a secret: 43 letters from an alphabet of 62 hold 256 bits."""
KeyState = Literal["valid", "expired", "revoked"]
MARK: Final = "clk_"
"""The prefix of every key, by which people and secret scanners recognise one."""
_SHAPE: Final = re.compile(rf"({MARK}[A-Za-z0-9]{{{ID_LETTERS}}})_[A-Za-z0-9]{{{SECRET_LETTERS}}}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without its secret. All times are UTC and aware."""

    id: str
    """`clk_` and ten letters. The key begins with them, and people recognise it by them."""
    secret_sha256: str
    """SHA-256 of the whole key, in hexadecimal."""
    owner: str
    scopes: tuple[Right, ...]
    ladders: tuple[str, ...] | None
    """Slugs of the ladders it gives access to; None means all ladders, including future ones."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_by: str | None = None
    """The person or machine that created it; None if nobody recorded it."""
    creators: tuple[str, ...] = ()
    """Everybody whom it counts as in reviews, besides its owner: its creator, and the creators of their key."""

    def valid(self, now: datetime) -> bool:
        """Return whether it is valid at that time: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def state(self, now: datetime) -> KeyState:
        """Return whether it is valid, expired or revoked at that time."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if self.valid(now) else "expired"

    def within(self, ladders: frozenset[str] | None) -> bool:
        """Return whether an admin of these ladders sees and manages it: it is for none but these ladders."""
        return ladders is None or (self.ladders is not None and ladders.issuperset(self.ladders))

    @property
    def is_admin_of_all(self) -> bool:
        """True if it gives the right `admin` on all ladders."""
        return self.ladders is None and "admin" in self.scopes

    def opened_by(self, key: str) -> bool:
        """Return whether `key` is this key, in a time that does not depend on where the two differ."""
        return secrets.compare_digest(self.secret_sha256, key_sha256(key))


def id_of(key: str) -> str | None:
    """Return the id at the start of a key, whether it exists or not; None if the text cannot be a key."""
    found = _SHAPE.fullmatch(key)
    return None if found is None else found[1]


def key_sha256(key: str) -> str:
    """Return the stored hash of a key. Keys are random, so it needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()
