"""Who is signed in, as the head of every page says; or how to sign in and come back."""

from dataclasses import dataclass
from typing import Final

from app.api.reading.urls import with_query
from app.serving.access.visits import SIGN_IN, SIGN_OUT, Visit
from app.store.access.keys import ApiKey
from app.web.layout.forms import form_token

_MOST_LADDERS: Final = 3


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody at a page."""

    sign_in: str
    """URL of the page to sign in, which leads back here."""
    name: str | None = None
    """Who is signed in."""
    rights: str = ""
    """What they may: `write, review on example-engineering`."""
    token: str = ""
    """Of the form to sign out."""
    unknown: bool = False
    """Whether somebody may be signed in, and it was not checked."""


def account_of(root: str, visit: Visit | None, url: str) -> Account:
    """Who visits the page with that URL."""
    sign_in = with_query(f"{root}{SIGN_IN}", {"next": url})
    if visit is None or visit.key is None:
        return Account(sign_in, unknown=visit is not None and visit.state == "unknown")
    return Account(sign_in, visit.key.owner, _rights(visit.key), form_token(visit.token, SIGN_OUT))


def _rights(key: ApiKey) -> str:
    rights = ", ".join(key.scopes)
    if key.ladders is None:
        return rights
    more = f" and {len(key.ladders) - _MOST_LADDERS} more" if len(key.ladders) > _MOST_LADDERS else ""
    return f"{rights} on {', '.join(key.ladders[:_MOST_LADDERS])}{more}"
