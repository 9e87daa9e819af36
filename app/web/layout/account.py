"""The account of a visitor, as shown in the header of every page: their name, or a link to sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.api.reading.urls import with_query
from app.serving.access.session_cookie import BrowserSession
from app.serving.callers import Caller, Grant, NoGroups
from app.store.access.rights import RIGHTS
from app.web.layout.forms import form_token
from app.web.navigation.urls import SIGN_IN, SIGN_OUT
from app.web.translation.messages import N_, NN_, Message, several

_MOST_LADDERS: Final = 3
RIGHT_WORDS: Final = {
    "read": N_("read"),
    "write": N_("write"),
    "review": N_("review"),
    "publish": N_("publish"),
    "admin": N_("administer"),
}
"""The rights of keys and people, in the words of pages."""
_NO_GROUPS: Final[Mapping[NoGroups, Message]] = {
    "none-sent": N_("Your company account sent no groups, so it gives no rights here."),
    "left-out": N_("Your company account left out your groups, because you are in very many."),
    "none-known": N_("None of your groups gives rights here."),
}


@dataclass(frozen=True, slots=True)
class Account:
    """The visitor of a page."""

    sign_in: str
    """URL of the page to sign in, which leads back to this page."""
    name: str | None = None
    """Name of the signed-in visitor."""
    rights: tuple[str, ...] = ()
    """Their rights, such as `write, review on example-engineering`."""
    token: str = ""
    """The token of the form to sign out."""
    is_admin: bool = False
    """True if the visitor administers a ladder, or all."""
    unknown: bool = False
    """True if the visitor sent a session cookie that could not be checked."""


def account_of(root: str, session: BrowserSession | None, url: str) -> Account:
    """Return the account of the visitor of the page with that URL."""
    sign_in = with_query(f"{root}{SIGN_IN}", {"next": url})
    if session is None or session.caller is None:
        return Account(sign_in, unknown=session is not None and session.state == "unknown")
    caller, token = session.caller, form_token(session.token, SIGN_OUT)
    return Account(sign_in, session.shown_name, _rights(caller), token, is_admin=caller.may("admin"))


def no_groups_words(session: BrowserSession | None) -> Message | None:
    """Return why a visitor with a company account has no rights; None if they have some, or are not signed in."""
    caller = None if session is None else session.caller
    if caller is None or caller.account is None or caller.grants:
        return None
    return _NO_GROUPS.get(caller.no_groups or "none-sent")


def _rights(caller: Caller) -> tuple[str, ...]:
    """Return the rights of a person in words, such as `write, review on example-engineering`."""
    return tuple(dict.fromkeys(map(_granted, caller.grants))) or (N_("read only"),)


def _granted(grant: Grant) -> str:
    rights = several(RIGHT_WORDS[right] for right in RIGHTS if right in grant.rights)
    if grant.ladders is None:
        return rights
    named = sorted(grant.ladders)
    shown, more = ", ".join(named[:_MOST_LADDERS]), len(named) - _MOST_LADDERS
    if more <= 0:
        return N_("%(rights)s on %(ladders)s", rights=rights, ladders=shown)
    return NN_(
        "%(rights)s on %(ladders)s and %(num)s more",
        "%(rights)s on %(ladders)s and %(num)s more",
        more,
        rights=rights,
        ladders=shown,
    )
