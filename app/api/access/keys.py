"""API keys: creating, listing, rotating and revoking them.

A key is answered once and stored nowhere, so the answer that is kept for a repeated request does not contain it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi import Path as Given
from starlette.responses import Response

from app.api.access.key_bodies import (
    KeyItem,
    KeyList,
    KeyRotation,
    NewKey,
    NewKeyResource,
    key_item,
    key_list,
    new_key,
)
from app.api.protocol.json_body import sent, telling
from app.api.protocol.problems import COMMON, documented
from app.api.protocol.rights import AdminDep
from app.api.protocol.routing import resource_router
from app.api.protocol.write_transaction import changing
from app.api.reading import cursor
from app.api.reading.paging import page_links, page_of
from app.api.reading.queries import FieldsQuery, PageQuery
from app.api.reading.reader import ServingDep
from app.errors import (
    BadRequest,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    InvalidParameter,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.serving.answers.answer import answer_of
from app.store.access.keys import create_key as make_key
from app.store.access.keys import find_keys, get_key, key_action, revoke_key, rotate_key
from app.store.audit import record

router = resource_router("keys")

_LIST: Final = "/keys"
_ONE: Final = _LIST + "/{key}"
_READING = (Unauthenticated, Forbidden, NotFound, *COMMON)
_WRITING = (*_READING, Conflict, BadRequest, Invalid, TooLarge, UnsupportedMediaType)
_POINTERS: Final = {"owner": "/owner", "scope": "/scopes", "ladder": "/ladders", "expires": "/expires_at"}
"""The places in the body, by the names of the options of the command line."""
KeyId = Annotated[str, Given(max_length=100, description="Id of the key: its first 14 letters.")]


@router.get(_LIST, responses=documented((InvalidParameter, Unavailable)))
def list_keys(
    request: Request, serving: ServingDep, caller: AdminDep, query: Annotated[PageQuery, Query()]
) -> KeyList:
    """List API keys.

    Lists all keys, the oldest first, including revoked and expired ones. The secrets are not stored. An admin of
    single ladders sees the keys that are for these ladders only. Needs the `admin` scope.
    """
    answer, root = answer_of(request.scope), serving.settings.root_path
    answer.draft = True
    keys = serving.database.ask(partial(find_keys, within=caller.where("admin")))
    items, following = page_of(keys, cursor.list_identity("keys", {}, None), query)
    links = page_links(answer, f"{root}/v1{_LIST}", query.model_dump(exclude_unset=True), following)
    return key_list(root, items, serving.clock(), query.fields, links)


@router.post(
    _LIST,
    status_code=201,
    response_model=NewKeyResource,
    responses=documented(_WRITING),
    openapi_extra=telling(NewKey, {"owner": "Nightly export", "scopes": ["read"], "ladders": ["acme"]}),
)
def create_key(
    request: Request,
    serving: ServingDep,
    caller: AdminDep,
    body: Annotated[NewKey, Depends(sent(NewKey))],
) -> Response:
    """Create an API key.

    The response contains the key. It is shown once and stored nowhere. Its rights cannot exceed yours: if you
    administer single ladders, the key must be for some of these. In reviews it counts as its owner and as you. Needs
    the `admin` scope.
    """
    root = serving.settings.root_path
    try:
        with changing(request) as change:
            secret, made = make_key(
                change.connection,
                body.owner,
                body.scopes,
                change.now,
                ladders=body.ladders,
                expires_at=body.expires_at,
                by=change.actor,
                within=caller.where("admin"),
            )
            record(change.connection, change.actor, key_action("key.create", made), change.now)
            found = new_key(root, made, change.now, secret)
            answer = change.answer(
                found, location=found.links.self_, kept=new_key(root, made, change.now, None)
            )
    except Invalid as error:
        raise _in_body(error) from None
    serving.freshness.refresh()
    return answer


@router.get(_ONE, responses=documented(_READING))
def read_key(
    request: Request,
    serving: ServingDep,
    caller: AdminDep,
    key: KeyId,
    query: Annotated[FieldsQuery, Query()],
) -> KeyItem:
    """Read an API key.

    Returns the owner, rights and times of a key, without its secret. Needs the `admin` scope.
    """
    answer_of(request.scope).draft = True
    found = serving.database.ask(partial(get_key, number=key, within=caller.where("admin")))
    return key_item(serving.settings.root_path, found, serving.clock(), query.fields)


@router.post(
    _ONE + "/rotation",
    status_code=201,
    response_model=NewKeyResource,
    responses=documented(_WRITING),
    openapi_extra=telling(KeyRotation, {"grace_until": "2026-12-24T12:00:00Z"}),
)
def create_rotation(
    request: Request,
    serving: ServingDep,
    caller: AdminDep,
    key: KeyId,
    body: Annotated[KeyRotation, Depends(sent(KeyRotation))],
) -> Response:
    """Replace an API key.

    Creates a key with the same owner and rights, and ends the old one, now or at a time that you choose. The response
    contains the new key once. In reviews it also counts as you. Needs the `admin` scope.
    """
    root = serving.settings.root_path
    try:
        with changing(request) as change:
            secret, made = rotate_key(
                change.connection,
                key,
                change.now,
                grace=_grace(body, change.now),
                expires_at=body.expires_at,
                by=change.actor,
                within=caller.where("admin"),
            )
            record(change.connection, change.actor, key_action("key.rotate", made, replaced=key), change.now)
            found = new_key(root, made, change.now, secret)
            answer = change.answer(
                found, location=found.links.self_, kept=new_key(root, made, change.now, None)
            )
    except Invalid as error:
        raise _in_body(error) from None
    serving.freshness.refresh()
    return answer


@router.post(_ONE + "/revocation", response_model=KeyItem, responses=documented((*_READING, Conflict)))
def create_revocation(request: Request, serving: ServingDep, caller: AdminDep, key: KeyId) -> Response:
    """Revoke an API key.

    Ends the key for good; every process rejects it within a second. The last admin of all ladders cannot be revoked.
    Needs the `admin` scope.
    """
    with changing(request) as change:
        ended = revoke_key(change.connection, key, change.now, within=caller.where("admin"), keep_admin=True)
        record(change.connection, change.actor, key_action("key.revoke", ended), change.now)
        answer = change.answer(key_item(serving.settings.root_path, ended, change.now), status=200)
    serving.freshness.refresh()
    return answer


def _grace(body: KeyRotation, now: datetime) -> timedelta:
    """Return the time for which the old key stays valid. Raises Invalid if its end has passed."""
    if body.grace_until is None:
        return timedelta(0)
    if body.grace_until <= now:
        raise Invalid(
            "The body has an error.", faults=[Fault("Choose a time in the future.", "/grace_until")]
        )
    return body.grace_until - now


def _in_body(error: Invalid) -> Invalid:
    """Return an error of the store with places in the body instead of options of the command line."""
    faults = [
        replace(fault, pointer=_POINTERS[fault.parameter], parameter=None)
        if fault.parameter in _POINTERS
        else fault
        for fault in error.faults
    ]
    return Invalid("The body has an error.", faults=faults) if faults else error
