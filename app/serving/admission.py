"""Who may come in: every request is authenticated here before anything is looked up."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.types import Scope

from app.errors import Unauthenticated, Unavailable
from app.serving.callers import ANYONE, Caller
from app.serving.freshness import Freshness
from app.store.keys import ApiKey, key_sha256

_BEARER: Final = b"bearer "
_LONGEST: Final = 8192


class Admission:
    """Authenticates the requests of one process by the keys that its catalog knows."""

    def __init__(self, freshness: Freshness, clock: Callable[[], datetime]) -> None:
        self._freshness = freshness
        self._clock = clock

    def __call__(self, scope: Scope) -> Caller:
        """Who asks. Raises Unauthenticated where the credential is not valid, Unavailable where nobody can tell."""
        values = [value for name, value in scope["headers"] if name == b"authorization"]
        if not values:
            return ANYONE
        if len(values) > 1 or len(values[0]) > _LONGEST or values[0][: len(_BEARER)].lower() != _BEARER:
            raise Unauthenticated("Send one credential, as `Authorization: Bearer …`.")
        return self._by_key(values[0][len(_BEARER) :].strip().decode("latin-1"))

    def _by_key(self, key: str) -> Caller:
        found = self._freshness.catalog.keys.get(key_sha256(key))
        if found is None and self._freshness.reason is not None:
            raise Unavailable("The database is away, and nobody else knows this key.", retry_after=1)
        now = self._clock()
        if found is None or not _valid(found, now):
            raise Unauthenticated("This key is not valid: it is unknown, expired or revoked.")
        ladders = None if found.ladders is None else frozenset(found.ladders)
        return Caller(found.owner, frozenset(found.scopes), ladders, found.id)  # type: ignore[arg-type]  # checked when made


def _valid(key: ApiKey, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)
