"""The bodies of API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from app.api.reading.bodies import Body, ItemLinks, ListItemLinks, Path, construct, linked
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.formats.bundle.release_block import Instant
from app.rubric.people import MAX_NAME
from app.rubric.text import Line, Slug, Value
from app.store.access.api_key import ApiKey, KeyState
from app.store.access.rights import Right

_MOST_LADDERS = 200
SOME: Final = Field(json_schema_extra={"minItems": 1})
"""The store refuses an empty list, with the same words for the command line."""


class KeyLinks(ItemLinks):
    """Links of a key."""

    keys: Path
    """All keys."""


class KeyItem(Body):
    """An API key, without its secret."""

    id: str
    """The start of the key, by which lists and logs name it."""
    owner: str
    """The person or machine that uses it."""
    scopes: tuple[Right, ...]
    """The rights that it gives. More values may be added."""
    ladders: tuple[Slug, ...] = ()
    """The ladders that it is for. Left out if it is for all ladders, also future ones."""
    status: KeyState
    """`valid`, `expired` or `revoked`. More values may be added."""
    created_at: datetime
    """The time when it was created (UTC)."""
    created_by: str | None = None
    """The person or machine that created it. In reviews, the key counts as its owner and as its creator."""
    expires_at: datetime | None = None
    """The time when it expires (UTC). Left out if it does not."""
    revoked_at: datetime | None = None
    """The time when it was revoked (UTC)."""
    last_used_at: datetime | None = None
    """The time of the last use (UTC), recorded about once a minute."""
    links: KeyLinks


class NewKeyResource(KeyItem):
    """A key that was just created."""

    key: str | None = None
    """The key itself. It is shown once and stored nowhere, so it is left out if you repeat the request with the same
    `Idempotency-Key`."""


class KeyList(Body):
    """One page of keys, the oldest first."""

    items: tuple[KeyItem, ...]
    """The keys on this page."""
    links: ListItemLinks


class Input(Value):
    """A body of a request in which null is not the same as leaving a field out."""

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise PydanticCustomError("null", "Leave the field out instead of sending null")
        return value


class NewKey(Input):
    """The owner and the rights of a new key."""

    owner: Annotated[Line, Field(max_length=MAX_NAME)]
    """The person or machine that will use it. Authors and approvers are compared by this name."""
    scopes: Annotated[tuple[Right, ...], SOME]
    """The rights that it gives."""
    ladders: Annotated[tuple[Slug, ...], Field(max_length=_MOST_LADDERS), SOME] | None = None
    """The ladders that it is for. Leave them out for a key to all ladders. If you administer single ladders, name
    some of these."""
    expires_at: Instant | None = None
    """The time when it expires, or a date, which means its first moment in UTC. Leave it out for a key that does not
    expire."""


class KeyRotation(Input):
    """The options for replacing a key."""

    grace_until: Instant | None = None
    """The time until which the old key stays valid, or a date, which means its first moment in UTC. By default, it
    ends now."""
    expires_at: Instant | None = None
    """The time when the new key expires. By default, it lives as long as the old key was meant to."""


def key_item(root: str, key: ApiKey, now: datetime, fields: str | None = None) -> KeyItem:
    """Return a key as it is shown. Raises InvalidParameter if `fields` names an unknown field."""
    values = _facts(root, key, now)
    return construct(KeyItem, select_fields(KeyItem, values, requested_fields(KeyItem, fields)))


def new_key(root: str, key: ApiKey, now: datetime, secret: str | None) -> NewKeyResource:
    """Return a key that was just created; `secret` is the key itself, None to leave it out."""
    return construct(NewKeyResource, {**_facts(root, key, now), "key": secret})


def key_list(
    root: str, keys: Sequence[ApiKey], now: datetime, fields: str | None, links: dict[str, str]
) -> KeyList:
    """Return a page of keys. Raises InvalidParameter if `fields` names an unknown field."""
    requested_fields(KeyItem, fields)  # also if there is no item to show
    items = tuple(key_item(root, key, now, fields) for key in keys)
    return construct(KeyList, {"items": items, "links": linked(KeyList, links)})


def _facts(root: str, key: ApiKey, now: datetime) -> dict[str, Any]:
    home = f"{root}/v1/keys"
    return {
        "id": key.id,
        "owner": key.owner,
        "scopes": key.scopes,
        "ladders": key.ladders or (),
        "status": key.state(now),
        "created_at": key.created_at,
        "created_by": key.created_by,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
        "links": linked(KeyItem, {"self_": f"{home}/{key.id}", "keys": home}),
    }
