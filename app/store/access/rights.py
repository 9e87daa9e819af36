"""Rights, the checks of what an admin hands out, and the rule that an admin of all ladders is always left."""

import re
import secrets
import string
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal, get_args

from sqlalchemy import Connection, or_, select

from app.errors import Conflict, Fault, Forbidden
from app.rubric.text import MAX_SLUG, SLUG_PATTERN
from app.store.tables.authoring import ApiKeyRow
from app.store.tables.mapping import table_of
from app.store.tables.people import PersonGrantRow, PersonRow

Right = Literal["read", "write", "review", "publish", "admin"]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
"""Every right, the least first: the allowed scopes of a key."""

_SLUG: Final = re.compile(SLUG_PATTERN)
_LETTERS: Final = string.ascii_letters + string.digits
_KEY: Final = table_of(ApiKeyRow)
_PERSON: Final = table_of(PersonRow)
_GRANT: Final = table_of(PersonGrantRow)


def random_letters(number: int) -> str:
    """Return random letters and digits that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(number))


def wrong_rights(rights: Iterable[str], place: str) -> Iterator[Fault]:
    """Yield a fault for each name that is not a right, and one if there is no right. `place` is a JSON Pointer."""
    given = tuple(rights)
    if not given:
        yield Fault(f"Name a right: one or more of {', '.join(RIGHTS)}.", place)
    for right in given:
        if right not in RIGHTS:
            yield Fault(f"{right[:80]!r} is not a right. Use one or more of {', '.join(RIGHTS)}.", place)


def is_slug(text: str) -> bool:
    """Return whether a text can be the slug of a ladder."""
    return len(text) <= MAX_SLUG and _SLUG.fullmatch(text) is not None


def refuse_beyond(within: frozenset[str] | None, ladders: Iterable[str | None]) -> None:
    """Raise Forbidden if an admin of single ladders hands out or takes away rights on others.

    The refusal is the same whether or not such a ladder exists.

    Args:
        within: Slugs of the ladders that the admin administers; None for all ladders.
        ladders: The ladders concerned; None stands for all ladders.
    """
    if within is None or all(ladder is not None and ladder in within for ladder in ladders):
        return
    raise Forbidden(
        "You administer single ladders, so you can manage rights and keys for these ladders only: "
        f"{', '.join(sorted(within)[:10])}.",
        scope="admin",
    )


def require_admin_left(connection: Connection, now: datetime) -> None:
    """Raise Conflict if no admin of all ladders would be left.

    That is a valid key for all ladders with the right `admin`, or a person who has signed in and to whom `admin` on
    all ladders was granted. Rights by group do not count, because nobody here knows who is in a group.
    """
    columns = _KEY.c
    valid = (columns.revoked_at.is_(None), or_(columns.expires_at.is_(None), columns.expires_at > now))
    keys = connection.execute(select(columns.scopes).where(columns.ladders.is_(None), *valid)).scalars()
    joined = select(_GRANT.c.rights).join_from(_GRANT, _PERSON, _GRANT.c.person_id == _PERSON.c.id)
    known = _PERSON.c.signed_in_at.is_not(None)
    granted = joined.where(_GRANT.c.ladder == "", _PERSON.c.subject.is_not(None), known)
    people = connection.execute(granted).scalars()
    if any("admin" in rights.split() for rights in (*keys, *people)):
        return
    raise Conflict(
        "This is the last admin of all ladders. Give `admin` on all ladders to another person, or create another "
        "key with it, and try again."
    )
