"""Forms that are carried out once: a form that is sent twice leads to the same page both times.

The page that a form led to is stored with the form's action, in the same transaction, as the API does for an
`Idempotency-Key`.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.api.protocol.write_transaction import Change
from app.rubric.people import identity_of
from app.store.audit import Actor
from app.store.idempotency import KeyedRequest, StoredAnswer, find_answer, store_answer

NONCE: Final = "nonce"
"""The field that makes two forms with the same content two actions."""
_SEE_OTHER: Final = 303
_LOCATION: Final = "location"


def new_nonce() -> str:
    """Return the value of `NONCE` for a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def sender_of(actor: Actor) -> str:
    """Return the identity of the sender of a form."""
    return actor.people[0] if actor.people else actor.who


def find_done(
    connection: Connection, who: str, purpose: str, form: Mapping[str, str], now: datetime
) -> str | None:
    """Return the page that the same form of a person has led to; None if it has not been carried out.

    A transaction that carries the form out holds the write lock (`changing`), so that it sees an earlier one.
    """
    stored = find_answer(connection, _keyed(who, purpose, form), now)
    return None if stored is None else dict(stored.headers)[_LOCATION]


def note_done(change: Change, purpose: str, form: Mapping[str, str], url: str) -> None:
    """Note the page that a form leads to, in the transaction that carries it out."""
    answer = StoredAnswer(_SEE_OTHER, ((_LOCATION, url),), b"")
    store_answer(change.connection, _keyed(sender_of(change.actor), purpose, form), answer, change.now)


def _keyed(who: str, purpose: str, form: Mapping[str, str]) -> KeyedRequest:
    fields = "\0".join(f"{name}\0{form[name]}" for name in sorted(form))
    digest = hashlib.sha256(f"{purpose}\0{fields}".encode()).hexdigest()
    return KeyedRequest(identity_of(who), f"form {digest}", digest)
