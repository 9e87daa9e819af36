"""The session cookie: people who signed in to the pages, recognised by the cookie of their browser.

Only pages of the explorer read that cookie. Each page request with one asks the database, by primary key, so that
signing out takes effect in every process at once. While the database is away, nobody is signed in. A session that
began with a key has the rights that the catalog gives to the key, as if the request had sent it. The session of a
person of the issuer has the rights that the issuer's claims gave, and those that admins have granted by now.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final, Literal, cast

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from app.errors import LadderError
from app.serving.callers import Caller, NoGroups, caller_of, grants_of, person
from app.serving.releases.catalog import Catalog
from app.serving.releases.database import Database
from app.serving.route_table import facts_in
from app.store.access.sessions import Person, find_session

SESSION_KEY: Final = "ladder.session"
"""The key under which admission puts the `BrowserSession` of a request into its ASGI scope."""

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""The value of our cookies: 256 random bits."""
_ALWAYS: Final = ((b"cache-control", b"private, no-store"), (b"x-content-type-options", b"nosniff"))
_MOST_OPEN: Final = 10_000
"""Open sessions kept in memory, by the SHA-256 of their tokens; the one unused for longest goes first."""
_ATTRIBUTES: Final = "Path=/; Secure; HttpOnly; SameSite=Lax"
"""The `__Host-` prefix requires a path of `/` and `Secure` (RFC 6265bis, 4.1.3). Scripts cannot read the cookie.
`Lax` keeps a visitor signed in who follows a link from chat or mail. Forms are protected by their token.
"""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """The session of one request for a page."""

    state: Literal["none", "open", "over", "unknown"]
    """No cookie; a valid one; an invalid or expired one; one that was not checked."""
    cookie: str
    """Name of the cookie."""
    token: str = ""
    """Value of the cookie."""
    caller: Caller | None = None
    """The person, if the session is open."""
    shown_name: str = ""
    """The name to show to the person."""
    by_issuer: bool = False
    """True if the person signed in at the issuer, not with a key."""

    def headers(self, given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return the headers that a session adds to a response: `no-store`, and the removal of an ended cookie."""
        named = f"{self.cookie}=".encode()
        said = any(name == b"set-cookie" and value.startswith(named) for name, value in given)
        if self.state != "over" or said:
            return [*_ALWAYS]
        return [*_ALWAYS, (b"set-cookie", set_cookie(self.cookie, "", 0).encode())]


class BrowserSessions:
    """Finds the sessions of requests in one process."""

    def __init__(self, database: Database, clock: Callable[[], datetime], root_path: str) -> None:
        self._database = database
        self._clock = clock
        self._cookie = session_cookie(root_path)
        self._open: OrderedDict[bytes, None] = OrderedDict()

    def begun(self, scope: Scope) -> BrowserSession | None:
        """Return the session of a page request's cookie, not checked yet.

        None if the request has no such cookie, or one that we cannot have set, and does not sign in or out.
        """
        token = cookies_of(scope).get(self._cookie)
        if token is not None and TOKEN.fullmatch(token):
            return BrowserSession("unknown", self._cookie, token)
        if facts_in(scope).session is None:
            return None
        return BrowserSession("none" if token is None else "over", self._cookie)

    def was_open(self, token: str) -> bool:
        """Return whether this process has seen an open session with that token, so the token is not a guess."""
        return _hashed(token) in self._open

    def note_open(self, token: str) -> None:
        """Note that a session is open."""
        hashed = _hashed(token)
        self._open[hashed] = None
        self._open.move_to_end(hashed)
        if len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)

    async def look_up(self, session: BrowserSession, catalog: Catalog | None) -> BrowserSession:
        """Return the session with its state in the database; unchanged while the database is away."""
        if catalog is None:
            return session
        now = self._clock()
        question = partial(find_session, token=session.token, now=now)
        try:
            stored = await run_in_threadpool(self._database.ask, question)
        except LadderError:
            return session
        if stored is not None and stored.person is not None:
            self.note_open(session.token)
            return replace(
                session,
                state="open",
                caller=catalog.with_granted(_caller_in(stored.person)),
                shown_name=stored.person.shown_name,
                by_issuer=True,
            )
        key = None if stored is None else catalog.keys.get(stored.key_id or "")
        if key is None or not key.valid(now):
            self._open.pop(_hashed(session.token), None)
            return replace(session, state="over")
        self.note_open(session.token)
        return replace(session, state="open", caller=caller_of(key), shown_name=key.owner)


def _caller_in(stored: Person) -> Caller:
    """Return the person of a session, with the rights that the issuer's claims gave."""
    no_groups = cast("NoGroups | None", stored.no_groups)
    return person(stored.name, grants_of(stored.grants), stored.account, no_groups)


def signs_out(scope: Scope) -> bool:
    """Return whether a request is the form to sign out."""
    return scope["method"] == "POST" and facts_in(scope).session == "end"


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def session_cookie(root_path: str) -> str:
    """Return the name of the session cookie; two services behind prefixes of one host have two names."""
    return f"__Host-ladder-session{_suffix(root_path)}"


def sign_in_cookie(root_path: str) -> str:
    """Return the name of the cookie that holds a sign-in at the issuer until the browser comes back."""
    return f"__Host-ladder-sign-in{_suffix(root_path)}"


def form_cookie(root_path: str) -> str:
    """Return the name of the cookie that protects the sign-in form against forgery."""
    return f"__Host-ladder-form{_suffix(root_path)}"


def set_cookie(name: str, value: str, seconds: int) -> str:
    """Return the value of Set-Cookie; 0 seconds remove the cookie."""
    return f"{name}={value}; {_ATTRIBUTES}; Max-Age={seconds}"


def cookies_of(scope: Scope) -> Mapping[str, str]:
    """Return the cookies of a request, the first of each name. They may come in several lines (HTTP/2)."""
    found: dict[str, str] = {}
    lines = (value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    for pair in (pair for line in lines for pair in line.split(";")):
        name, equals, value = pair.strip().partition("=")
        if equals:
            found.setdefault(name, value)
    return found


def _hashed(token: str) -> bytes:
    """Return the hash of a token. Nobody can sign in with the hash."""
    return sha256(token.encode()).digest()


def _suffix(root_path: str) -> str:
    return f"-{sha256(root_path.encode()).hexdigest()[:8]}" if root_path else ""
