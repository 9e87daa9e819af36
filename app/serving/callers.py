"""Callers, and what they may do."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from sqlalchemy import Connection

from app.errors import Forbidden, Unauthenticated
from app.rubric.people import Account
from app.store.access.api_key import ApiKey
from app.store.access.people import find_granted
from app.store.access.rights import RIGHTS, Right

NoGroups = Literal["none-sent", "left-out", "none-known"]
"""Reasons why claims give no rights: no groups were sent, they were left out, or none of them gives rights here."""
_NO_GROUPS: Final[Mapping[NoGroups, str]] = {
    "none-sent": "The issuer sent no groups for this account.",
    "left-out": "The issuer left out the groups of this account, because it is in too many.",
    "none-known": "None of this account's groups gives rights here.",
}
_SEES_DRAFTS: Final = frozenset({"write", "review", "publish", "admin"})


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights on some ladders, or on all. `admin` holds every right, and every right holds `read`."""

    rights: frozenset[Right]
    ladders: frozenset[str] | None = None
    """Slugs, with the earlier and later ones of the same ladders; None: all, those to come included."""

    def allows(self, right: Right) -> bool:
        """Return whether it has a right, on any ladder."""
        return right in self.rights or "admin" in self.rights or (right == "read" and bool(self.rights))

    def covers(self, ladder: str) -> bool:
        """Return whether it is for a ladder."""
        return self.ladders is None or ladder in self.ladders


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a machine that sends requests, with the name by which authors and approvers are compared."""

    name: str
    """Owner of the key, or subject of the token; empty for somebody unknown."""
    grants: tuple[Grant, ...] = ()
    """The rights of the credential."""
    via: str | None = None
    """Id of the key, if there is one."""
    people: tuple[str, ...] = ()
    """Everybody that the caller counts as in reviews, the caller first; empty for `name` alone."""
    account: Account | None = None
    """The account at the issuer, if there is one."""
    no_groups: NoGroups | None = None
    """The reason why the issuer's claims gave no rights; None if they gave some, or if there is no issuer."""

    @property
    def identity(self) -> str:
        """The name that no other caller has: that of the account at the issuer, else the owner of the key."""
        return self.people[0] if self.people else self.name

    def under_all_names(self, names: Callable[[frozenset[str]], frozenset[str]]) -> "Caller":
        """Return the caller with every grant for single ladders extended to all slugs of those ladders."""
        if all(grant.ladders is None for grant in self.grants):
            return self
        wider = (
            grant if grant.ladders is None else replace(grant, ladders=names(grant.ladders))
            for grant in self.grants
        )
        return replace(self, grants=tuple(wider))

    def may(self, right: Right, ladder: str | None = None) -> bool:
        """Return whether the credential has a right on a ladder; without a ladder, on any."""
        return any(grant.allows(right) and (ladder is None or grant.covers(ladder)) for grant in self.grants)

    def where(self, right: Right) -> frozenset[str] | None:
        """Return the slugs of the ladders on which the credential has a right; None means all, also future ones."""
        bindings = [grant.ladders for grant in self.grants if grant.allows(right)]
        named = frozenset[str]().union(*(ladders for ladders in bindings if ladders is not None))
        return None if None in bindings else named

    def reads_internal(self, ladder: str) -> bool:
        """Return whether the caller sees an internal ladder: any right on it is enough."""
        return self.may("read", ladder)

    def reads_draft(self, ladder: str) -> bool:
        """Return whether the caller may read the draft of a ladder."""
        return any(self.may(right, ladder) for right in RIGHTS if right in _SEES_DRAFTS)

    def require_draft(self, ladder: str) -> None:
        """Raise Unauthenticated or Forbidden unless the draft may be read, whether there is one or not."""
        if not self.reads_draft(ladder):
            held = next((right for right in RIGHTS if right in _SEES_DRAFTS and self.may(right)), None)
            self.require(held or "review", ladder)

    def require(self, right: Right, ladder: str | None = None) -> None:
        """Raise Unauthenticated or Forbidden unless the credential allows that."""
        if self.may(right, ladder):
            return
        if not self.name:
            raise Unauthenticated(
                f"This needs a key with the scope {right!r}. Send it as Authorization: Bearer."
            )
        if self.may(right):
            raise Forbidden(
                f"Your key is not for the ladder {_shown(ladder or '')}. "
                "Ask an administrator for one that is.",
                scope=right,
            )
        if self.account is not None:
            why = f"{_NO_GROUPS[self.no_groups]} " if self.no_groups else ""
            raise Forbidden(
                f"Your account lacks the right {right!r}. {why}Ask an administrator for it.", scope=right
            )
        raise Forbidden(
            f"Your key lacks the scope {right!r}. Ask an administrator for one that has it.", scope=right
        )


ANYONE: Final = Caller("")
"""Somebody without a credential."""


def caller_of(key: ApiKey) -> Caller:
    """Return the caller that a key belongs to."""
    ladders = None if key.ladders is None else frozenset(key.ladders)
    people = (key.owner, *key.creators) if key.creators else ()
    return Caller(key.owner, (Grant(frozenset(key.scopes), ladders),), key.id, people)


def person(
    name: str, grants: tuple[Grant, ...], account: Account | None, no_groups: NoGroups | None = None
) -> Caller:
    """Return the caller that an account at the issuer belongs to."""
    people = () if account is None else (account.identity, name)
    return Caller(name, grants, None, people, account, no_groups)


def granted_rights(connection: Connection) -> dict[Account, tuple[Grant, ...]]:
    """Return the rights that admins granted to each account at an issuer."""
    return {
        account: tuple(
            Grant(frozenset(grant.rights), None if grant.ladder is None else frozenset({grant.ladder}))
            for grant in grants
        )
        for account, grants in find_granted(connection).items()
    }


def grants_as_json(grants: Iterable[Grant]) -> str:
    """Return rights as JSON, for `grants_of`."""
    return json.dumps(
        [
            {
                "rights": sorted(grant.rights),
                "ladders": None if grant.ladders is None else sorted(grant.ladders),
            }
            for grant in grants
        ]
    )


def grants_of(text: str) -> tuple[Grant, ...]:
    """Return the rights that `grants_as_json` wrote."""
    return tuple(
        Grant(frozenset(one["rights"]), None if one["ladders"] is None else frozenset(one["ladders"]))
        for one in json.loads(text)
    )


def _shown(text: str, most: int = 80) -> str:
    return repr(text if len(text) <= most else text[:most] + "…")
