"""Admission of requests: each is authenticated, authorised and limited before anything is looked up.

Clients send credentials as `Authorization: Bearer` only: API keys, which the catalog knows, or tokens of an OpenID
Connect issuer. Only the pages of the explorer also accept a sign-in (`session_cookie.py`). An operation that
needs more than the right to read declares it (`api/protocol/rights.py`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from starlette.types import Scope

from app.errors import Unauthenticated, Unavailable
from app.serving.access.client_address import bucket_of, client_address
from app.serving.access.key_usage import Usage
from app.serving.access.rate_limits import Limit
from app.serving.access.session_cookie import SESSION_KEY, BrowserSessions, signs_out
from app.serving.callers import ANYONE, Caller, caller_of
from app.serving.releases.catalog import Catalog
from app.serving.releases.freshness import Freshness
from app.serving.route_table import facts_in
from app.settings import Settings
from app.store.access.api_key import MARK, ApiKey, id_of

if TYPE_CHECKING:
    from app.serving.access.oidc_tokens import Tokens

_BEARER: Final = b"bearer "
_LONGEST: Final = 8192
_MOST_ADMITTED: Final = 10_000
_READS: Final = frozenset({"GET", "HEAD"})
_WRONG: Final = "This key is not valid: it is unknown, expired or revoked."


class Admission:
    """Admits the requests of one process; used from its event loop only."""

    def __init__(
        self,
        settings: Settings,
        freshness: Freshness,
        clock: Callable[[], datetime],
        usage: Usage,
        sessions: BrowserSessions,
        tokens: "Tokens | None" = None,
    ) -> None:
        self._freshness = freshness
        self._clock = clock
        self._usage = usage
        self._sessions = sessions
        self._tokens = tokens
        self._closed = settings.read_access == "key"
        self._trusted = settings.proxies
        self._failures = Limit(settings.rate_failures, "wrong credentials from this address")
        self._writes = Limit(settings.rate_writes, "writes")
        self._reads = Limit(settings.rate_reads, "reads")

    async def __call__(self, scope: Scope, catalog: Catalog | None) -> Caller:
        """Return the caller that sent the request.

        Raises:
            Unauthenticated: The credential is not valid, or is required and missing.
            Forbidden: The credential does not allow reading.
            TooManyRequests: The caller exceeds the rate limit.
            Unavailable: The credential cannot be checked at the moment.
        """
        facts, method, path = facts_in(scope), scope["method"], scope["path"]
        if facts.open:
            return ANYONE
        address = self._address(scope)
        if self._trusted:
            scope["client"] = (address, 0)
        caller = await self._authenticate(scope, catalog, address)
        reads = method in _READS or (method == "POST" and facts.question)
        if reads and self._closed and (path == "/v1" or path.startswith("/v1/")):
            caller.require("read")
        limit = self._reads if reads else self._writes
        if limit.on and method != "OPTIONS":
            limit.spend(_bucket(caller) or bucket_of(address))
        return caller

    @property
    def limits_reads(self) -> bool:
        """Return whether hot reads are counted, too."""
        return self._reads.on

    def may_read(self, scope: Scope, bucket: str) -> bool:
        """Count a hot read; False if it is one too many. `bucket` is empty without a key."""
        return self._reads.take(bucket or bucket_of(self._address(scope)))

    def _address(self, scope: Scope) -> str:
        """Return the client's address; empty if the server does not know its peer (a Unix socket)."""
        client = scope.get("client")
        peer: str = client[0] if client else ""
        return client_address(scope, peer, self._trusted) if self._trusted else peer

    async def _authenticate(self, scope: Scope, catalog: Catalog | None, address: str) -> Caller:
        values = [value for name, value in scope["headers"] if name == b"authorization"]
        if not values:
            return await self._signed_in(scope, catalog, address)
        try:
            return await self._admit(_bearer(values), catalog)
        except Unauthenticated:
            self._failures.spend(bucket_of(address))
            raise

    async def _signed_in(self, scope: Scope, catalog: Catalog | None, address: str) -> Caller:
        """Return the visitor of a page; an anonymous caller elsewhere, and if nobody is signed in.

        An invalid cookie gives no rights, is removed by the response, and counts as a wrong credential. Its token of
        the rate limit is taken before the database is asked, so that simultaneous guesses are limited like successive
        ones. If no token is left, a cookie that may be a guess is not looked up, and the visitor gets the public
        view: somebody else at the same address may have sent the guesses. Signing out always works.
        """
        facts = facts_in(scope)
        session = self._sessions.begun(scope) if facts.page or facts.session is not None else None
        if session is None:
            return ANYONE
        scope[SESSION_KEY] = session
        if session.state != "unknown":
            return ANYONE
        bucket, guess = bucket_of(address), not self._sessions.was_open(session.token)
        taken = guess and self._failures.take(bucket)
        if guess and not taken and not signs_out(scope):
            return ANYONE
        session = scope[SESSION_KEY] = await self._sessions.look_up(session, catalog)
        if taken and session.state != "over":
            self._failures.give_back(bucket)
        if session.caller is None:
            return ANYONE
        if session.caller.via is not None:
            self._usage.note(session.caller.via)
        return session.caller if catalog is None else session.caller.under_all_names(catalog.names)

    def sign_in(self, scope: Scope, credential: str) -> ApiKey:
        """Return the key that was sent with the sign-in form; called from the event loop.

        Raises:
            Unauthenticated: It is not a valid key.
            TooManyRequests: This address sent too many wrong keys.
            Unavailable: The key cannot be checked now.
        """
        try:
            return self._valid(credential, self._freshness.catalog)
        except Unauthenticated:
            self._failures.spend(bucket_of(self._address(scope)))
            raise

    def signed_in(self, token: str) -> None:
        """Note the token of a new session, so that it does not count as a guess. Called from the event loop."""
        self._sessions.note_open(token)

    async def _admit(self, sent: bytes, catalog: Catalog | None) -> Caller:
        credential = sent[len(_BEARER) :].strip().decode("latin-1")
        if not credential.startswith(MARK):
            if self._tokens is None:
                raise Unauthenticated(_WRONG, refused=True)
            caller = await self._tokens.caller_of(credential)
            return caller if catalog is None else catalog.with_granted(caller).under_all_names(catalog.names)
        known = self._freshness.catalog if catalog is None else catalog
        caller = caller_of(self._valid(credential, known)).under_all_names(known.names)
        if not self._closed or caller.may("read"):
            if len(known.admitted) >= _MOST_ADMITTED:
                known.admitted.clear()
            known.admitted[sent] = known.view(caller), _bucket(caller)
        return caller

    def _valid(self, credential: str, catalog: Catalog) -> ApiKey:
        number = id_of(credential)
        key = None if number is None else catalog.keys.get(number)
        if number is not None and key is None and self._freshness.away is not None:
            raise Unavailable("The database is away, and nobody else knows this key.", retry_after=1)
        if key is None or not key.opened_by(credential) or not key.valid(self._clock()):
            raise Unauthenticated(_WRONG, refused=True)
        self._usage.note(key.id)
        return key


def _bearer(values: Sequence[bytes]) -> bytes:
    """Return the one value of the Authorization header. Raises Unauthenticated if it is not a bearer credential."""
    sent = values[0]
    if len(values) > 1 or len(sent) > _LONGEST or sent[: len(_BEARER)].lower() != _BEARER:
        raise Unauthenticated("Send one credential, as `Authorization: Bearer …`.", refused=True)
    return sent


def _bucket(caller: Caller) -> str:
    """Return the name under which a caller is counted; empty for an anonymous caller."""
    return f"{caller.via or ''} {caller.name}" if caller.name else ""
