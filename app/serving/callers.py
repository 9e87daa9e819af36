"""Who asks, and what they may do."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.errors import Forbidden, Unauthenticated

Right = Literal["read", "write", "review", "publish", "admin"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
"""Every right, the least first."""
_SEES_DRAFTS: Final = frozenset({"write", "review", "publish", "admin"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks: a person or a machine, by the name that authors and approvers are compared by."""

    name: str
    """Owner of the key, or subject of the token; empty for somebody unknown."""
    rights: frozenset[Right] = frozenset()
    """What the credential allows; `admin` allows everything."""
    ladders: frozenset[str] | None = None
    """Slugs of the ladders it is for; None: all, those to come included."""
    via: str | None = None
    """Id of the key, where there is one."""

    def may(self, right: Right, ladder: str | None = None) -> bool:
        """Whether the credential allows that; a ladder that it is not for, it allows nothing on."""
        if ladder is not None and self.ladders is not None and ladder not in self.ladders:
            return False
        return right in self.rights or "admin" in self.rights

    def reads_internal(self, ladder: str) -> bool:
        """Whether an internal ladder is there for this caller: any right on it will do."""
        return bool(self.rights) and (self.ladders is None or ladder in self.ladders)

    def reads_draft(self, ladder: str) -> bool:
        """Whether the draft of a ladder may be read."""
        return any(self.may(right, ladder) for right in RIGHTS if right in _SEES_DRAFTS)

    def require(self, right: Right, ladder: str | None = None) -> None:
        """Raise Unauthenticated or Forbidden unless the credential allows that."""
        if self.may(right, ladder):
            return
        if not self.name:
            raise Unauthenticated(
                f"This needs a key with the scope {right!r}. Send it as Authorization: Bearer."
            )
        if right in self.rights or "admin" in self.rights:
            raise Forbidden(
                f"Your key is not for the ladder {ladder!r}. Ask an administrator for one that is."
            )
        raise Forbidden(f"Your key lacks the scope {right!r}. Ask an administrator for one that has it.")


ANYONE: Final = Caller("")
"""Somebody without a credential."""
