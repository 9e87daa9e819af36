"""The account of a visitor, as shown in the header of every page: their name, or a link to sign in."""

from dataclasses import dataclass
from typing import Final

from app.api.reading.urls import with_query
from app.serving.access.session_cookie import BrowserSession
from app.store.access.keys import ApiKey
from app.web.layout.forms import form_token
from app.web.navigation.urls import SIGN_IN, SIGN_OUT

_MOST_LADDERS: Final = 3


@dataclass(frozen=True, slots=True)
class Account:
    """The visitor of a page."""

    sign_in: str
    """URL of the page to sign in, which leads back to this page."""
    name: str | None = None
    """Name of the signed-in visitor."""
    rights: str = ""
    """Their rights, such as `write, review on example-engineering`."""
    token: str = ""
    """The token of the form to sign out."""
    unknown: bool = False
    """True if the visitor sent a session cookie that could not be checked."""


def account_of(root: str, session: BrowserSession | None, url: str) -> Account:
    """Return the account of the visitor of the page with that URL."""
    sign_in = with_query(f"{root}{SIGN_IN}", {"next": url})
    if session is None or session.key is None:
        return Account(sign_in, unknown=session is not None and session.state == "unknown")
    return Account(sign_in, session.key.owner, _rights(session.key), form_token(session.token, SIGN_OUT))


def _rights(key: ApiKey) -> str:
    rights = ", ".join(key.scopes)
    if key.ladders is None:
        return rights
    more = f" and {len(key.ladders) - _MOST_LADDERS} more" if len(key.ladders) > _MOST_LADDERS else ""
    return f"{rights} on {', '.join(key.ladders[:_MOST_LADDERS])}{more}"
